"""What is refused before the cluster is asked, with more than a text."""

from bot.errors import BadRequest, NotAllowed
from bot.language import Text
from bot.sandbox.result import Lesson


class UsageError(BadRequest):
    """A command line that kubectl has words of its own for.

    ``stderr`` is what kubectl would print, for a terminal; the text is for the person.
    """

    def __init__(self, text: Text, stderr: str) -> None:
        super().__init__(text)
        self.stderr = stderr


class Forbidden(NotAllowed):
    """By the table; ``lesson`` says where to go on from there."""

    def __init__(self, text: Text, command: str = "can") -> None:
        super().__init__(text)
        self.lesson = Lesson(text, "forbidden", command)


class TrainersOnly(Forbidden):
    """A trainer may do it there."""


class PatchError(UsageError):
    """One whose line begins with `error: ` among others too."""
