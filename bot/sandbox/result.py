"""What a command came to, in kubectl's words for a terminal and explained for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language import LANGS, Text
from bot.sandbox.changes import Change


@dataclass(frozen=True, slots=True)
class Result:
    """``stdout``, ``stderr`` and ``status`` are kubectl's; ``explanation`` says in a person's words why it failed.

    ``left``: how many more objects there are than were fetched. ``changes``: what was written, or would be.
    """

    line: str
    stdout: str
    stderr: str
    status: int
    explanation: Text | None
    writes: bool
    left: int = 0
    changes: tuple[Change, ...] = ()


def together(texts: Sequence[Text]) -> Text | None:
    """One text of several, each once; None for none."""
    once: Iterable[Text] = dict.fromkeys(texts)
    return Text(*("\n".join(text[lang] for text in once) for lang in LANGS)) if texts else None
