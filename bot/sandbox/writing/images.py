"""`set image`: the images that change are written, container by container, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.language import Text
from bot.sandbox.api import Refused
from bot.sandbox.changes import Change
from bot.sandbox.commands import SetImage, Target
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import CONTAINERS
from bot.sandbox.session import PREFIX, Failure
from bot.sandbox.telling import Fields
from bot.sandbox.writing.writer import Writer, Written, change_of, each

ALL = "*"

NO_CONTAINER = Text(
    "`{thing}` n'a pas de conteneur `{name}`. Il a : {names}. Exemple : `/k8s set image {thing} {first}=nginx:1.27`.",
    "`{thing}` has no container `{name}`. It has: {names}. Example: `/k8s set image {thing} {first}=nginx:1.27`.",
)
ALREADY = Text(
    "Ces images y sont déjà : il n'y a rien à changer.", "These images are there already: nothing is to be changed."
)


async def set_image(writer: Writer, command: SetImage) -> Written:
    """As kubectl: one object that is missing stops all, a container that is missing stops nothing."""
    sources, missing = dict[Target, Mapping[str, Any]](), list[Failure]()
    for target in command.targets:
        try:
            sources[target] = await writer.find(target)
        except Refused as error:
            missing.append(Failure(error, target.resource, writer.namespace))
    if missing:
        return Written(failures=tuple(missing))
    unknown = [
        Failure(no_container(target, name, source), target.resource, writer.namespace)
        for target, source in sources.items()
        for name in command.images
        if name not in (ALL, *names_of(source))
    ]
    outdated = [target for target, source in sources.items() if images_of(source) != images_of(source, command.images)]
    done = await each(writer, outdated, partial(set_one, writer, command, sources))
    prefix = "" if len(unknown) + len(done.failures) > 1 else PREFIX
    done = done.worded(f"{prefix}failed to patch image update to pod template: {{message}}")
    remark = None if outdated or unknown else ALREADY
    return replace(done, failures=(*unknown, *done.failures), remark=remark)


async def set_one(
    writer: Writer, command: SetImage, sources: Mapping[Target, Mapping[str, Any]], target: Target
) -> Change:
    source = sources[target]
    before, after = images_of(source), images_of(source, command.images)
    changed = {place for place, image in after.items() if image != before[place]}
    fields = [in_template({place: images[place] for place in images if place in changed}) for images in (before, after)]
    await writer.patch(target.resource, target.name, command.verb.name, fields[1])
    return change_of(writer, command, target, source, *fields)


def images_of(source: Mapping[str, Any], new: Mapping[str, str] | None = None) -> Mapping[tuple[str, str], str]:
    """By list and name of each container: its image, or the ``new`` one."""
    new = new or {}
    return {
        (where, container["name"]): new.get(ALL, new.get(container["name"], container.get("image", "")))
        for where, container in containers_of(source)
    }


def in_template(images: Mapping[tuple[str, str], str]) -> Fields:
    spec: dict[str, list[dict[str, str]]] = {}
    for (where, name), image in images.items():
        spec.setdefault(where, []).append({"name": name, "image": image})
    return {"spec": {"template": {"spec": spec}}}


def containers_of(source: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    spec = (source["spec"].get("template") or {}).get("spec") or {}
    for where in CONTAINERS:
        yield from ((where, container) for container in spec.get(where) or ())


def names_of(source: Mapping[str, Any]) -> list[str]:
    return [container["name"] for _, container in containers_of(source)]


def no_container(target: Target, name: str, source: Mapping[str, Any]) -> UsageError:
    names = names_of(source)
    text = NO_CONTAINER.format(
        thing=f"{target.resource.kind.resource}/{target.name}",
        name=name,
        names=", ".join(f"`{known}`" for known in names),
        first=(*names, "web")[0],
    )
    return UsageError(text, f'error: unable to find container named "{name}"')
