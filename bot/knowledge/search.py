"""Which entries answer a question: words of one meaning, an inverted index, how wordings read, one fitted threshold.

Why so: of the 2 547 answerable questions of tests/knowledge/questions, over the same entries, the first answer is right
for 78 % with BM25 and 26 % with rapidfuzz's `extractOne`. Here it is for 99.3 %: 94.7 % without taking messages apart,
95.6 % without the meanings of words.yaml (and 1.8 % are wrongly unknown), 96.4 % without corrected spelling (and 2.5 %
unknown), 96.1 % by the best wording's terms alone, 98.5 % without how the wordings read.
Unknown is told by the words of the field as much as by the score: most questions on other subjects have none.
Those figures are of questions that were looked at while tuning. Before anybody saw them, the three latest sets of 350
had 95.5, 92.8 and 97.2 % right on the course, 90.5, 96.8 and 98.4 % beyond it; the last one stays unseen.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from bot.knowledge.answers import FOREIGN, SMALLTALK, UNKNOWN, Answer, Kind, Part, part, titles
from bot.knowledge.conversation import (
    BEFORE,
    BEFORE_SUBJECT,
    alone,
    asks,
    goes_on_with,
    halves_of,
    points_back,
    questions_of,
    said_before,
    with_before,
)
from bot.knowledge.entries import Entry
from bot.knowledge.index import Index, Match
from bot.knowledge.likeness import REMEMBERED, Likeness
from bot.knowledge.reading import Reader, Reading, answer_language, without_foreign
from bot.knowledge.words import INTENT, OUTSIDE, SAID_AS
from bot.language import LANGS, Lang

# What makes an answer of the best entry: its score, and that question and entry share words, up to four of them; names
# of the field, one above all, up to three; a long question is seldom like any wording; one that names another subject,
# though the entry has it too, is seldom the course's. Fitted to the questions of the tuning sets, before and after they
# were looked at.
CERTAIN = 0.89
SHARED, MOST_SHARED, NAMED, EACH_NAMED, MOST_NAMED, LONG, ELSEWHERE = 0.07, 4, 0.15, 0.055, 3, 0.07, 0.36
# A second entry this near the first is offered as a button before the related ones.
CLOSE = 0.93
# Where the first entry is no answer, one of the next may be, if it is this near.
NEAR, NEAR_MOST = 0.9, 3
# The halves of a message are questions of their own where each is this near to an entry, and both on the whole nearer
# than the message.
HALF_SCORE, DIFFERENCE = 0.6, INTENT + "difference"
# What answers one of several questions of a message, where another one is certainly the course's.
BESIDE_SCORE = 0.45
NEAREST = RELATED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """``entries``: best first, the first ``parts`` of them each answering one question of the message; for an
    unknown question, the nearest ones. ``close``: the next one was almost as near. ``foreign``: the question is in
    neither language of the course."""

    kind: Kind
    lang: Lang
    entries: tuple[Entry, ...] = ()
    parts: int = 1
    close: bool = False
    foreign: bool = False


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
        linked = Counter(id_ for entry in self.entries for id_ in entry.related)
        self._central = sorted(self.entries, key=lambda entry: -linked[entry.id])[: 2 * NEAREST]
        self._reader = Reader()
        self._likeness = Likeness(self._read_texts)
        self._index = Index(map(self._read, self.entries), self._likeness)

    def _read(self, entry: Entry) -> tuple[list[Reading], set[str]]:
        return [self._reader.learn(text) for text in _asked(entry)], self._reader.learn_words(_said(entry))

    def _read_texts(self, entry: int) -> list[str]:
        return [self._reader.meant(text) for text in _asked(self.entries[entry])]

    def warm(self) -> None:
        """Make now, in some tenths of a second, what the first questions would each wait for."""
        for entry in range(min(REMEMBERED, len(self.entries))):
            self._likeness.texts(entry)
        self._reader.read("zxqvk")  # no word is near it, so that each way to correct one is taken

    def search(self, question: str, *before: str) -> Finding:
        """``before``: the questions before it in its thread, oldest first."""
        lang, foreign = answer_language(question, *before[-1:])
        reading = self._reader.read(without_foreign(question) if foreign else question)
        exact = self._index.exact(self._reader.meant(question))
        if exact is not None:
            return self._finding([_Search([Match(exact, 1.0), *self._one(reading, {}).matches], True)], lang, foreign)
        said = said_before(map(self._reader.read, before))
        if not reading.subjects and (reading.smalltalk or not said or not reading.terms):
            return Finding("smalltalk", lang, foreign=foreign)
        several = questions_of(question)
        found = self._all([self._reader.read(text) for text in several], said)
        if not found:
            whole = self._one(reading, said)
            halves = halves_of(question) if len(several) == 1 else []
            found = self._halves(halves, said, whole) or [whole]
        return self._finding(found, lang, foreign)

    def _finding(self, found: Sequence[_Search], lang: Lang, foreign: bool) -> Finding:
        firsts = [search.matches[0] for search in found if search.matches]
        others = [match for search in found for match in search.matches[1:]]
        entries = tuple(self.entries[entry] for entry in dict.fromkeys(match.entry for match in [*firsts, *others]))
        kind: Kind = "answer" if any(search.known for search in found) else "unknown"
        close = len(found) == 1 and bool(others) and others[0].score >= CLOSE * firsts[0].score
        return Finding(kind, lang, entries, len(firsts), close, foreign)

    def _all(self, questions: Sequence[Reading], said: Mapping[str, float]) -> list[_Search]:
        """What each of several questions in one message found; nothing when it is one question."""
        found: dict[int, _Search] = {}
        for reading in questions if len(questions) > 1 else ():
            if not reading.subjects:
                continue
            search = self._second(reading, said) if found else self._one(reading, said)
            if not (search.known or self._may_answer(search, reading)):
                return []
            search = self._another(search, found)
            found.setdefault(search.matches[0].entry, search)
            said = alone(reading)
        return list(found.values()) if len(found) > 1 and any(search.known for search in found.values()) else []

    def _may_answer(self, search: _Search, reading: Reading) -> bool:
        """A question beside one that the course answers needs less to be one of the course itself."""
        outside = any(term[0] == OUTSIDE or self._index.is_strange(term) for term in reading.terms)
        return bool(search.matches) and not outside and search.matches[0].score >= BESIDE_SCORE

    def _another(self, search: _Search, found: Container[int]) -> _Search:
        """Who asks twice in one message wants two answers: the next one, where the best was given and it is as near."""
        if search.matches[0].entry not in found:
            return search
        near = (match for match in search.matches[:NEAR_MOST] if match.score >= NEAR * search.matches[0].score)
        other = next((match for match in near if match.entry not in found), search.matches[0])
        return _Search([other, *(match for match in search.matches if match is not other)], True)

    def _second(self, reading: Reading, said: Mapping[str, float]) -> _Search:
        """A further question of a message: one with a subject of its own takes over the wish of the one before alone,
        if that is an answer: "comment lister les pods ? et les services ?"."""
        if any(map(self._index.names_a_subject, reading.terms)) and not points_back(reading):
            taken = self._search(with_before(reading, said, 0.0), reading.text)
            if taken.known:
                return taken
        return self._one(reading, said)

    def _halves(self, texts: Sequence[str], said: Mapping[str, float], whole: _Search) -> list[_Search]:
        """Two things asked with one question word, where each of them is nearer to an entry than both together."""
        halves = [self._reader.read(half) for half in texts]
        if not halves:
            return []
        first, second = halves
        if DIFFERENCE in first.terms or (DIFFERENCE in second.terms and self._tells_all(halves, whole)):
            return []
        if not asks(first):
            first = replace(first, terms=tuple(with_before(first, alone(second), 0.0)))
        if goes_on_with(second):
            terms = with_before(second, alone(first), 1.0)
            second = replace(second, terms=tuple(terms), text=f"{first.text} {second.text}")
        found = self._all([first, second], said)
        scores = [search.matches[0].score for search in found]
        together = whole.matches[0].score if whole.matches else 0.0
        return found if found and min(scores) >= HALF_SCORE and sum(scores) / len(scores) >= together else []

    def _tells_all(self, halves: Sequence[Reading], whole: _Search) -> bool:
        """Whether the best entry for the message is asked by every name in it."""
        named = {term for half in halves for term in half.terms if self._index.names_a_subject(term)}
        return bool(whole.matches) and all(self._index.is_asked_by(whole.matches[0].entry, term) for term in named)

    def _one(self, reading: Reading, said: Mapping[str, float]) -> _Search:
        own = self._search(alone(reading), reading.text)
        if not said or (own.known and not reading.leans and len(reading.subjects) > 1):
            return own
        subjects = BEFORE if any(map(self._index.names_a_subject, reading.terms)) else BEFORE_SUBJECT
        return self._search(with_before(reading, said, subjects), reading.text)

    def _search(self, terms: Mapping[str, float], text: str) -> _Search:
        matches = self._index.match(terms, text)
        near = [match for match in matches[:NEAR_MOST] if match.score >= NEAR * matches[0].score]
        best = next((match for match in near if self._answers(match, terms, text)), None)
        if best:
            matches = [best, *(match for match in matches if match is not best)]
        return _Search(matches, best is not None)

    def _answers(self, match: Match, terms: Iterable[str], text: str) -> bool:
        """Whether it is near enough, and no word of other subjects is left unanswered."""
        held = [term for term in terms if self._index.holds(match.entry, term)]
        outside = {term for term in terms if term[0] == OUTSIDE and not self._index.is_own_subject(term)}
        if not outside.issubset(held):
            return False
        shared = sum(term[0] not in INTENT + SAID_AS for term in held)
        own = {term for term in outside if self._index.is_about(match.entry, term)}
        named = sum(map(self._index.of_the_field, held)) + len(own)
        certainty = match.score + SHARED * min(MOST_SHARED, shared) + LONG * log(1 + text.count(" "))
        certainty += NAMED * bool(named) + EACH_NAMED * min(MOST_NAMED, named) - ELSEWHERE * bool(outside - own)
        return certainty >= CERTAIN

    def answer(self, question: str, *before: str) -> Answer:
        """``before``: the questions before it in its thread, oldest first."""
        finding = self.search(question, *before)
        if finding.kind == "answer":
            offered = finding.entries[finding.parts : finding.parts + 1] if finding.close else ()
            answer = self._show(finding.entries[: finding.parts], finding.lang, finding.entries, offered)
        else:
            text = SMALLTALK if finding.kind == "smalltalk" else UNKNOWN
            nearest = self._nearest(finding.entries) if finding.kind == "unknown" else ()
            part = Part("", text[finding.lang])
            answer = Answer(finding.kind, finding.lang, (part,), nearest=titles(nearest, finding.lang))
        return replace(answer, parts=(Part("", FOREIGN), *answer.parts)) if finding.foreign else answer

    def _nearest(self, found: Sequence[Entry]) -> list[Entry]:
        """Never fewer than a base has: where little or nothing is near, the entries that most others lead to."""
        return list({entry.id: entry for entry in (*found[:NEAREST], *self._central)}.values())[:NEAREST]

    def show(self, entry_id: str, lang: Lang) -> Answer | None:
        """One entry by its id; None when there is none."""
        entry = self._by_id.get(entry_id)
        return self._show((entry,), lang, (entry,)) if entry else None

    def _show(
        self, shown: Sequence[Entry], lang: Lang, found: Sequence[Entry], offered: Sequence[Entry] = ()
    ) -> Answer:
        related = [self._by_id[id_] for entry in shown for id_ in entry.related if id_ in self._by_id]
        others = dict.fromkeys(entry.id for entry in (*offered, *related) if entry not in shown)
        buttons = titles([self._by_id[id_] for id_ in list(others)[:RELATED]], lang)
        parts = tuple(part(entry, lang) for entry in shown)
        return Answer("answer", lang, parts, tuple(entry.id for entry in found), buttons)


def _asked(entry: Entry) -> list[str]:
    return [text for lang in LANGS for text in (*entry.questions[lang], entry.title[lang])]


def _said(entry: Entry) -> str:
    commands = [text for command in entry.commands for text in (command.run, command.does["fr"], command.does["en"])]
    return " . ".join([entry.answer["fr"], entry.answer["en"], *commands])
