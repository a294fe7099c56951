"""The course as data: entries, and their strict loading from YAML, which tells all problems of a base at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.language import LANGS, Lang, Text

DEFAULT_FOLDER = Path(__file__).parent.parent.parent / "knowledge"
MIN_QUESTIONS: Mapping[Lang, int] = {"fr": 3, "en": 2}

EXAMPLE = """\
chapter: {fr: Explorer le cluster, en: Explore the cluster}
source: Explorons notre cluster k8s
entries:
  - id: list-nodes
    title: {fr: Lister les nœuds, en: List the nodes}
    questions:
      fr: [comment lister les nœuds ?, liste des nodes, quelles machines dans mon cluster ?]
      en: [how do I list the nodes?, list nodes]
    answer: {fr: "`kubectl get nodes` affiche…", en: "`kubectl get nodes` shows…"}
    commands:
      - run: kubectl get nodes
        does: {fr: affiche la liste des nœuds, en: lists the nodes}
    related: [describe-node]"""


class KnowledgeError(Exception):
    """What is wrong with a base: every problem, with its file, entry and field, and an example of a right file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join([*problems, "", "A right file:", EXAMPLE]))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Command:
    """``unproven``: why the tests cannot run it on a real API server; empty where they do."""

    run: str
    does: Text
    unproven: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer, the ways people ask for it, and where the course says so."""

    id: str
    chapter: Text
    title: Text
    questions: Mapping[Lang, tuple[str, ...]]
    answer: Text
    commands: tuple[Command, ...]
    source: str
    related: tuple[str, ...] = ()
    beyond_course: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, so that a problem can be told."""

    path: str
    problems: list[str] = field(default_factory=list)

    def __truediv__(self, part: str | int) -> "_Place":
        return _Place(f"{self.path}: {part}" if self.path else str(part), self.problems)

    def wrong(self, problem: str) -> None:
        self.problems.append(f"{self.path}: {problem}")


def load_entries(folder: Path) -> tuple[Entry, ...]:
    """All entries of the folder's ``*.yaml``, in the order of the files; raises KnowledgeError."""
    problems: list[str] = []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise KnowledgeError([f"{folder}: no *.yaml file"])
    placed = [(entry, file.name) for file in files for entry in _load_file(file, _Place(file.name, problems))]
    problems += _double_ids(placed)
    # What a broken file holds is unknown, and so is whether a reference to it is good.
    problems = problems or list(_broken_references(placed))
    if problems:
        raise KnowledgeError(problems)
    return tuple(entry for entry, _ in placed)


def _load_file(file: Path, place: _Place) -> Iterator[Entry]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place.wrong(f"is not YAML: {error}")
        return
    if content is None:
        place.wrong("is empty")
        return
    chapter = _fields(content, place, required=("chapter", "source", "entries"))
    title = _text(chapter.get("chapter"), place / "chapter")
    source = _string(chapter.get("source"), place / "source")
    for position, raw in enumerate(_list(chapter.get("entries"), place / "entries"), start=1):
        name = raw["id"] if isinstance(raw, dict) and isinstance(raw.get("id"), str) else f"entry {position}"
        yield _entry(raw, title, source, place / name)


def _entry(raw: object, chapter: Text, source: str, place: _Place) -> Entry:
    fields = _fields(
        raw,
        place,
        required=("id", "title", "questions", "answer"),
        optional=("commands", "source", "related", "beyond_course"),
    )
    beyond = fields.get("beyond_course", False)
    if not isinstance(beyond, bool):
        (place / "beyond_course").wrong(f"should be true or false, not {beyond!r}")
    return Entry(
        id=_string(fields.get("id"), place / "id"),
        chapter=chapter,
        title=_text(fields.get("title"), place / "title"),
        questions=_questions(fields.get("questions"), place / "questions"),
        answer=_text(fields.get("answer"), place / "answer"),
        commands=_each(fields.get("commands", []), place / "commands", _command),
        source=_string(fields["source"], place / "source") if "source" in fields else source,
        related=_each(fields.get("related", []), place / "related", _string),
        beyond_course=bool(beyond),
    )


def _command(raw: object, place: _Place) -> Command:
    fields = _fields(raw, place, required=("run", "does"), optional=("unproven",))
    unproven = _string(fields["unproven"], place / "unproven") if "unproven" in fields else ""
    return Command(_string(fields.get("run"), place / "run"), _text(fields.get("does"), place / "does"), unproven)


def _questions(raw: object, place: _Place) -> Mapping[Lang, tuple[str, ...]]:
    fields = _fields(raw, place, required=LANGS)
    questions = {lang: _each(fields.get(lang, []), place / lang, _string) for lang in LANGS}
    for lang, least in MIN_QUESTIONS.items():
        if lang in fields and len(questions[lang]) < least:
            (place / lang).wrong(f"needs at least {least} ways to ask, has {len(questions[lang])}")
    return questions


def _text(raw: object, place: _Place) -> Text:
    fields = _fields(raw, place, required=LANGS)
    return Text(*(_string(fields[lang], place / lang) if lang in fields else "" for lang in LANGS))


def _fields(
    raw: object, place: _Place, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        if raw is not None:
            place.wrong(f"should be a mapping with {', '.join(required)}, not {raw!r}")
        return {}
    for key in raw:
        if key not in required + optional:
            place.wrong(f"unknown field {key!r}; known: {', '.join(required + optional)}")
    for key in required:
        if raw.get(key) is None:
            place.wrong(f"{key} is missing")
    return {key: value for key, value in raw.items() if value is not None}


def _each(raw: object, place: _Place, read: Callable[[object, _Place], Any]) -> tuple[Any, ...]:
    return tuple(read(item, place / position) for position, item in enumerate(_list(raw, place), start=1))


def _list(raw: object, place: _Place) -> list[object]:
    if raw is None or isinstance(raw, list):
        return raw or []
    place.wrong(f"should be a list, not {raw!r}")
    return []


def _string(raw: object, place: _Place) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str) or not raw.strip():
        place.wrong(f"should be a text, not {raw!r} (in YAML, a text with `: ` or `yes` wants quotes)")
        return ""
    return raw.strip()


def _double_ids(placed: list[tuple[Entry, str]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for entry, file in placed:
        if entry.id in first:
            yield f"{file}: {entry.id}: id: stands in {first[entry.id]} too; an id is one entry's alone"
        first.setdefault(entry.id, file)


def _broken_references(placed: list[tuple[Entry, str]]) -> Iterator[str]:
    known = {entry.id for entry, _ in placed}
    for entry, file in placed:
        for related in entry.related:
            if related not in known:
                yield f"{file}: {entry.id}: related: there is no entry {related!r}"


class _Loader(yaml.CSafeLoader):
    """YAML keeps the last of two equal keys in silence; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value)
        if doubled := [key for key, count in keys.items() if count > 1]:
            raise yaml.constructor.ConstructorError(None, None, f"key {doubled[0]!r} stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
