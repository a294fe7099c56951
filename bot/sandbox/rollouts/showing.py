"""What `rollout status` and `history` have in common: a text for each object, and on beyond errors, as kubectl goes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.sandbox.api import Refused
from bot.sandbox.commands import Selection
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing
from bot.sandbox.reading import find, plan
from bot.sandbox.session import Failure, Said, Session, bare
from bot.sandbox.showing import Request

NOTHING_FOUND = "No resources found in {} namespace."

Show = Callable[[Thing], Awaitable[str]]


async def show_each(session: Session, command: Selection, show: Show) -> Said:
    """``show`` may raise UsageError, Refused. Raises NotAllowed before any call, Unavailable."""
    shown = await asyncio.gather(*(show_request(session, command, one, show) for one in plan(session, command)))
    parts = [part for request in shown for part in request]
    failures = [part for part in parts if isinstance(part, Failure)]
    return Said("".join(part for part in parts if isinstance(part, str)), failures=bare(failures))


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
