"""What the reader of an answer gets, whatever draws it: Slack's blocks or a terminal's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.entries import Entry
from bot.language import Lang, Text

Kind = Literal["answer", "unknown", "smalltalk"]

UNKNOWN = Text(
    "Le cours ne répond pas à cette question, et je préfère ne rien inventer.",
    "The course does not answer this question, and I would rather not make something up.",
)
# Fits a greeting, a thank-you and a "who are you" alike.
SMALLTALK = Text(
    "À votre service ! Je suis Timonier et je réponds aux questions du cours Kubernetes, par exemple : "
    "`comment lister les pods ?`",
    "At your service! I am Timonier and I answer questions about the Kubernetes course, for instance: "
    "`how do I list the pods?`",
)
FOREIGN = "The course is in French and English: I answer you in English."
BEYOND = Text("au-delà du cours", "beyond the course")
SOURCE = Text("Source : {source}", "Source: {source}")


@dataclass(frozen=True, slots=True)
class CommandLine:
    run: str
    does: str


@dataclass(frozen=True, slots=True)
class Part:
    """One entry as its reader sees it."""

    title: str
    explanation: str
    commands: tuple[CommandLine, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``entries``: ids, best first. ``related`` and ``nearest``: (id, title) of the entries offered as buttons."""

    kind: Kind
    lang: Lang
    parts: tuple[Part, ...]
    entries: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()


def part(entry: Entry, lang: Lang) -> Part:
    commands = tuple(CommandLine(command.run, command.does[lang]) for command in entry.commands)
    source = f"{entry.source} ({BEYOND[lang]})" if entry.beyond_course else entry.source
    return Part(entry.title[lang], entry.answer[lang], commands, SOURCE[lang].format(source=source))


def titles(entries: Sequence[Entry], lang: Lang) -> tuple[tuple[str, str], ...]:
    return tuple((entry.id, entry.title[lang]) for entry in entries)


def plain(answer: Answer) -> str:
    """The answer for a terminal: what its reader reads, without buttons and nearest entries."""
    return "\n\n".join(_plain_part(part) for part in answer.parts)


def _plain_part(part: Part) -> str:
    commands = [f"{command.does}\n    {command.run}" for command in part.commands]
    return "\n\n".join(text for text in (part.title, part.explanation, *commands, part.source) if text)


def json_line(answer: Answer) -> dict[str, object]:
    """The answer for a program: ``kind``, ``entries``, ``lang``, ``text``."""
    return {"kind": answer.kind, "entries": list(answer.entries), "lang": answer.lang, "text": plain(answer)}
