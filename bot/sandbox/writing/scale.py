"""`scale`: a patch of the number, or kubectl's reading and writing where there must be a certain number now."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.language import Text
from bot.sandbox.changes import Change
from bot.sandbox.commands import Scale, Target
from bot.sandbox.errors import UsageError
from bot.sandbox.telling import Fields
from bot.sandbox.writing.writer import Writer, Written, again_on_conflict, change_of, each, is_missing

NOT_THAT_MANY = Text(
    "Il y a {actual} réplicas et non {expected} : rien n'a été changé. Regardez avec `/k8s get {kind} {name}`.",
    "There are {actual} replicas, not {expected}: nothing was changed. Look with `/k8s get {kind} {name}`.",
)


async def scale(writer: Writer, command: Scale) -> Written:
    return await each(
        writer, command.targets, partial(scale_one, writer, command), stops=lambda error: not is_missing(error)
    )


async def scale_one(writer: Writer, command: Scale, target: Target) -> Change:
    source = await writer.find(target)
    before = source["spec"].get("replicas", 1)
    if command.current is None:
        await writer.patch(target.resource, target.name, command.verb.name, with_replicas(command.replicas))
    else:
        before = command.current
        await again_on_conflict(partial(scale_if, writer, command, target))
    fields = map(with_replicas, (before, command.replicas))
    return change_of(writer, command, target, source, *fields)


async def scale_if(writer: Writer, command: Scale, target: Target) -> None:
    path = target.resource.path(writer.namespace, target.name, "scale")
    found = (await writer.send("GET", path)).object
    await writer.write("PUT", path, scaled(found, command, target))


def scaled(scale: Mapping[str, Any], command: Scale, target: Target) -> Mapping[str, Any]:
    """The Scale object with the new number; raises UsageError unless the old one is as expected."""
    actual = scale["spec"].get("replicas", 0)
    if actual != command.current:
        text = NOT_THAT_MANY.format(
            actual=actual, expected=command.current, kind=target.resource.kind.resource, name=target.name
        )
        raise UsageError(text, f"error: Expected replicas to be {command.current}, was {actual}")
    return {**scale, "spec": {**scale["spec"], "replicas": command.replicas}}


def with_replicas(count: int) -> Fields:
    return {"spec": {"replicas": count}}
