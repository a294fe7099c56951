"""Writes for one person in one namespace, and what a command has to say at its end.

Each is tried with a server-side dry run first, which tells policy, quota and "already exists" before anything is
changed or charged: a create that fails with AlreadyExists would still be charged to the quota.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import Unavailable
from bot.language import Text
from bot.sandbox.api import MERGE_PATCH, STRATEGIC_MERGE_PATCH, Answer, Api, Method, Refused
from bot.sandbox.changes import Change
from bot.sandbox.commands import Target
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.person import Person
from bot.sandbox.session import Failure
from bot.sandbox.telling import Fields

DRY_RUN = ("dryRun", "All")
CONFLICT_PAUSES = (0.1, 0.3, 1.0)  # seconds

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Written:
    """``said``: what kubectl prints where nothing was to be changed; ``remark`` explains it."""

    changes: tuple[Change, ...] = ()
    failures: tuple[Failure, ...] = ()
    said: str = ""
    remark: Text | None = None


class Writer:
    """Writes, or only tries (``dry``). Raises Refused, UsageError, Unavailable; ``warnings`` are the API server's."""

    def __init__(self, api: Api, person: Person, namespace: str, *, dry: bool = False) -> None:
        self._api = api
        self._person = person
        self.namespace = namespace
        self.dry = dry
        self.warnings: dict[str, None] = {}

    async def find(self, target: Target) -> Mapping[str, Any]:
        return (await self.send("GET", target.resource.path(self.namespace, target.name))).object

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

    async def send(self, method: Method, path: str, **how: Any) -> Answer:
        answer = await self._api.send(self._person, self.namespace, method, path, **how)
        self.warnings.update(dict.fromkeys(answer.warnings))
        return answer


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
    return Written(tuple(changes), tuple(failures))


def is_missing(error: UsageError | Refused) -> bool:
    return isinstance(error, Refused) and error.reason == "NotFound"
