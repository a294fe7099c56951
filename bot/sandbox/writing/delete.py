"""`delete`: an object goes with all that it owns, as the one that was shown."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.sandbox.changes import Change
from bot.sandbox.commands import Delete, Target
from bot.sandbox.telling import Fields
from bot.sandbox.writing.writer import Writer, Written, change_of, each_chosen, is_missing

NOTHING = "No resources found\n"
REPLACES_PODS = ("ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController")
COUNTS = ("replicas", "currentNumberScheduled", "active")
"""Where the status of one kind or another says how many pods there are."""


async def delete(writer: Writer, command: Delete) -> Written:
    done = await each_chosen(writer, command, partial(delete_one, writer, command))
    if command.ignores_missing:
        done = replace(done, failures=tuple(f for f in done.failures if not is_missing(f.error)))
    nothing = command.lists and not done.changes and not done.failures
    return replace(done, said=NOTHING if nothing else "")


async def delete_one(writer: Writer, command: Delete, target: Target) -> Change:
    source = await writer.find(target)
    await writer.delete(target.resource, target.name, {"uid": source["metadata"]["uid"]}, command.grace)
    return change_of(writer, command, target, source, what_matters(source), None)


def what_matters(source: Mapping[str, Any]) -> Fields:
    """How many pods go too, or who makes another."""
    status = source.get("status") or {}
    if pods := next((status[count] for count in COUNTS if isinstance(status.get(count), int)), 0):
        return {"status": {"replicas": pods}}
    owners = source["metadata"].get("ownerReferences") or ()
    owner = [
        {"kind": o["kind"], "name": o["name"]} for o in owners if o.get("controller") and o["kind"] in REPLACES_PODS
    ]
    return {"metadata": {"ownerReferences": owner}} if owner else {}
