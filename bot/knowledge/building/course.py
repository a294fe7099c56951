"""A course, whatever it was written in: sections with their heading path, their sentences and their code blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.language import Lang

Format = Literal["html", "markdown", "text"]


class CourseError(Exception):
    """A course that cannot be read; the message names what, says why, and shows what would do."""


class Unreadable(Exception):
    """One page or file that is left out; the message says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page or file as it was found. ``name``: its URL, or its path below what was asked for."""

    name: str
    content: bytes
    format: Format
    charset: str | None = None

    @property
    def url(self) -> str:
        return self.name if "://" in self.name else ""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph or a list item, on one line; code in it stands between backticks."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = ""


Block = Prose | Code


@dataclass(frozen=True, slots=True)
class Section:
    """``path``: the headings it stands under, its own last. ``url``: where to read it; empty for a file."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]
    document: str
    url: str = ""

    @property
    def title(self) -> str:
        return self.path[-1]

    @property
    def source(self) -> str:
        path = " › ".join(self.path)
        return f"{path} — {self.url}" if self.url else path


@dataclass(frozen=True, slots=True)
class Page:
    """``name``: its document's. ``lang``: what the page itself says it is written in, where that is one of ours;
    ``version``: which edition of the course it says to belong to."""

    name: str
    sections: tuple[Section, ...]
    links: tuple[str, ...] = ()
    lang: Lang | None = None
    version: str = ""


def cut(parts: Iterable[Heading | Block], title: str, document: Document) -> tuple[Section, ...]:
    """A section for each heading, and one named ``title`` for what precedes the first.

    A heading with nothing of its own is a section only where no deeper heading follows it.
    """
    return tuple(_sections(parts, Heading(1, title), document))


def _sections(parts: Iterable[Heading | Block], first: Heading, document: Document) -> Iterator[Section]:
    path, blocks, untitled = [first], list[Block](), True
    for part in parts:
        if not isinstance(part, Heading):
            blocks.append(part)
            continue
        if blocks or (not untitled and part.level <= path[-1].level):
            yield _section(path, blocks, document)
        path = [heading for heading in path if heading.level < part.level] + [part]
        blocks, untitled = [], False
    if blocks or not untitled:
        yield _section(path, blocks, document)


def _section(path: list[Heading], blocks: list[Block], document: Document) -> Section:
    own = path[-1]
    url = f"{document.url}#{own.anchor}" if document.url and own.anchor and len(path) > 1 else document.url
    return Section(tuple(heading.text for heading in path), tuple(blocks), document.name, url)
