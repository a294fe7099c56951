"""`rollout restart`, `pause` and `resume`: kubectl's patches of one annotation and of `paused`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from bot.language import Text
from bot.sandbox.api import Refused
from bot.sandbox.changes import Change
from bot.sandbox.commands import RolloutPause, RolloutRestart, Target, WriteMany
from bot.sandbox.errors import PatchError, UsageError
from bot.sandbox.objects import Thing, pick
from bot.sandbox.rollouts.showing import NOTHING_FOUND
from bot.sandbox.session import Failure
from bot.sandbox.telling import RESTARTED, Fields
from bot.sandbox.writing.writer import Writer, Written, change_of, chosen, each

Wanted = TypeVar("Wanted", bound=WriteMany)

TOO_SOON_LINE = (
    "error: failed to create patch for {name}: if restart has already been triggered within the past second, "
    "please wait before attempting to trigger another"
)

IS_PAUSED = Text(
    "`{name}` est en pause : un redémarrage n'aurait pas d'effet. Reprenez d'abord : `/k8s rollout resume {thing}`.",
    "`{name}` is paused: a restart would have no effect. Resume it first: `/k8s rollout resume {thing}`.",
)
TOO_SOON = Text(
    "`{name}` vient d'être redémarré, il y a moins d'une seconde. Regardez où il en est : "
    "`/k8s rollout status {thing}`.",
    "`{name}` was restarted less than a second ago. See how far it is: `/k8s rollout status {thing}`.",
)
ALREADY_PAUSED = Text(
    "`{name}` est déjà en pause. Pour reprendre : `/k8s rollout resume {thing}`.",
    "`{name}` is paused already. To resume it: `/k8s rollout resume {thing}`.",
)
NOT_PAUSED = Text(
    "`{name}` n'est pas en pause : il n'y a rien à reprendre. Son état : `/k8s rollout status {thing}`.",
    "`{name}` is not paused: there is nothing to resume. Its state: `/k8s rollout status {thing}`.",
)


async def restart(writer: Writer, command: RolloutRestart) -> Written:
    return noted(writer, await each_found(writer, command, restart_one))


async def restart_one(writer: Writer, command: WriteMany, target: Target, source: Thing) -> Change:
    if pick(source, "spec.paused"):
        stderr = (
            f'error: {target.resource.kind} "{target.name}" can\'t restart paused deployment (run rollout resume first)'
        )
        raise PatchError(about(IS_PAUSED, target), stderr)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    before = pick(source, "spec.template.metadata.annotations", {}).get(RESTARTED)
    if before == now:
        raise UsageError(about(TOO_SOON, target), TOO_SOON_LINE.format(name=target.name))
    await writer.patch(target.resource, target.name, command.verb.name, restarted_at(now))
    # A dry run's time is not the write's: what was shown must still be the same once it is agreed to.
    return change_of(writer, command, target, source, restarted_at(before), restarted_at("" if writer.dry else now))


async def pause(writer: Writer, command: RolloutPause) -> Written:
    return noted(writer, await each_found(writer, command, partial(pause_one, paused=command.paused)))


def noted(writer: Writer, done: Written) -> Written:
    """kubectl says so where there is nothing to change; its `undo` does not."""
    empty = not done.changes and not done.failures
    return replace(done, notes=(NOTHING_FOUND.format(writer.namespace),)) if empty else done


async def pause_one(writer: Writer, command: WriteMany, target: Target, source: Thing, *, paused: bool) -> Change:
    before = True if pick(source, "spec.paused") else None
    after = True if paused else None
    if before == after:
        said, text = ("is already paused", ALREADY_PAUSED) if paused else ("is not paused", NOT_PAUSED)
        raise PatchError(about(text, target), f'error: {target.resource.kind} "{target.name}" {said}')
    fields = [{"spec": {"paused": value}} for value in (before, after)]
    await writer.patch(target.resource, target.name, command.verb.name, fields[1])
    return change_of(writer, command, target, source, *fields)


async def each_found(
    writer: Writer,
    command: Wanted,
    change: Callable[[Writer, Wanted, Target, Thing], Awaitable[Change]],
) -> Written:
    """As kubectl: all are read before one is written, and what is missing stops nothing."""
    targets, failures = await chosen(writer, command)
    sources = dict[Target, Thing]()
    for target in targets:
        try:
            sources[target] = await writer.find(target)
        except Refused as error:
            failures.append(Failure(error, target.resource, writer.namespace))
    done = await each(writer, sources, lambda target: change(writer, command, target, sources[target]))
    done = done.worded("error: failed to patch: {message}")
    return replace(done, failures=(*failures, *done.failures)).together()


def restarted_at(time: str | None) -> Fields:
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED: time}}}}}


def about(text: Text, target: Target, **fields: object) -> Text:
    return text.format(name=target.name, thing=f"{target.resource.singular}/{target.name}", **fields)
