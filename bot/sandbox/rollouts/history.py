"""`rollout history`: the revisions of a workload, or the pod template of one."""

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from bot.language import Text
from bot.sandbox.commands import RolloutHistory
from bot.sandbox.describing.page import Page
from bot.sandbox.describing.pods import write_template
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing, selector
from bot.sandbox.printing import label, print_objects, print_typed, without_managed_fields
from bot.sandbox.rollouts.revisions import CAUSE, Revision, keeper, revisions
from bot.sandbox.rollouts.showing import show_each
from bot.sandbox.session import Said, Session
from bot.sandbox.tabwriter import escape, tabulate

NEXT_DOCUMENT = "---\n"
MAPS = ("labels", "annotations", "nodeSelector", "limits", "requests")
"""Of an author's own keys, which Go writes by the alphabet."""
NO_REVISION = Text(
    "`{thing}` n'a pas de révision {number}. Il a : {numbers}. Exemple : `/k8s rollout history {thing}`.",
    "`{thing}` has no revision {number}. It has: {numbers}. Example: `/k8s rollout history {thing}`.",
)


async def history(session: Session, command: RolloutHistory) -> Said:
    """Raises NotAllowed before any call, Unavailable."""

    async def show(workload: Thing) -> str:
        keeping = session.resource(keeper(workload))
        kept = await session.list(keeping, session.namespace, labels=selector(workload["spec"]["selector"]))
        found = revisions(workload, kept)
        if command.output:
            return print_history(workload, found, command)
        return show_history(workload, found, command.revision)

    said = await show_each(session, command, show)
    return replace(said, stdout=said.stdout.removeprefix(NEXT_DOCUMENT))


def print_history(workload: Thing, found: dict[int, Revision], command: RolloutHistory) -> str:
    """The objects themselves; in YAML each is a document."""
    if command.revision and command.revision not in found:
        raise no_revision(workload, found, command.revision)
    chosen = [found[command.revision]] if command.revision else found.values()
    if command.output == "json":
        return "".join(print_typed(typed(one.thing, workload)) for one in chosen)
    before = NEXT_DOCUMENT if command.output == "yaml" else ""
    return "".join(before + print_objects([one.thing], command.output, single=True) for one in chosen)


def typed(thing: Thing, workload: Thing) -> Thing:
    """In the order of Go's types, which a controller revision does not keep, but ``workload`` has."""
    found = {"kind": thing["kind"], "apiVersion": thing["apiVersion"], **without_managed_fields(thing)}
    if thing["kind"] == "ReplicaSet":
        return found
    spec = thing["spec"]
    return {**found, "spec": {**spec, "template": ordered(spec["template"], workload["spec"]["template"])}}


def ordered(value: Any, like: Any) -> Any:
    """With the keys of ``like`` first and in its order."""
    match value, like:
        case dict(), dict():
            keys = dict.fromkeys((*(key for key in like if key in value), *value))
            return {key: value[key] if key in MAPS else ordered(value[key], like.get(key)) for key in keys}
        case list(), [*_, last]:
            return [ordered(item, its) for item, its in zip_longest(value, like[: len(value)], fillvalue=last)]
        case _:
            return value


def show_history(workload: Thing, found: dict[int, Revision], number: int) -> str:
    thing = f"{label(workload)}/{workload['metadata']['name']}"
    if not found:
        return f"{thing} \nNo rollout history found.\n"
    if not number:
        return f"{thing} \n{table(found)}\n"
    if number not in found:
        raise no_revision(workload, found, number)
    in_full = with_cause(found[number]) if workload["kind"] == "Deployment" else found[number].template
    return f"{thing} with revision #{number}\n{page(in_full)}\n"


def no_revision(workload: Thing, found: dict[int, Revision], number: int) -> UsageError:
    thing, numbers = f"{label(workload)}/{workload['metadata']['name']}", ", ".join(map(str, found))
    text = NO_REVISION.format(thing=thing, number=number, numbers=numbers)
    return UsageError(text, "error: unable to find the specified revision")


def table(found: dict[int, Revision]) -> str:
    rows = (f"{number}\t{escape(revision.cause) or '<none>'}\n" for number, revision in found.items())
    return tabulate("".join(("REVISION\tCHANGE-CAUSE\n", *rows)), least=0, gap=2)


def page(template: Thing) -> str:
    """With its tabs: kubectl does not line them up here."""
    written = Page()
    write_template(written, template)
    return written.raw


def with_cause(revision: Revision) -> Thing:
    """kubectl shows a replica set's cause among the annotations of its template."""
    if not revision.cause:
        return revision.template
    metadata = revision.template.get("metadata") or {}
    annotations = {**(metadata.get("annotations") or {}), CAUSE: revision.cause}
    return {**revision.template, "metadata": {**metadata, "annotations": annotations}}
