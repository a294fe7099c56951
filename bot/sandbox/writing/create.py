"""`create deployment`: the manifest that kubectl makes of the flags, and nothing else in it."""

import re
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.sandbox.changes import Change
from bot.sandbox.commands import CreateDeployment, Target
from bot.sandbox.writing.writer import Writer, Written, change_of, each

SUFFIX_LETTERS, SUFFIX_LENGTH = "bcdfghjklmnpqrstvwxz2456789", 5
TAG = re.compile(r"[:@].*")


async def create_deployment(writer: Writer, command: CreateDeployment) -> Written:
    done = await each(writer, command.targets, partial(create_one, writer, command))
    return done.worded("error: failed to create deployment: {message}")


async def create_one(writer: Writer, command: CreateDeployment, target: Target) -> Change:
    manifest = make_deployment(command, target)
    answer = await writer.write("POST", target.resource.path(writer.namespace), manifest)
    containers = [{key: container[key] for key in ("name", "image")} for container in containers_of(manifest)]
    after = {"spec": {"replicas": command.replicas, "template": {"spec": {"containers": containers}}}}
    return change_of(writer, command, target, manifest if writer.dry else answer.object, None, after)


def make_deployment(command: CreateDeployment, target: Target) -> Mapping[str, Any]:
    labels = {"app": target.name}
    containers = [make_container(image, command.arguments) for image in command.images]
    if containers and command.port is not None:
        containers[0]["ports"] = [{"containerPort": command.port}]
    return {
        "apiVersion": target.resource.api_version,
        "kind": target.resource.object_kind,
        "metadata": {"name": target.name, "labels": labels},
        "spec": {
            "replicas": command.replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }


def make_container(image: str, command: tuple[str, ...]) -> dict[str, Any]:
    container: dict[str, Any] = {"name": container_name(image), "image": image}
    return {**container, "command": [*command]} if command else container


def container_name(image: str) -> str:
    """The last part of the image's path; kubectl makes a name that had `_` or `.` unique."""
    name = TAG.sub("", image.rpartition("/")[2])
    if not {"_", "."} & {*name}:
        return name
    suffix = "".join(secrets.choice(SUFFIX_LETTERS) for _ in range(SUFFIX_LENGTH))
    return f"{name.replace('_', '-').replace('.', '-')}-{suffix}"


def containers_of(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = manifest["spec"]["template"]["spec"]["containers"]
    return found
