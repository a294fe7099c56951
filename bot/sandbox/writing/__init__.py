"""The commands that change something, with kubectl's own requests."""

from bot.sandbox.commands import (
    CreateDeployment,
    Delete,
    Expose,
    Label,
    RolloutPause,
    RolloutRestart,
    RolloutUndo,
    Scale,
    SetImage,
    Write,
)
from bot.sandbox.writing.create import create_deployment
from bot.sandbox.writing.delete import delete
from bot.sandbox.writing.expose import expose
from bot.sandbox.writing.images import set_image
from bot.sandbox.writing.labels import label
from bot.sandbox.writing.rollback import roll_back
from bot.sandbox.writing.rollout import pause, restart
from bot.sandbox.writing.scale import scale
from bot.sandbox.writing.writer import Writer, Written

__all__ = ["Writer", "Written", "write"]


async def write(writer: Writer, command: Write) -> Written:
    """Raises Refused, Unavailable."""
    match command:
        case CreateDeployment():
            return await create_deployment(writer, command)
        case Scale():
            return await scale(writer, command)
        case Expose():
            return await expose(writer, command)
        case SetImage():
            return await set_image(writer, command)
        case RolloutUndo():
            return await roll_back(writer, command)
        case RolloutRestart():
            return await restart(writer, command)
        case RolloutPause():
            return await pause(writer, command)
        case Label():
            return await label(writer, command)
        case Delete():
            return await delete(writer, command)
        case _:
            raise TypeError(f"no way to run {command!r}")
