"""Writes for one person in one namespace, and what a command has to say at its end.

Each is tried with a server-side dry run first, which tells policy, quota and "already exists" before anything is
changed or charged: a create that fails with AlreadyExists would still be charged to the quota.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.errors import Unavailable
from bot.language import Text
from bot.sandbox.api import MERGE_PATCH, STRATEGIC_MERGE_PATCH, Answer, Api, Method, Refused
from bot.sandbox.changes import Change
from bot.sandbox.commands import Target, Write, WriteMany
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing
from bot.sandbox.person import Person
from bot.sandbox.session import Failure, bare, next_of, of_list
from bot.sandbox.telling import Fields

DRY_RUN = ("dryRun", "All")
CONFLICT_PAUSES = (0.1, 0.3, 1.0)  # seconds

MOST_AT_ONCE = 100

ANOTHER = Text(
    "`{thing}` a été supprimé puis recréé : ce n'est plus l'objet qui a été montré, et il n'est pas touché.",
    "`{thing}` was deleted and created again: it is not the object that was shown any more, and is left alone.",
)
TOO_MANY = Text(
    "Plus de {most} `{kind}` d'un coup, c'est trop pour tout vérifier avant de confirmer : choisissez avec `-l`.",
    "More than {most} `{kind}` at once are too many to look through before you confirm: choose with `-l`.",
)

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Written:
    """``said``: what kubectl prints where nothing was to be changed, ``notes`` what it adds on stderr.

    ``remark`` explains it.
    """

    changes: tuple[Change, ...] = ()
    failures: tuple[Failure, ...] = ()
    said: str = ""
    notes: tuple[str, ...] = ()
    remark: Text | None = None

    def worded(self, line: str) -> "Written":
        """With kubectl's own ``line`` for what the API server refused; it has a place for the `{message}`."""

        def word(failure: Failure) -> Failure:
            refused = isinstance(failure.error, Refused)
            return replace(failure, stderr=line.format(message=failure.error)) if refused else failure

        return replace(self, failures=tuple(map(word, self.failures)))

    def together(self) -> "Written":
        return replace(self, failures=bare(self.failures))


class Writer:
    """Writes, or only tries (``dry``). Raises Refused, UsageError, Unavailable; ``warnings`` are the API server's."""

    def __init__(self, api: Api, person: Person, namespace: str, *, dry: bool = False) -> None:
        self._api = api
        self._person = person
        self.namespace = namespace
        self.dry = dry
        self.warnings: dict[str, None] = {}

    async def find(self, target: Target) -> Mapping[str, Any]:
        found = (await self.send("GET", target.resource.path(self.namespace, target.name))).object
        if target.uid and target.uid != found["metadata"]["uid"]:
            thing = f"{target.resource.label}/{target.name}"
            raise UsageError(ANOTHER.format(thing=thing), f"error: {thing} was replaced meanwhile")
        return found

    async def patch(self, resource: Resource, name: str, verb: str, fields: Fields) -> Answer:
        """The fields that ``verb`` writes; None takes one away."""
        if verb == "scale":
            path = resource.path(self.namespace, name, "scale")
            return await self.write("PATCH", path, fields, content_type=MERGE_PATCH)
        path = resource.path(self.namespace, name)
        return await self.write("PATCH", path, fields, content_type=STRATEGIC_MERGE_PATCH)

    async def write(self, method: Method, path: str, body: object, **how: Any) -> Answer:
        tried = await self.send(method, path, query=[DRY_RUN], body=body, **how)
        return tried if self.dry else await self.send(method, path, body=body, **how)

    async def delete(
        self, resource: Resource, name: str, preconditions: Mapping[str, str], grace: int | None = None
    ) -> None:
        """With what it owns; pods have ``grace`` seconds, None for their own time.

        A body silences the query: the dry run must be in both, or it would be none.
        """
        path = resource.path(self.namespace, name)
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": "Background",
            "preconditions": preconditions,
            **({} if grace is None else {"gracePeriodSeconds": grace}),
        }
        await self.send("DELETE", path, query=[DRY_RUN], body={**options, "dryRun": ["All"]})
        if not self.dry:
            await self.send("DELETE", path, body=options)

    async def send(self, method: Method, path: str, **how: Any) -> Answer:
        try:
            answer = await self._api.send(self._person, self.namespace, method, path, **how)
        except Refused as error:
            self.warnings.update(dict.fromkeys(error.warnings))
            raise
        self.warnings.update(dict.fromkeys(answer.warnings))
        return answer


def change_of(
    writer: Writer, command: Write, target: Target, source: Thing, before: Fields | None, after: Fields | None
) -> Change:
    """``source``: the object; a dry run's makes up a uid that none will have, and must be left out."""
    kind, uid = target.resource.label, source["metadata"].get("uid", "")
    return Change(command.verb.name, kind, target.name, writer.namespace, uid, before, after)


async def again_on_conflict(act: Callable[[], Awaitable[Done]]) -> Done:
    """As kubectl does: each change of the status is one."""
    for pause in CONFLICT_PAUSES:
        try:
            return await act()
        except Refused as error:
            if error.reason != "Conflict":
                raise
        await asyncio.sleep(pause)
    return await act()


async def each(
    writer: Writer,
    targets: Iterable[Target],
    change: Callable[[Target], Awaitable[Change]],
    *,
    stops: Callable[[UsageError | Refused], bool] = lambda _: False,
) -> Written:
    """As kubectl: what fails stops nothing, unless it is of those that ``stops`` knows: then it is all that is told."""
    changes, failures = list[Change](), list[Failure]()
    for target in targets:
        try:
            changes.append(await change(target))
        except (UsageError, Refused) as error:
            failures.append(Failure(error, target.resource, writer.namespace))
            if stops(error):
                failures = failures[-1:]
                break
        except Unavailable as error:
            if not changes:
                raise
            # What was done before must be told.
            failures.append(Failure(UsageError(error.text, f"error: {error}"), target.resource, writer.namespace))
            break
    return Written(tuple(changes), tuple(failures)).together()


async def each_chosen(writer: Writer, command: WriteMany, change: Callable[[Target], Awaitable[Change]]) -> Written:
    """Of the targets, or of what the lists hold."""
    targets, failures = await chosen(writer, command)
    done = await each(writer, targets, change)
    return replace(done, failures=(*failures, *done.failures)).together()


async def chosen(writer: Writer, command: WriteMany) -> tuple[list[Target], list[Failure]]:
    targets, failures = [*command.targets], list[Failure]()
    for resource in command.lists:
        try:
            targets += await choose(writer, resource, command.selector)
        except (UsageError, Refused) as error:
            failures.append(Failure(error, resource, writer.namespace))
    return targets, failures


async def choose(writer: Writer, resource: Resource, selector: str) -> list[Target]:
    """All objects of a type that have the labels. Raises UsageError for more than anybody would look through."""
    query = [("limit", str(MOST_AT_ONCE)), *([("labelSelector", selector)] if selector else [])]
    try:
        found = (await writer.send("GET", resource.path(writer.namespace), query=query)).object
    except Refused as error:
        raise of_list(error, resource, selector, "") from error
    if next_of(found):
        text = TOO_MANY.format(most=MOST_AT_ONCE, kind=resource.kind.resource)
        raise UsageError(text, f"error: more than {MOST_AT_ONCE} {resource.kind.resource} at once")
    return [Target(resource, item["metadata"]["name"]) for item in found.get("items") or ()]


def is_missing(error: UsageError | Refused) -> bool:
    return isinstance(error, Refused) and error.reason == "NotFound"
