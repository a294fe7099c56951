"""Errors of a command line that kubectl has words of its own for."""

from bot.errors import BadRequest
from bot.language import Text


class UsageError(BadRequest):
    """``stderr`` is what kubectl would print, for a terminal; the text is for the person."""

    def __init__(self, text: Text, stderr: str) -> None:
        super().__init__(text)
        self.stderr = stderr
