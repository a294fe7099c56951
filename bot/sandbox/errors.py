"""What is refused before the cluster is asked, with more than a text."""

import shlex
from collections.abc import Sequence

from bot.errors import BadRequest, NotAllowed
from bot.language import Text
from bot.sandbox.redaction import redact_text
from bot.sandbox.result import Lesson

HERE = Text(
    "`{word}` relie le cluster à votre machine, et le bot n'y est pas. Tapez-y : `{line}`.",
    "`{word}` joins the cluster to your own machine, where the bot is not. Type there: `{line}`.",
)


class UsageError(BadRequest):
    """A command line that kubectl has words of its own for.

    ``stderr`` is what kubectl would print, for a terminal; the text is for the person.
    """

    def __init__(self, text: Text, stderr: str) -> None:
        super().__init__(text)
        self.stderr = stderr


class OnYourMachine(BadRequest):
    """What only works between the cluster and one's own machine; the text has the line to type there.

    ``words``: what was typed after `kubectl`. ``namespace``: put in where none was typed, "" for none.
    """

    def __init__(self, words: Sequence[str], namespace: str = "") -> None:
        self.words = words
        line = shlex.join(("kubectl", *(words if names_namespace(words) else with_namespace(words, namespace))))
        super().__init__(HERE.format(word=words[0], line=redact_text(line).replace("`", "'")))

    def at(self, namespace: str) -> "OnYourMachine":
        return OnYourMachine(self.words, namespace)


def names_namespace(words: Sequence[str]) -> bool:
    before_command = words[: words.index("--")] if "--" in words else words
    return any(word.startswith(("-n", "--namespace")) for word in before_command)


def with_namespace(words: Sequence[str], namespace: str) -> Sequence[str]:
    """In front of what is a program's own."""
    end = words.index("--") if "--" in words else len(words)
    return (*words[:end], *(("-n", namespace) if namespace else ()), *words[end:])


class Forbidden(NotAllowed):
    """By the table; ``lesson`` says where to go on from there."""

    def __init__(self, text: Text, command: str = "can") -> None:
        super().__init__(text)
        self.lesson = Lesson(text, "forbidden", command)


class TrainersOnly(Forbidden):
    """A trainer may do it there."""


class PatchError(UsageError):
    """One whose line begins with `error: ` among others too."""
