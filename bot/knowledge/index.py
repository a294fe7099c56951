"""An inverted index over the ways to ask, and how well each entry fits what was asked."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, pairwise
from math import log

from rapidfuzz import fuzz, process

from bot.knowledge.reading import Reading
from bot.knowledge.words import INTENT, MEANING, NUMBER, OUTSIDE, SAID_AS, load_words

# Postings read per question, the rarest term's first: what keeps the cost from growing with the base.
MOST_POSTINGS = 4_000
CANDIDATES = 12
# What a term is worth, as a share of the rarest term's weight.
INTENT_WEIGHT, NUMBER_WEIGHT = 0.28, 0.15
# Which of the words of one meaning was taken.
SAID_AS_SHARE = 0.2
# An everyday word that few entries have tells less than a name that few entries have.
EVERYDAY_SHARE = 0.55
COMMON_WEIGHT = 0.3
STRANGE_WEIGHT = 0.7
OUTSIDE_WEIGHT = 2.5
# A term that only the answer or a command has counts for this much of one that the wordings have.
SAID = 0.4
# The best wording tells most; the entry as a whole settles between two that have the question's words alike.
WORDING, WHOLE = 0.6, 0.4
# A wording is further from a question by each word it has alone, and by each it lacks.
UNASKED, MISSED = 0.45, 0.6
SATURATION = 0.6
# Small words do not weigh, but between near scores the wording that reads like the question is the nearer one.
TEXT, TIED = 0.1, 4
# A wording's hash and its entry share 64 bits.
_ENTRY_BITS = 24


@dataclass(frozen=True, slots=True)
class Match:
    """``entry``: its position in the base; ``score``: 0 to 1."""

    entry: int
    score: float


class Index:
    """``readings``: of each entry, its wordings and the terms of all else; ``texts``: an entry's wordings as read.

    All of it is numbers in flat arrays, so that 100 000 entries fit into memory.
    """

    def __init__(
        self, readings: Iterable[tuple[Sequence[Reading], Iterable[str]]], texts: Callable[[int], Sequence[str]]
    ) -> None:
        self._texts = texts
        self._ids: dict[str, int] = {}
        self._postings: list[array[int]] = []  # per term, the entries that have it in a wording
        self._times: list[array[int]] = []  # and in how many wordings
        self._wordings: array[int] = array("I")  # the terms of all wordings in a row
        self._starts: array[int] = array("I", [0])  # where each wording starts in it
        self._firsts: array[int] = array("I", [0])  # the first wording of each entry
        self._said: array[int] = array("I")  # the terms of the rest of each entry in a row
        self._said_starts: array[int] = array("I", [0])
        hashes: array[int] = array("Q")
        for entry, (wordings, rest) in enumerate(readings):
            self._add(entry, wordings, rest)
            hashes.extend(_hashed(wording.text) | entry for wording in wordings)
        self._exact = array("Q", sorted(hashes))
        self._weights = array("f", (self._weight(term) for term in self._ids))
        totals = (sum(map(self._weights.__getitem__, self._wordings[a:b])) for a, b in pairwise(self._starts))
        self._totals = array("f", totals)

    def _add(self, entry: int, wordings: Sequence[Reading], rest: Iterable[str]) -> None:
        times: Counter[int] = Counter()
        for wording in wordings:
            terms = [self._id(term) for term in wording.terms]
            times.update(terms)
            self._wordings.extend(terms)
            self._starts.append(len(self._wordings))
        for term, count in times.items():
            self._postings[term].append(entry)
            self._times[term].append(count)
        self._said.extend({self._id(term) for term in rest if term[0] != OUTSIDE} - times.keys())
        self._said_starts.append(len(self._said))
        self._firsts.append(len(self._starts) - 1)

    def _id(self, term: str) -> int:
        number = self._ids.setdefault(term, len(self._ids))
        if number == len(self._postings):
            self._postings.append(array("I"))
            self._times.append(array("H"))
        return number

    def _weight(self, term: str) -> float:
        if term[0] == INTENT or term == NUMBER:
            return INTENT_WEIGHT if term != NUMBER else NUMBER_WEIGHT
        entries, found = len(self._firsts), len(self._postings[self._ids[term]])
        everyday = term in load_words().common and term not in load_words().field
        share = SAID_AS_SHARE if term[0] == SAID_AS else EVERYDAY_SHARE if everyday else 1.0
        return share * (log(1 + entries / found) / log(1 + entries) if found else COMMON_WEIGHT)

    def weight(self, term: str) -> float:
        """How much a term of a question tells, 0 to 1; a term of other subjects than the course's, above it."""
        if term in self._ids:
            return self._weights[self._ids[term]]
        if term[0] == OUTSIDE:
            return OUTSIDE_WEIGHT
        if term[0] == SAID_AS or term.isdigit():
            return 0.0
        return INTENT_WEIGHT if term[0] == INTENT else STRANGE_WEIGHT if self.is_strange(term) else COMMON_WEIGHT

    def is_strange(self, term: str) -> bool:
        """Whether it is a name that neither the base nor everyday language knows."""
        known = term in self._ids or term in load_words().common
        return not known and len(term) > 2 and term.isalpha()

    def exact(self, text: str) -> int | None:
        """The first entry that has a wording which reads like this, letter for letter."""
        hashed = _hashed(text)
        place = bisect_left(self._exact, hashed)
        if place == len(self._exact) or self._exact[place] >> _ENTRY_BITS != hashed >> _ENTRY_BITS:
            return None
        entry = self._exact[place] & ((1 << _ENTRY_BITS) - 1)
        return entry if text in self._texts(entry) else None

    def match(self, terms: Mapping[str, float], text: str, without: int = -1) -> list[Match]:
        """The entries that fit best, best first. ``terms``: each with its part in the question, 1 for its own words;
        ``text``: the question as it was meant; ``without``: a wording that is left out, for measuring."""
        weights = {term: self.weight(term) * part for term, part in terms.items()}
        total = sum(weights.values())
        asked = {self._ids[term]: weight for term, weight in weights.items() if term in self._ids and weight}
        scores = {entry: (1 - TEXT) * self._score(entry, asked, total, without) for entry in self._candidates(asked)}
        for entry in sorted(scores, key=lambda entry: -scores[entry])[:TIED]:
            scores[entry] += TEXT * self._reads_like(entry, text, without)
        return [Match(entry, score) for entry, score in sorted(scores.items(), key=lambda found: (-found[1], found[0]))]

    def holds(self, entry: int, term: str) -> bool:
        """Whether the entry has the term in a wording, its answer or a command."""
        number = self._ids.get(term)
        if number is None:
            return False
        first, end = self._firsts[entry], self._firsts[entry + 1]
        said = self._said[self._said_starts[entry] : self._said_starts[entry + 1]]
        return number in self._wordings[self._starts[first] : self._starts[end]] or number in said

    def of_the_field(self, term: str) -> bool:
        """Whether a term of the base tells its subject, where a common word could be about anything."""
        words = load_words()
        plain = term[0] not in MEANING + INTENT + SAID_AS + OUTSIDE and not term.isdigit()
        known = term in self._ids and term not in words.common and term not in words.elsewhere
        return term in words.field or (plain and known)

    def names_a_subject(self, term: str) -> bool:
        """Whether it tells what the question is about, and not what is wanted of it."""
        return self.of_the_field(term) and term not in load_words().wishes

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
        return nsmallest(CANDIDATES, found, key=lambda entry: (-found[entry], entry))

    def _score(self, entry: int, asked: Mapping[int, float], total: float, without: int) -> float:
        best = 0.0
        times: dict[int, int] = {}
        shared_with = frozenset(asked).intersection
        start = self._starts[self._firsts[entry]]
        for wording in range(self._firsts[entry], self._firsts[entry + 1]):
            end = self._starts[wording + 1]
            shared = shared_with(self._wordings[start:end])
            start = end
            if shared and wording != without:
                common = 0.0
                for term in shared:
                    common += asked[term]
                    times[term] = times.get(term, 0) + 1
                unasked = max(0.0, self._totals[wording] - common)
                best = max(best, common / (common + MISSED * (total - common) + UNASKED * unasked))
        whole = sum(asked[term] * count / (count + SATURATION) for term, count in times.items())
        said = asked.keys() & self._said[self._said_starts[entry] : self._said_starts[entry + 1]]
        return WORDING * best + WHOLE * (whole + SAID * sum(map(asked.__getitem__, said))) / total

    def _reads_like(self, entry: int, text: str, without: int) -> float:
        skipped = without - self._firsts[entry]
        texts = [other for place, other in enumerate(self._texts(entry)) if place != skipped]
        found = process.extractOne(text, texts, scorer=fuzz.ratio)
        return found[1] / 100 if found else 0.0


def _hashed(text: str) -> int:
    return (hash(text) & ((1 << 64 - _ENTRY_BITS) - 1)) << _ENTRY_BITS
