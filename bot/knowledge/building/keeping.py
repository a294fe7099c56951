"""Drafts in a folder, one YAML file per chapter; what people edited there stays as they left it, to the letter.

``.drafts.json`` beside them holds what the last run wrote: for each draft, the hash of its text, and of the section it
was made from. Text that has another hash was edited: it is kept, and told when its section changed.
A draft that was deleted is not written again. Commit the file with the entries.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.building.course import CourseError, Section
from bot.knowledge.building.drafts import drafts_of, slug_of
from bot.knowledge.building.sources import Course
from bot.knowledge.entries import Entry, KnowledgeError, load_entries
from bot.language import Text

RECORD = ".drafts.json"
_HEAD = "# Drafts by `timonier knowledge build`: edit them. The next run keeps your changes, and tells the course's.\n"


@dataclass(slots=True)
class Changes:
    """Ids of entries. ``edited``: kept, though the course changed below them; ``kept``: edited, and gone from it."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    same: int = 0

    def told(self) -> str:
        """Each entry by its id; those of a first run are only counted."""
        first = not (self.same or self.updated or self.edited or self.removed or self.kept)
        groups = (
            ("added", [] if first else self.added, len(self.added)),
            ("updated, as the course changed", self.updated, len(self.updated)),
            ("changed in the course below your edits, which were kept", self.edited, len(self.edited)),
            ("removed, as they are gone from the course", self.removed, len(self.removed)),
            ("gone from the course, and kept as yours", self.kept, len(self.kept)),
        )
        lines = [f"{number} {what}" + "".join(f"\n  {id_}" for id_ in ids) for what, ids, number in groups if number]
        return "\n".join([*lines, *([f"{self.same} unchanged"] if self.same else [])])


@dataclass(frozen=True, slots=True)
class _Written:
    """What the last run knew of a draft. ``text`` and ``section``: hashes."""

    source: str
    document: str
    text: str
    section: str


@dataclass(slots=True)
class _File:
    """A chapter's YAML: what stands above its entries, and the text of each by its id."""

    head: str
    entries: dict[str, str]
    tail: str = ""

    @property
    def text(self) -> str:
        return self.head + "".join(self.entries.values()) + self.tail


def write_drafts(course: Course, folder: Path) -> Changes:
    """Write the course's drafts to the folder; raises CourseError, before it writes, where that holds no sound base."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.glob("*.yaml")):
        _check(folder)
    base = _Base(folder)
    before = {file: parted.text for file, parted in base.files.items()}
    written: dict[str, _Written] = {}
    for entry, section in zip(drafts_of(course.sections, course.lang), course.sections, strict=True):
        written[entry.id] = base.take(entry, section, course.documents[section.document])
    written |= base.without_gone(course, written)
    for file, parted in base.files.items():
        if parted.entries and parted.text != before.get(file):
            _replace(file, parted.text)
        elif not parted.entries and file in before:
            file.unlink()
    _replace(folder / RECORD, _json(written))
    _check(folder)
    return base.changes


def _check(folder: Path) -> None:
    try:
        load_entries(folder)
    except KnowledgeError as error:
        raise CourseError(f"{folder}: {error}") from error


class _Base:
    """The folder as it was, and what becomes of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record = _record(folder)
        self.files = {file: _parted(file) for file in sorted(folder.glob("*.yaml"))}
        self.changes = Changes()

    def take(self, entry: Entry, section: Section, source: str) -> _Written:
        """The draft goes in where nobody edited, deleted or wrote one of its id."""
        text, known, here = _yaml_of(entry), self._record.get(entry.id), self._holding(entry.id)
        new = _Written(source, section.document, _hash(text), _hash(repr(section)))
        if here is None and known is None:
            self.files[self._file_of(entry)].entries[entry.id] = text
            self.changes.added.append(entry.id)
        elif here is None or known is None or _hash(here[entry.id]) != known.text:
            if here is not None and known is not None and known.section != new.section:
                self.changes.edited.append(entry.id)
            # No hash of what stands there: it counts as edited from now on.
            return replace(new, text=known.text if known else "")
        elif known.section != new.section:
            here[entry.id] = text
            self.changes.updated.append(entry.id)
        else:
            self.changes.same += 1
            return replace(new, text=known.text)
        return new

    def without_gone(self, course: Course, written: Mapping[str, _Written]) -> dict[str, _Written]:
        """Drop the drafts whose section is gone; what is still recorded of those that could not be looked at."""
        unread = {}
        related = self._related()
        for id_, known in self._record.items():
            here = self._holding(id_)
            if id_ in written:
                continue
            if not _was_read(known, course):
                unread[id_] = known
            elif here is not None and _hash(here[id_]) == known.text and id_ not in related:
                del here[id_]
                self.changes.removed.append(id_)
            elif here is not None:
                self.changes.kept.append(id_)
        return unread

    def _holding(self, id_: str) -> dict[str, str] | None:
        return next((parted.entries for parted in self.files.values() if id_ in parted.entries), None)

    def _related(self) -> set[str]:
        """What the entries name: a base without those does not load."""
        texts = (text for parted in self.files.values() for text in parted.entries.values())
        return {id_ for text in texts for id_ in yaml.load(text, Loader=yaml.CSafeLoader)[0].get("related") or ()}

    def _file_of(self, entry: Entry) -> Path:
        """The chapter's file, whatever its number is; a new one gets the next number."""
        slug = slug_of(entry.chapter.fr)[:50].strip("-") or "chapter"
        found = next((file for file in self.files if re.sub(r"^\d+-", "", file.stem) == slug), None)
        if found is None:
            numbers = [int(number[0]) for file in self.files if (number := re.match(r"\d+", file.name))]
            found = self._folder / f"{max(numbers, default=0) + 1:02}-{slug}.yaml"
            head = _dumped({"chapter": _both(entry.chapter), "source": entry.chapter.fr})
            self.files[found] = _File(f"{_HEAD}{head}entries:\n", {})
        return found


