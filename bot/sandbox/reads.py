"""The commands that only look, each with the module that knows how."""

from bot.sandbox import reading, rollouts, server
from bot.sandbox.can import can
from bot.sandbox.commands import (
    ApiResources,
    Can,
    CanI,
    CanList,
    Command,
    Describe,
    Events,
    Explain,
    Get,
    Logs,
    RolloutHistory,
    RolloutStatus,
    Top,
    Version,
    WhoAmI,
)
from bot.sandbox.describing import describe
from bot.sandbox.events import events
from bot.sandbox.logs import logs
from bot.sandbox.reviews import can_i, can_list, who_am_i
from bot.sandbox.session import Said, Session
from bot.sandbox.top import top


async def read(session: Session, command: Command) -> Said:
    """Raises NotAllowed before any call, UsageError, Refused, Unavailable."""
    match command:
        case Get():
            return await reading.get(session, command)
        case Describe():
            return await describe(session, command)
        case RolloutStatus():
            return await rollouts.status(session, command)
        case RolloutHistory():
            return await rollouts.history(session, command)
        case Logs():
            return await logs(session, command)
        case Events():
            return await events(session, command)
        case Explain():
            return await server.explain(session, command)
        case ApiResources():
            return server.api_resources(session, command)
        case Version():
            return await server.version(session, command)
        case Top():
            return await top(session, command)
        case CanI():
            return await can_i(session, command)
        case CanList():
            return await can_list(session, command)
        case WhoAmI():
            return await who_am_i(session, command)
        case Can():
            return await can(session, command)
        case _:
            raise TypeError(f"no way to run {command!r}")
