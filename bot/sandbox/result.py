"""What a command came to, in kubectl's words for a terminal and explained for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.language import LANGS, Text
from bot.sandbox.changes import Change

Topic = Literal[
    "already-exists",
    "crash-loop",
    "forbidden",
    "image-pull",
    "no-endpoints",
    "not-found",
    "out-of-memory",
    "pending",
    "pod-security",
    "policy",
    "quota",
]
"""What a refusal or a failure is an example of."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A refusal or a failure in a person's words; ``command``: what to look at next, as typed after `/k8s`."""

    text: Text
    topic: Topic | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """``stdout``, ``stderr`` and ``status`` are kubectl's; ``explanation``: in a person's words, what they leave out.

    ``left``: how many more objects there are than were fetched. ``changes``: what was written, or would be.
    ``lesson``: of the failure that it shows; its text is in the explanation.
    """

    line: str
    stdout: str
    stderr: str
    status: int
    explanation: Text | None
    writes: bool
    left: int = 0
    changes: tuple[Change, ...] = ()
    lesson: Lesson | None = None


def teaching(lessons: Iterable[Lesson | None]) -> Lesson | None:
    """The first one that there is more to learn from."""
    return next((lesson for lesson in lessons if lesson and lesson.topic), None)


def together(texts: Iterable[Text | None]) -> Text | None:
    """One text of several, each once; None for none."""
    once = dict.fromkeys(filter(None, texts))
    return Text(*("\n".join(text[lang] for text in once) for lang in LANGS)) if once else None
