"""The commands that change something, with kubectl's own requests."""

from bot.sandbox.commands import Expose, Scale, Write
from bot.sandbox.writing.expose import expose
from bot.sandbox.writing.scale import scale
from bot.sandbox.writing.writer import Writer, Written

__all__ = ["Writer", "Written", "write"]


async def write(writer: Writer, command: Write) -> Written:
    """Raises Refused, Unavailable."""
    match command:
        case Scale():
            return await scale(writer, command)
        case Expose():
            return await expose(writer, command)
        case _:
            raise TypeError(f"no way to run {command!r}")
