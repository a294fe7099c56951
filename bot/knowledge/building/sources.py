"""Where a course comes from: a file, a folder of them, or a URL and the pages below it."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.knowledge.building.connecting import Limits, Resolve, addresses_of
from bot.knowledge.building.course import CourseError, Document, Format, Page, Prose, Section, Unreadable
from bot.knowledge.building.markup import page_of_html, page_of_markdown
from bot.knowledge.building.plain import page_of_text
from bot.knowledge.building.web import Site
from bot.knowledge.reading import language_of
from bot.language import Lang

FORMATS: dict[str, Format] = {
    ".md": "markdown",
    ".mdx": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
}
_READERS: dict[Format, Callable[[Document], Page]] = {
    "html": page_of_html,
    "markdown": page_of_markdown,
    "text": page_of_text,
}
_LEFT_OUT = frozenset(["node_modules", "__pycache__", "venv"])
# What was read, and how many are known to be left.
Report = Callable[[str, int], None]


@dataclass(slots=True)
class Course:
    """``documents``: each page or file that was read, and the source it belongs to. ``left_out``: those that could not
    be, with the reason. ``stopped``: a limit was met, so that more is there."""

    sections: list[Section] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    stopped: bool = False
    lang: Lang = "fr"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: ``lang`` where it is not to be guessed."""

    lang: Lang | None = None
    limits: Limits = field(default_factory=Limits)
    allow_private: bool = False
    resolve: Resolve = addresses_of


def read_course(
    sources: Sequence[str], reading: Reading = Reading(), report: Report = lambda name, left: None
) -> Course:
    """All sections of all sources. Raises CourseError for a source that is none, or a course without a word."""
    course = Course()
    said: list[Lang | None] = []
    for source in sources:
        for page, left in _pages(source, reading, course):
            report(page.name, left)
            course.sections += page.sections
            course.documents[page.name] = source
            said.append(page.lang)
    if not any(section.blocks for section in course.sections):
        reasons = "".join(f"\n  {name}: {reason}" for name, reason in course.left_out.items())
        raise CourseError(
            f"{', '.join(sources)}: no section with text in it. Pages that only a browser draws cannot be read: "
            f"give the Markdown they are made from.{reasons}"
        )
    course.lang = reading.lang or _commonest(said) or _commonest(map(_lang_of, course.sections)) or "fr"
    return course


def _lang_of(section: Section) -> Lang | None:
    return language_of(" ".join(block.text for block in section.blocks if isinstance(block, Prose)))


def _commonest(langs: Iterable[Lang | None]) -> Lang | None:
    ranked = Counter(lang for lang in langs if lang).most_common(1)
    return ranked[0][0] if ranked else None


def _pages(source: str, reading: Reading, course: Course) -> Iterator[tuple[Page, int]]:
    if "://" in source or source.startswith(("http:", "https:", "file:")):
        site = Site(source, _read, reading.limits, reading.allow_private, reading.resolve)
        yield from site.pages()
        course.left_out |= site.left_out
        course.stopped |= site.stopped
        return
    path = Path(source)
    if path.is_dir():
        yield from _folder(path, reading.limits, course)
    elif not path.is_file():
        raise CourseError(f"{source}: is no file or folder. Right ones: course.md, docs/, https://example.org/docs/")
    elif path.suffix.lower() not in FORMATS:
        raise CourseError(f"{source}: ends in none of {', '.join(FORMATS)}")
    else:
        yield from ((page, 0) for page in _file(path, path.name, reading.limits, course))


def _read(document: Document) -> Page:
    return _READERS[document.format](document)


def _folder(folder: Path, limits: Limits, course: Course) -> Iterator[tuple[Page, int]]:
    """Its files in the order of their names, hidden ones aside. A link that leads out of it is not followed."""
    files = sorted(_files(folder))
    if not files:
        raise CourseError(f"{folder}: holds no file that ends in {', '.join(FORMATS)}")
    inside = folder.resolve()
    left = limits.all_bytes
    for position, file in enumerate(files, start=1):
        name = file.relative_to(folder).as_posix()
        if not file.resolve().is_relative_to(inside):
            course.left_out[name] = "is a link that leads out of the folder"
            continue
        left -= file.stat().st_size if file.is_file() else 0
        if left < 0:
            raise CourseError(f"{folder}: more than {limits.all_bytes:,} bytes in all; give a part of it")
        yield from ((page, len(files) - position) for page in _file(file, name, limits, course))


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith((".", "_")) and name not in _LEFT_OUT]
        for name in names:
            if Path(name).suffix.lower() in FORMATS and not name.startswith((".", "_", "404")):
                yield Path(where, name)


def _file(path: Path, name: str, limits: Limits, course: Course) -> Iterator[Page]:
    """The page of a regular file within the limits; anything else is left out with the reason."""
    try:
        if not path.is_file():
            raise Unreadable("is no regular file")
        if path.stat().st_size > limits.page_bytes:
            raise Unreadable(f"is larger than {limits.page_bytes:,} bytes")
        yield _read(Document(name, path.read_bytes(), FORMATS[path.suffix.lower()]))
    except Unreadable as why:
        course.left_out[name] = str(why)
    except OSError as error:
        course.left_out[name] = f"cannot be read: {error.strerror}"
