"""What of a course no entry of a base holds: its commands, and its sections.

A command is held where an entry has all its words, in any order; a placeholder stands for any word, and `-A`, `nodes`
and `node/NAME` are as good as their other spellings. A section is held where the entries say half of what its sentences
say, each sentence by the one entry nearest to it and rare words weighing more; a third is enough where an entry bears
its name. The shipped base says 0.52 to 1.00 of the course's sections (0.41 of one that it names).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import Stemmer

from bot.knowledge.building.commands import commands_of, is_command
from bot.knowledge.building.course import Prose, Section
from bot.knowledge.building.sources import Course
from bot.knowledge.building.words import words_of_courses
from bot.knowledge.entries import Entry
from bot.language import Lang

HELD, HELD_BY_NAME = 0.5, 0.33

_STEMMERS = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}
_PLACEHOLDER = re.compile(r"<.*>|\[.*\]|\{.*\}|X{2,}|[A-Z][A-Z_-]*|.*-[0-9a-f]{8,10}-[0-9a-z]{5}")
_SAME = {"--all-namespaces": "-A", "--namespace": "-n", "--output": "-o", "--filename": "-f", "--selector": "-l"}
_SHORT = {"po": "pod", "svc": "service", "deploy": "deployment", "ns": "namespace", "no": "node", "rs": "replicaset"}
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Gap:
    """``what``: a command or a heading path. ``where``: the section it stands in, or what is nearest to it."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """``commands`` and ``sections``: how many the course has; ``missing``: those that no entry holds."""

    commands: int
    sections: int
    missing_commands: tuple[Gap, ...]
    missing_sections: tuple[Gap, ...]

    @property
    def whole(self) -> bool:
        return not (self.missing_commands or self.missing_sections)

    def told(self) -> str:
        held = self.commands - len(self.missing_commands), self.sections - len(self.missing_sections)
        lines = [f"{held[0]} of {self.commands} commands and {held[1]} of {self.sections} sections are held."]
        for what, gaps in (("Commands", self.missing_commands), ("Sections", self.missing_sections)):
            lines += [f"\n{what} that no entry holds:"] if gaps else []
            lines += [f"  {gap.what.replace(chr(10), chr(10) + '  ')}\n      {gap.where}" for gap in gaps]
        return "\n".join(lines)


def coverage(course: Course, entries: Sequence[Entry]) -> Coverage:
    """What the entries hold of the course, in its order."""
    shown = [
        (command.run, section)
        for section in course.sections
        for command in commands_of(section)
        if is_command(command.run.partition("\n")[0])
    ]
    held = [_words(run) for entry in entries for run in _runs(entry)]
    base = _Said(entries, course.lang)
    return Coverage(
        len(shown),
        len(course.sections),
        tuple(Gap(run, section.source) for run, section in shown if not _holds(held, _words(run))),
        tuple(filter(None, map(base.gap, course.sections))),
    )


def _runs(entry: Entry) -> Iterator[str]:
    for command in entry.commands:
        yield from command.run.splitlines()
        yield command.run
    yield from _QUOTED.findall(f"{entry.answer.fr} {entry.answer.en}")


def _holds(held: Sequence[Counter[str]], words: Counter[str]) -> bool:
    placeholders = words.pop("_", 0)
    return any(words <= other and other.total() - words.total() >= placeholders for other in held)


def _words(run: str) -> Counter[str]:
    """The words of a command, each in one spelling; `_` for a placeholder."""
    kubectl = "kubectl" in run
    typed = re.sub(r"[\"'\\]", "", run).split()
    if kubectl:
        typed = [
            part for word in typed for part in (word.split("/", 1) if re.match(r"[a-z]+/[\w<-]", word) else [word])
        ]
    return Counter(_spelling(word, kubectl) for word in typed)


def _spelling(word: str, kubectl: bool) -> str:
    if _PLACEHOLDER.fullmatch(word):
        return "_"
    if not kubectl or word.startswith("-"):
        return _SAME.get(word, word)
    return _SHORT.get(word, word.removesuffix("s"))


class _Said:
    """What entries say in one language, by the stems of their words."""

    def __init__(self, entries: Sequence[Entry], lang: Lang) -> None:
        self._entries = entries
        self._lang = lang
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)
        for position, entry in enumerate(entries):
            does = " ".join(f"{command.run} {command.does[lang]}" for command in entry.commands)
            for stem in self._stems(" ".join((*_names(entry, lang), entry.answer[lang], does))):
                self._by_stem[stem].append(position)
        self._named = [self._stems(name) for entry in entries for name in _names(entry, lang)]

    def gap(self, section: Section) -> Gap | None:
        """The section as one that no entry holds; None where they do."""
        sentences = [stems for text in _sentences(section) if len(stems := self._stems(text)) > 2]
        nearest = [self._nearest(stems) for stems in sentences or [self._stems(section.title)]]
        share = sum(share for share, _ in nearest) / len(nearest)
        title = self._stems(section.title)
        by_name = share >= HELD_BY_NAME and any(title <= named for named in self._named if title)
        if share >= HELD or by_name:
            return None
        entry = max(nearest)[1]
        near = f"; nearest: {self._entries[entry].id}" if entry is not None else ""
        return Gap(section.source, f"{share:.0%} of it is said{near}")

    def _nearest(self, stems: set[str]) -> tuple[float, int | None]:
        """How much of the stems' weight the entry has that has most, and which that is."""
        weights = {stem: 1 / (1 + log(1 + len(self._by_stem.get(stem, ())))) for stem in stems}
        found: defaultdict[int, float] = defaultdict(float)
        for stem, weight in weights.items():
            for position in self._by_stem.get(stem, ()):
                found[position] += weight
        best = max(found, key=lambda position: found[position], default=None)
        return (found[best] / sum(weights.values()), best) if best is not None else (0.0, None)

    def _stems(self, text: str) -> set[str]:
        plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe")).encode("ascii", "ignore").decode()
        words = re.findall(r"[a-z0-9]{3,}", plain)
        return {_STEMMERS[self._lang].stemWord(word) for word in words if word not in words_of_courses()["sentence"]}


def _names(entry: Entry, lang: Lang) -> tuple[str, ...]:
    return (entry.title[lang], entry.source, *entry.questions[lang])


def _sentences(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Prose):
            yield from re.split(r"(?<=[.!?])\s+", block.text)
