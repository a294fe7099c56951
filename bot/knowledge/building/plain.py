"""Plain text as sections, as it is left by copying a page: headings are lines that stand alone and end like none.

Two blank lines before a heading start a chapter; a heading right under another one belongs to it.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.knowledge.building.commands import is_command, spans
from bot.knowledge.building.course import Block, Code, Document, Heading, Page, Prose, cut
from bot.knowledge.building.markup import decoded

_LONGEST_HEADING = 80
_BULLET = re.compile(r"^\s*(?:[-*•‣▪◦]|\d{1,2}[.)])\s+")
_NO_HEADING = re.compile(r"[.:;,!?…]$|://|\s--?\w|^[^\w«\"(]|^[a-zà-ÿ]|[:=]\s*\w+ctl\b|[{}<>|\\]")
_OUTPUT = re.compile(r"^[A-Z][A-Z()-]+\s{2,}[A-Z]")
_SKIP = re.compile(r"(?:aller|passer) au contenu(?: principal)?|skip to (?:main )?content", re.IGNORECASE)


def page_of_text(document: Document) -> Page:
    """Raises Unreadable for what is no text."""
    lines = [line.rstrip() for line in decoded(document).splitlines()]
    parts = list(_parts([line for line in lines if not _SKIP.fullmatch(line.strip())]))
    return Page(document.name, cut(_levelled(parts), PurePosixPath(document.name).stem, document))


def _parts(lines: list[str]) -> Iterator[Heading | Block]:
    blank = 2
    group: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            group.append(line)
            continue
        if group:
            yield from _group(group, blank)
            blank, group = 0, []
        blank += 1


def _group(lines: list[str], blank: int) -> Iterator[Heading | Block]:
    """What stands between two blank lines."""
    if len(lines) == 1 and _is_heading(lines[0]):
        yield Heading(1 if blank > 1 else 2, lines[0].strip())
    elif _OUTPUT.match(lines[0]):
        yield Code("\n".join(lines), "output")
    elif all(is_command(line) for line in lines):
        yield Code("\n".join(lines), "shell")
    else:
        yield from _paragraphs(lines)


def _paragraphs(lines: list[str]) -> Iterator[Prose]:
    """Each list item alone; other lines are one paragraph, wherever they were wrapped."""
    paragraph: list[str] = []
    for line in [*lines, "- "]:
        if _BULLET.match(line) and paragraph:
            yield _prose(" ".join(paragraph))
            paragraph = []
        paragraph.append(_BULLET.sub("• ", line).strip())


def _prose(text: str) -> Prose:
    """Commands get the backticks that a page would have shown as another typeface."""
    text = " ".join(text.split())
    for start, end in reversed(list(spans(text))):
        text = f"{text[:start]}`{text[start:end]}`{text[end:]}"
    return Prose(text)


def _is_heading(line: str) -> bool:
    text = line.strip()
    return len(text) <= _LONGEST_HEADING and not (_NO_HEADING.search(text) or is_command(text) or list(spans(text)))


def _levelled(parts: list[Heading | Block]) -> Iterator[Heading | Block]:
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, Heading) and isinstance(following, Heading) and following.level > 1:
            yield Heading(1, part.text)
        else:
            yield part
