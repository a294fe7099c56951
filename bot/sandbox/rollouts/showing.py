"""What `rollout status` and `history` have in common: a text for each object, and on beyond errors, as kubectl goes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from bot.sandbox.api import Refused
from bot.sandbox.commands import Selection
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing
from bot.sandbox.reading import find, plan
from bot.sandbox.session import Failure, Said, Session
from bot.sandbox.showing import Request

Show = Callable[[Thing], Awaitable[str]]


async def show_each(session: Session, command: Selection, show: Show) -> Said:
    """``show`` may raise UsageError, Refused. Raises NotAllowed before any call, Unavailable."""
    shown = await asyncio.gather(*(show_request(session, command, one, show) for one in plan(session, command)))
    parts = [part for request in shown for part in request]
    failures = [part for part in parts if isinstance(part, Failure)]
    return Said("".join(part for part in parts if isinstance(part, str)), failures=tuple(bare(failures)))


async def show_request(session: Session, command: Selection, request: Request, show: Show) -> Sequence[str | Failure]:
    found = await find(session, command, request)
    if isinstance(found, Failure):
        return [found]
    return await asyncio.gather(*(show_one(session, request, thing, show) for thing in found))


async def show_one(session: Session, request: Request, thing: Thing, show: Show) -> str | Failure:
    try:
        return await show(thing)
    except (UsageError, Refused) as error:
        return Failure(error, request.resource, session.namespace)


def bare(failures: Sequence[Failure]) -> Iterable[Failure]:
    """kubectl says `error: ` of one that stands alone only."""
    for failure in failures:
        if isinstance(failure.error, UsageError) and len(failures) > 1:
            yield replace(failure, stderr=failure.error.stderr.removeprefix("error: "))
        else:
            yield failure
