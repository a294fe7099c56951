"""`label`: only the labels that are named are written."""

from collections.abc import Mapping
from functools import partial

from bot.language import Text
from bot.sandbox.changes import Change
from bot.sandbox.commands import Label, Target
from bot.sandbox.errors import UsageError
from bot.sandbox.writing.writer import Writer, Written, change_of, each_chosen

THERE_ALREADY = Text(
    "{labels} : ce label existe déjà sur `{thing}`. Pour le changer, ajoutez `--overwrite`.",
    "{labels}: this label is there already on `{thing}`. To change it, add `--overwrite`.",
)


async def label(writer: Writer, command: Label) -> Written:
    return await each_chosen(writer, command, partial(label_one, writer, command))


async def label_one(writer: Writer, command: Label, target: Target) -> Change:
    source = await writer.find(target)
    labels = source["metadata"].get("labels") or {}
    before = {key: labels.get(key) for key in command.labels}
    if not command.overwrites:
        refuse_to_overwrite(target, before, command.labels)
    after = {"metadata": {"labels": dict(command.labels)}}
    if before != command.labels:
        await writer.patch(target.resource, target.name, command.verb.name, after)
    return change_of(writer, command, target, source, {"metadata": {"labels": before}}, after)


def refuse_to_overwrite(target: Target, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> None:
    """Raises UsageError."""
    clashes = [key for key, value in after.items() if value is not None and before[key] not in (None, value)]
    if not clashes:
        return
    lines = [f"'{key}' already has a value ({before[key]}), and --overwrite is false" for key in clashes]
    shown = ", ".join(f"`{key}={before[key]}`" for key in clashes)
    text = THERE_ALREADY.format(labels=shown, thing=f"{target.resource.kind.resource}/{target.name}")
    raise UsageError(text, "\n".join(lines) if len(lines) > 1 else f"error: {lines[0]}")
