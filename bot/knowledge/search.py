"""Which entries answer a question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.answers import SMALLTALK, UNKNOWN, Answer, Kind, Part, part, titles
from bot.knowledge.entries import Entry
from bot.knowledge.index import Index, Match
from bot.knowledge.reading import Reader, Reading, is_foreign, language_of
from bot.knowledge.words import INTENT, OUTSIDE, SAID_AS, load_words
from bot.language import LANGS, Lang

# Calibrated on tests/knowledge/questions/tuning.yaml: the least score of an answer to a question that has a word of
# the field in common with its entry, and to one that has not.
ANSWER_SCORE, OUTSIDE_SCORE, BARE_SCORES, BARE_SCORE = 0.36, 0.62, 0.6, 0.8
BARE_FIELD = 0.55
# A second entry this near the first is offered as a button before the related ones.
CLOSE = 0.93
# What a word of the question before counts in a follow-up.
AFTER, AFTER_WISH = 0.5, 0.65
NEAREST = RELATED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """``entries``: best first, the first ``parts`` of them each answering one question of the message; for an
    unknown question, the nearest ones."""

    kind: Kind
    lang: Lang
    entries: tuple[Entry, ...] = ()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class _Search:
    """What one question found: its matches, best first, and whether the best one answers it."""

    matches: Sequence[Match]
    known: bool


class KnowledgeBase:
    """Entries and their index: the cost of a question does not grow with their number."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in self.entries}
        self._reader = Reader(text for entry in self.entries for text in (*_asked(entry), *_said(entry)))
        read = self._reader.read_own
        asked = [[read(text) for text in _asked(entry)] for entry in self.entries]
        said = [[term for text in _said(entry) for term in read(text).terms] for entry in self.entries]
        self._index = Index(asked, said)
        self._exact: dict[str, int] = {}
        for place, readings in enumerate(asked):
            for reading in readings:
                self._exact.setdefault(reading.text, place)

    def search(self, question: str, after: str | None = None) -> Finding:
        lang = _language(question, after)
        exact = self._exact.get(self._reader.read_own(question).text)
        reading = self._reader.read(question)
        if exact is None and not reading.subjects and (reading.smalltalk or not after or not reading.terms):
            return Finding("smalltalk", lang)
        whole = [self._one(reading, after if exact is None else None)]
        found = whole if exact is not None else self._each(question, after) or whole
        known = exact is not None or all(search.known for search in found)
        firsts = [exact] if exact is not None else [search.matches[0].entry for search in found if search.matches]
        order = dict.fromkeys([*firsts, *(match.entry for search in found for match in search.matches)])
        entries = tuple(self.entries[entry] for entry in order)
        return Finding("answer" if known else "unknown", lang, entries, len(firsts))

    def _each(self, question: str, after: str | None) -> list[_Search]:
        """What each of several questions in one message found; nothing when it is one question."""
        questions = split(question)[:3]
        found: dict[int, _Search] = {}
        for text, before in zip(questions, (after, *questions), strict=False):
            search = self._one(self._reader.read(text), before)
            if not search.known:
                return []
            found.setdefault(search.matches[0].entry, search)
        return list(found.values()) if len(found) > 1 else []

    def _one(self, reading: Reading, after: str | None) -> _Search:
        alone = self._search(dict.fromkeys(reading.terms, 1.0), reading.text)
        if not after or (alone.known and not reading.leans and len(reading.subjects) > 1):
            return alone
        return self._search(_with(reading, self._reader.read(after)), reading.text)

    def _search(self, terms: Mapping[str, float], text: str) -> _Search:
        matches = self._index.match(terms, text)
        return _Search(matches, bool(matches) and self._answers(matches[0], terms))

    def _answers(self, match: Match, terms: Iterable[str]) -> bool:
        """Whether it is near enough, and no word of other subjects is left unanswered."""
        held = [term for term in terms if self._index.holds(match.entry, term)]
        if any(term[0] == OUTSIDE and term not in held for term in terms):
            return False
        if any(term[0] == OUTSIDE for term in held):
            return match.score >= OUTSIDE_SCORE
        if any(map(self._index.of_the_field, held)):
            return match.score >= ANSWER_SCORE
        if any(map(self._index.of_the_field, terms)):
            return match.score >= BARE_FIELD
        subjects = sum(term[0] not in INTENT + SAID_AS for term in held)
        return match.score >= (BARE_SCORE if subjects < 3 else BARE_SCORES)

    def answer(self, question: str, after: str | None = None) -> Answer:
        finding = self.search(question, after)
        if finding.kind == "answer":
            answer = self._show(finding.entries[: finding.parts], finding.lang, finding.entries)
        else:
            text = SMALLTALK if finding.kind == "smalltalk" else UNKNOWN
            nearest = titles(finding.entries[:NEAREST], finding.lang)
            answer = Answer(finding.kind, finding.lang, (Part("", text[finding.lang]),), nearest=nearest)
        return answer

    def show(self, entry_id: str, lang: Lang) -> Answer | None:
        """One entry by its id; None when there is none."""
        entry = self._by_id.get(entry_id)
        return self._show((entry,), lang, (entry,)) if entry else None

    def _show(self, shown: Sequence[Entry], lang: Lang, found: Sequence[Entry]) -> Answer:
        others = dict.fromkeys(id_ for entry in shown for id_ in entry.related if id_ in self._by_id)
        related = titles([self._by_id[id_] for id_ in others if self._by_id[id_] not in shown][:RELATED], lang)
        parts = tuple(part(entry, lang) for entry in shown)
        return Answer("answer", lang, parts, tuple(entry.id for entry in found), related)


def _with(reading: Reading, before: Reading) -> Mapping[str, float]:
    """The terms of a follow-up: its own, and of the question before what it leaves open."""
    wishes = load_words().wishes
    wish = not wishes.isdisjoint(reading.terms)
    asks = wish or any(term[0] == INTENT for term in reading.terms)
    kept = (t for t in before.terms if not (wish and t in wishes) and not (asks and t[0] == INTENT))
    open_wishes = {term: AFTER_WISH if term in wishes or term[0] == INTENT else AFTER for term in kept}
    return open_wishes | dict.fromkeys(reading.terms, 1.0)


def _asked(entry: Entry) -> list[str]:
    return [text for lang in LANGS for text in (*entry.questions[lang], entry.title[lang])]


def _said(entry: Entry) -> list[str]:
    commands = [text for command in entry.commands for text in (command.run, command.does["fr"], command.does["en"])]
    return [entry.answer["fr"], entry.answer["en"], *commands]


def _language(question: str, after: str | None) -> Lang:
    if is_foreign(question):
        return "en"
    return language_of(question) or (language_of(after) if after else None) or "fr"


_ASKS = (
    r"comment|cmt|koman|c'?\s?est quoi|c quoi|c koi|cé koi|[àa] quoi|qu'?\s?est|quel|pourquoi|pk|o[uù] |combien|"
    r"how|what|why|where|which|who|when|is there|are |can |do "
)
_LINKS = r"(?:puis |ensuite |apr[eè]s |aussi |then |also )?"
_BREAK = re.compile(
    rf"\?+\s+(?=.*\w)|(?:[,;.]\s*|\s)(?:et|puis|and|then|also)\s+{_LINKS}(?=(?:{_ASKS}))", re.IGNORECASE
)


def split(message: str) -> list[str]:
    """The questions of a message, in their order."""
    return [text for text in _BREAK.split(message) if any(char.isalnum() for char in text)]
