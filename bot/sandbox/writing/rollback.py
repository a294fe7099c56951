"""`rollout undo`: the pod template of an earlier revision, put in the place of the one there is.

A change names the two objects that keep the templates, and the fields that differ, masked: whole templates may hold
credentials, and the journal keeps changes.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.errors import NotAllowed
from bot.language import Text
from bot.sandbox.api import JSON_PATCH
from bot.sandbox.changes import Change
from bot.sandbox.commands import RolloutUndo, Target
from bot.sandbox.differences import differences
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing, pick, selector
from bot.sandbox.rollouts.revisions import NUMBER, Revision, keeper, plain, revisions
from bot.sandbox.telling import Fields
from bot.sandbox.writing.rollout import about
from bot.sandbox.writing.writer import Writer, Written, again_on_conflict, change_of, each_chosen, is_missing

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ITS_OWN = frozenset(
    (
        APPLIED,
        NUMBER,
        "deployment.kubernetes.io/revision-history",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "deprecated.deployment.rollback.to",
    )
)
"""Annotations that a deployment keeps; the others come back from the replica set."""
WAS_APPLIED = (
    f"resource {{thing}} was previously managed with 'kubectl apply'. Rolling back will not update the {APPLIED} "
    "annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using "
    "'kubectl apply' with your previous configuration file instead."
)
PAUSED_LINE = (
    "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again"
)

IS_PAUSED = Text(
    "`{name}` est en pause : il ne revient pas en arrière. Reprenez d'abord : `/k8s rollout resume {thing}`.",
    "`{name}` is paused: it does not go back. Resume it first: `/k8s rollout resume {thing}`.",
)
NO_REVISION = Text(
    "`{name}` n'a pas de révision {number}. Il a : {numbers}. Pour les voir : `/k8s rollout history {thing}`.",
    "`{name}` has no revision {number}. It has: {numbers}. To see them: `/k8s rollout history {thing}`.",
)
NONE_BEFORE = Text(
    "`{name}` n'a pas de révision d'avant : il n'a jamais été mis à jour, ou rien n'en est gardé. "
    "Pour voir : `/k8s rollout history {thing}`.",
    "`{name}` has no revision before this one: it was never updated, or nothing is kept of it. "
    "To see: `/k8s rollout history {thing}`.",
)
FORGOTTEN = Text(
    "Le cluster ne garde plus la version d'avant de `{thing}` : rien n'a été annulé. "
    "Ce qu'il en garde : `/k8s rollout history {thing}`.",
    "The cluster does not keep the version before of `{thing}` any more: nothing was undone. "
    "What it keeps: `/k8s rollout history {thing}`.",
)


async def roll_back(writer: Writer, command: RolloutUndo) -> Written:
    done = await each_chosen(
        writer, command, lambda target: again_on_conflict(partial(go_back, writer, command, target))
    )
    worded = done.worded(f"error: failed restoring revision {command.revision}: {{message}}")
    told = zip(done.failures, worded.failures, strict=True)
    failures = tuple(failure if is_missing(failure.error) else other for failure, other in told)
    return replace(done, failures=failures).together()


async def go_back(writer: Writer, command: RolloutUndo, target: Target) -> Change:
    source = await writer.find(target)
    if APPLIED in pick(source, "metadata.annotations", {}):
        writer.warnings[WAS_APPLIED.format(thing=f"{target.resource.kind.resource}/{target.name}")] = None
    kept = await find_revisions(writer, source)
    chosen = choose(source, kept, command.revision, target)
    if pick(source, "spec.paused"):
        raise UsageError(about(IS_PAUSED, target), PAUSED_LINE)
    current = in_force(source, kept)
    if current is chosen:
        same = fields_of(command.revision, chosen, {})
        return change_of(writer, command, target, source, same, same)
    await put(writer, target.resource, source, chosen)
    was, will_be = differences(plain(source["spec"]["template"]), plain(chosen.template))
    before, after = (
        fields_of(current.number if current else None, current, was),
        fields_of(chosen.number, chosen, will_be),
    )
    return change_of(writer, command, target, source, before, after)


def choose(source: Thing, kept: Mapping[int, Revision], number: int, target: Target) -> Revision:
    """The revision of that number, or (0) the last but one. Raises UsageError."""
    if number in kept and number > 0:
        return kept[number]
    if number:
        numbers = ", ".join(map(str, kept)) or "0"
        text = about(NO_REVISION, target, number=number, numbers=numbers)
        raise UsageError(text, f"error: unable to find specified revision {number} in history")
    if len(kept) > 1:
        return kept[sorted(kept)[-2]]
    none = f'no rollout history found for deployment "{target.name}"'
    said = none if source["kind"] == "Deployment" else "no last revision to roll back to"
    raise UsageError(about(NONE_BEFORE, target), f"error: {said}")


async def find_revisions(writer: Writer, source: Thing) -> dict[int, Revision]:
    path = f"/apis/apps/v1/namespaces/{writer.namespace}/{keeper(source).resource}"
    query = [("labelSelector", selector(source["spec"]["selector"]))]
    return revisions(source, (await writer.send("GET", path, query=query)).object["items"])


def in_force(source: Thing, kept: Mapping[int, Revision]) -> Revision | None:
    """The revision whose template is the workload's own; None before its controller has made it."""
    own = plain(source["spec"]["template"])
    return next((revision for revision in kept.values() if plain(revision.template) == own), None)


async def put(writer: Writer, resource: Resource, source: Thing, revision: Revision) -> None:
    """In the place of the template of ``source``, in the version that was read."""
    body = [replacing("/metadata/resourceVersion", source["metadata"]["resourceVersion"])]
    body.append(replacing("/spec/template", plain(revision.template)))
    if source["kind"] == "Deployment":
        own = {key: value for key, value in pick(source, "metadata.annotations", {}).items() if key in ITS_OWN}
        others = {key: value for key, value in revision.annotations.items() if key not in ITS_OWN}
        body.append(replacing("/metadata/annotations", {**own, **others}))
    path = resource.path(writer.namespace, source["metadata"]["name"])
    await writer.write("PATCH", path, body, content_type=JSON_PATCH)


def replacing(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def fields_of(number: int | None, revision: Revision | None, template: Mapping[str, str | None]) -> Fields:
    return {"revision": number, "kept": revision.name if revision else "", "template": template}


async def return_to(writer: Writer, resource: Resource, found: Thing, change: Change) -> bool:
    """Undoes ``change`` on what was ``found``. False, and nothing is done, where another template is there now."""
    kept = {revision.name: revision for revision in (await find_revisions(writer, found)).values()}
    before, after = (kept.get((fields or {}).get("kept", "")) for fields in (change.before, change.after))
    if after is None or plain(after.template) != plain(found["spec"]["template"]):
        return False
    if before is None:
        raise NotAllowed(FORGOTTEN.format(thing=change.thing))
    await put(writer, resource, found, before)
    return True
