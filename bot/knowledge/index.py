"""An inverted index over the ways to ask, and how well each entry fits what was asked."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, starmap
from math import log

from rapidfuzz import fuzz, process

from bot.knowledge.reading import Reading
from bot.knowledge.words import INTENT, MEANING, OUTSIDE, SAID_AS, load_words

# Postings read per question, the rarest term's first: what keeps the cost from growing with the base.
MOST_POSTINGS = 20_000
CANDIDATES = 24
# What a term is worth, as a share of the rarest term's weight.
INTENT_WEIGHT = 0.28
# Which of the words of one meaning was taken.
SAID_AS_SHARE = 0.2
COMMON_WEIGHT = 0.3
STRANGE_WEIGHT = 0.7
OUTSIDE_WEIGHT = 2.5
# A term that only the answer or a command has counts for this much of one that the wordings have.
SAID = 0.4
# The best wording tells most; the entry as a whole settles between two that have the question's words alike.
WORDING, WHOLE = 0.7, 0.3
# A wording is further from a question by each word it has alone, and by each it lacks.
UNASKED, MISSED = 0.35, 0.6
SATURATION = 0.6
# Small words do not weigh, but between near scores the wording that reads like the question is the nearer one.
TEXT, TIED = 0.1, 8


@dataclass(frozen=True, slots=True)
class Match:
    """``entry``: its position in the base; ``score``: 0 to 1."""

    entry: int
    score: float


class Index:
    """``asked``: the wordings of each entry; ``said``: the terms of each entry's answer and commands."""

    def __init__(self, asked: Sequence[Sequence[Reading]], said: Sequence[Iterable[str]]) -> None:
        self._ids: dict[str, int] = {}
        self._postings: list[array[int]] = []  # per term, the entries that have it in a wording
        self._times: list[array[int]] = []  # and in how many wordings
        self._wordings: array[int] = array("I")  # the terms of all wordings in a row
        self._starts: array[int] = array("I")  # where each wording starts in it
        self._firsts: array[int] = array("I")  # the first wording of each entry
        self._texts: list[str] = []
        self._said: list[array[int]] = []
        for entry, (wordings, words) in enumerate(zip(asked, said, strict=True)):
            self._firsts.append(len(self._starts))
            for wording in wordings:
                self._starts.append(len(self._wordings))
                self._wordings.extend(map(self._id, wording.terms))
                self._texts.append(wording.text)
            here = Counter(self._wordings[self._starts[self._firsts[entry]] :] if wordings else ())
            for term, times in here.items():
                self._postings[term].append(entry)
                self._times[term].append(times)
            self._said.append(
                array("I", sorted({self._id(term) for term in words if term[0] != OUTSIDE} - here.keys()))
            )
        self._starts.append(len(self._wordings))
        self._firsts.append(len(self._starts) - 1)
        self._weights = array("f", (self._weight(term, len(asked)) for term in self._ids))
        lengths = zip(self._starts, islice(self._starts, 1, None), strict=False)
        self._totals = array("f", (sum(map(self._weights.__getitem__, self._wordings[a:b])) for a, b in lengths))

    def _id(self, term: str) -> int:
        if term not in self._ids:
            self._ids[term] = len(self._ids)
            self._postings.append(array("I"))
            self._times.append(array("H"))
        return self._ids[term]

    def _weight(self, term: str, entries: int) -> float:
        if term[0] == INTENT:
            return INTENT_WEIGHT
        found = len(self._postings[self._ids[term]])
        share = SAID_AS_SHARE if term[0] == SAID_AS else 1.0
        return share * (log(1 + entries / found) / log(1 + entries) if found else COMMON_WEIGHT)

    def weight(self, term: str) -> float:
        """How much a term of a question tells, 0 to 1; a term of other subjects than the course's, above it."""
        if term in self._ids:
            return self._weights[self._ids[term]]
        if term[0] == OUTSIDE:
            return OUTSIDE_WEIGHT
        if term[0] == SAID_AS or term.isdigit():
            return 0.0
        strange = term[0] not in MEANING + INTENT and term not in load_words().common
        return INTENT_WEIGHT if term[0] == INTENT else STRANGE_WEIGHT if strange else COMMON_WEIGHT

    def match(self, terms: Mapping[str, float], text: str, without: int = -1) -> list[Match]:
        """The entries that fit best, best first. ``terms``: each with its part in the question, 1 for its own words;
        ``text``: the question as it was meant."""
        weights = {term: self.weight(term) * part for term, part in terms.items()}
        total = sum(weights.values())
        asked = {self._ids[term]: weight for term, weight in weights.items() if term in self._ids and weight}
        scores = {entry: self._score(entry, asked, total, without) for entry in self._candidates(asked)}
        for entry in sorted(scores, key=lambda entry: -scores[entry])[:TIED]:
            scores[entry] = (1 - TEXT) * scores[entry] + TEXT * self._reads_like(entry, text, without)
        return sorted(starmap(Match, scores.items()), key=lambda match: (-match.score, match.entry))

    def _reads_like(self, entry: int, text: str, without: int) -> float:
        wordings = range(self._firsts[entry], self._firsts[entry + 1])
        texts = [self._texts[wording] for wording in wordings if wording != without]
        found = process.extractOne(text, texts, scorer=fuzz.ratio)
        return found[1] / 100 if found else 0.0

    def holds(self, entry: int, term: str) -> bool:
        """Whether the entry has the term in a wording, its answer or a command."""
        term_id = self._ids.get(term)
        asked = self._wordings[self._starts[self._firsts[entry]] : self._starts[self._firsts[entry + 1]]]
        return term_id is not None and (term_id in asked or term_id in self._said[entry])

    def of_the_field(self, term: str) -> bool:
        """Whether a term of the base tells its subject, where a common word could be about anything."""
        words = load_words()
        plain = term[0] not in MEANING + INTENT + SAID_AS + OUTSIDE
        return term in words.field or (plain and term not in words.common and not term.isdigit())

    def _candidates(self, asked: Mapping[int, float]) -> list[int]:
        found: defaultdict[int, float] = defaultdict(float)
        left = MOST_POSTINGS
        for term in sorted(asked, key=lambda term: len(self._postings[term])):
            weight = asked[term]
            for entry, times in islice(zip(self._postings[term], self._times[term], strict=True), left):
                found[entry] += weight * times / (times + SATURATION)
            left -= len(self._postings[term])
            if left <= 0:
                break
        return sorted(found, key=lambda entry: (-found[entry], entry))[:CANDIDATES]

    def _score(self, entry: int, asked: Mapping[int, float], total: float, without: int) -> float:
        best = 0.0
        times: Counter[int] = Counter()
        for wording in range(self._firsts[entry], self._firsts[entry + 1]):
            if wording == without:
                continue
            shared = [
                term for term in self._wordings[self._starts[wording] : self._starts[wording + 1]] if term in asked
            ]
            times.update(shared)
            common = sum(map(asked.__getitem__, shared))
            if common:
                unasked = max(0.0, self._totals[wording] - common)
                best = max(best, common / (common + MISSED * (total - common) + UNASKED * unasked))
        whole = sum(weight * times[term] / (times[term] + SATURATION) for term, weight in asked.items() if times[term])
        whole += SAID * sum(asked.get(term, 0.0) for term in self._said[entry] if not times[term])
        return WORDING * best + WHOLE * whole / total