def _was_read(known: _Written, course: Course) -> bool:
    """Whether a section that is not there is gone, and not only out of reach."""
    if course.documents.get(known.document) == known.source:
        return True
    return known.source in course.documents.values() and not (course.stopped or known.document in course.left_out)


def _parted(file: Path) -> _File:
    """The file's text, cut before each entry and the comments above it; raises CourseError."""
    text = file.read_text(encoding="utf-8").rstrip("\n") + "\n"
    root: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    entries = next(value for key, value in root.value if key.value == "entries")
    ids = [next(value.value for key, value in node.value if key.value == "id") for node in entries.value]
    lines = text.splitlines(keepends=True)
    starts = [node.start_mark.line for node in entries.value]
    if entries.flow_style or not all(lines[start].lstrip().startswith("- ") for start in starts):
        raise CourseError(f"{file}: its entries are not one below the other; each starts like `  - id: list-nodes`")
    starts = [_with_comments(lines, start) for start in starts]
    end = entries.end_mark.line if entries.end_mark.column == 0 else len(lines)
    pieces = {id_: "".join(lines[start:stop]) for id_, start, stop in zip(ids, starts, [*starts[1:], end], strict=True)}
    return _File("".join(lines[: starts[0]]), pieces, "".join(lines[end:]))


def _with_comments(lines: Sequence[str], line: int) -> int:
    while lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _yaml_of(entry: Entry) -> str:
    """As it stands in a file, below ``entries:``."""
    raw: dict[str, object] = {
        "id": entry.id,
        "title": _both(entry.title),
        "questions": {lang: list(wordings) for lang, wordings in entry.questions.items()},
        "answer": _both(entry.answer),
    }
    if entry.commands:
        raw["commands"] = [{"run": command.run, "does": _both(command.does)} for command in entry.commands]
    raw["source"] = entry.source
    return "".join(f"  {line}" if line.strip() else line for line in _dumped([raw]).splitlines(keepends=True)) + "\n"


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Lists one step in, texts of several lines as they are: what people edit."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _str)


def _hash(text: str) -> str:
    """Of the lines without the blank ones around: moving an entry is no edit."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.strip().splitlines()).encode()).hexdigest()


def _record(folder: Path) -> dict[str, _Written]:
    file = folder / RECORD
    if not file.exists():
        return {}
    try:
        return {id_: _Written(**known) for id_, known in json.loads(file.read_text(encoding="utf-8")).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{file}: cannot be read ({error}). Restore it from git; without it, every entry counts as edited by hand"
        ) from error


def _json(written: Mapping[str, _Written]) -> str:
    drafts = {id_: {key: getattr(known, key) for key in _Written.__slots__} for id_, known in sorted(written.items())}
    return json.dumps(drafts, ensure_ascii=False, indent=1) + "\n"


def _replace(file: Path, text: str) -> None:
    """Whole or not at all."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)
