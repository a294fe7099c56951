"""An inverted index over the ways to ask, and how well each entry fits what was asked."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from math import log

from bot.knowledge.likeness import Likeness
from bot.knowledge.reading import Reading
from bot.knowledge.words import INTENT, MEANING, NUMBER, OUTSIDE, SAID_AS, load_words

# Postings read per question, the rarest term's first: what keeps the cost from growing with the base.
MOST_POSTINGS = 3_000
# Entries that are looked at wording by wording; the nearest of them are read letter by letter.
CANDIDATES, READ = 12, 6
# What a term is worth, as a share of the rarest term's weight.
INTENT_WEIGHT, NUMBER_WEIGHT = 0.28, 0.15
# Which of the words of one meaning was taken.
SAID_AS_SHARE = 0.2
# An everyday word that few entries have tells less than a name that few entries have.
EVERYDAY_SHARE = 0.55
COMMON_WEIGHT = 0.3
STRANGE_WEIGHT = 0.7
OUTSIDE_WEIGHT = 2.5
# The share of entries that ask by a word of other subjects from which on it is the course's own.
OWN_SUBJECT = 0.05
# A term that only the answer or a command has counts for this much of one that the wordings have.
SAID = 0.4
# What makes a score, fitted to the tuning sets: by its terms, the best wording and the third best, which tells a stray
# wording from a way to ask, and the entry as a whole; by its letters and its words, small ones too, what reads like it.
BEST, THIRD, WHOLE, LETTERS, WORDS = 0.24, 0.1, 0.24, 0.32, 0.1
# A wording is further from a question by each word it has alone, and by each it lacks.
UNASKED, MISSED = 0.45, 0.6
SATURATION, SHARE_SATURATION = 0.42, 2.0
# A wording's hash and its entry share 64 bits.
_ENTRY_BITS = 24


@dataclass(frozen=True, slots=True)
class Match:
    """``entry``: its position in the base; ``score``: 0 to 1."""

    entry: int
    score: float


class Index:
    """``readings``: of each entry, its wordings and the terms of all else.

    All of it is numbers in flat arrays, so that 100 000 entries fit into memory.
    """

    def __init__(self, readings: Iterable[tuple[Sequence[Reading], Iterable[str]]], likeness: Likeness) -> None:
        self._likeness = likeness
        self._ids: dict[str, int] = {}
        self._postings: list[array[int]] = []  # per term, the entries that have it in a wording
        self._shares: list[array[float]] = []  # and how well each is known for it: 0 to 1, by the wordings that have it
        self._places: list[array[int]] = []  # and these wordings
        self._firsts: array[int] = array("I", [0])  # the first wording of each entry
        self._said: array[int] = array("I")  # the terms of the rest of each entry in a row, sorted
        self._said_starts: array[int] = array("I", [0])
        hashes: array[int] = array("Q")
        for entry, (wordings, rest) in enumerate(readings):
            self._add(entry, wordings, rest)
            likeness.learn(wording.text for wording in wordings)
            hashes.extend(_hashed(wording.text) | entry for wording in wordings)
        self._exact = array("Q", sorted(hashes))
        self._weights = array("f", (self._weight(term) for term in self._ids))
        self._totals = array("f", bytes(4 * self._firsts[-1]))  # the weight of each wording
        for weight, places in zip(self._weights, self._places, strict=True):
            for wording in places:
                self._totals[wording] += weight

    def _add(self, entry: int, wordings: Sequence[Reading], rest: Iterable[str]) -> None:
        times: Counter[int] = Counter()
        for place, wording in enumerate(wordings, start=self._firsts[entry]):
            terms = [self._id(term) for term in wording.terms]
            times.update(terms)
            for term in terms:
                self._places[term].append(place)
        for term, count in times.items():
            self._postings[term].append(entry)
            self._shares[term].append(count / (count + SHARE_SATURATION))
        self._said.extend(sorted({self._id(term) for term in rest if term[0] != OUTSIDE} - times.keys()))
        self._said_starts.append(len(self._said))
        self._firsts.append(self._firsts[entry] + len(wordings))

    def _id(self, term: str) -> int:
        number = self._ids.setdefault(term, len(self._ids))
        if number == len(self._postings):
            self._postings.append(array("I"))
            self._shares.append(array("f"))
            self._places.append(array("I"))
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
        return entry if text in self._likeness.texts(entry) else None

    def match(self, terms: Mapping[str, float], text: str) -> list[Match]:
        """The entries that fit best, best first. ``terms``: each with its part in the question, 1 for its own words;
        ``text``: the question as it was meant."""
        weights = {term: self.weight(term) * part for term, part in terms.items()}
        total = sum(weights.values())
        asked = {self._ids[term]: weight for term, weight in weights.items() if term in self._ids and weight}
        words = self._likeness.weighed(text)
        matches = [Match(entry, self._score(entry, asked, total)) for entry in self._candidates(asked)]
        nearest = nlargest(READ, matches, key=_order)
        return sorted((self._read(match, text, words) for match in nearest), key=_order, reverse=True)

    def _read(self, match: Match, text: str, words: Mapping[str, float]) -> Match:
        by_letters, by_words = self._likeness.of(match.entry, text, words)
        return Match(match.entry, match.score + LETTERS * by_letters + WORDS * by_words)

    def holds(self, entry: int, term: str) -> bool:
        """Whether the entry has the term in a wording, its answer or a command."""
        return self.is_asked_by(entry, term) or (term in self._ids and self._says(entry, self._ids[term]))

    def is_asked_by(self, entry: int, term: str) -> bool:
        """Whether a wording of the entry has the term."""
        return term in self._ids and bool(self._having(entry, self._ids[term]))

    def _having(self, entry: int, term: int) -> Sequence[int]:
        """The wordings of an entry that have a term."""
        places = self._places[term]
        start = bisect_left(places, self._firsts[entry])
        return places[start : bisect_left(places, self._firsts[entry + 1], start)]

    def _says(self, entry: int, term: int) -> bool:
        end = self._said_starts[entry + 1]
        place = bisect_left(self._said, term, self._said_starts[entry], end)
        return place < end and self._said[place] == term

    def is_own_subject(self, term: str) -> bool:
        """Whether so many entries are about it that it is this course's, whatever it is to others: Rust, for one."""
        return term in self._ids and len(self._postings[self._ids[term]]) >= OWN_SUBJECT * (len(self._firsts) - 1)

    def is_about(self, entry: int, term: str) -> bool:
        """Whether most wordings of the entry have the term, so that it is the entry's own subject."""
        number = self._ids.get(term)
        wordings = self._firsts[entry + 1] - self._firsts[entry]
        return number is not None and 2 * len(self._having(entry, number)) >= wordings

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
            for entry, share in islice(zip(self._postings[term], self._shares[term], strict=True), left):
                found[entry] += weight * share
            left -= len(self._postings[term])
            if left <= 0:
                break
        least = min(nlargest(CANDIDATES, found.values()), default=0.0)
        near = [entry for entry, score in found.items() if score >= least]
        return sorted(near, key=lambda entry: (-found[entry], entry))[:CANDIDATES]

    def _score(self, entry: int, asked: Mapping[int, float], total: float) -> float:
        shared: defaultdict[int, float] = defaultdict(float)
        whole = 0.0
        for term, weight in asked.items():
            wordings = self._having(entry, term)
            for wording in wordings:
                shared[wording] += weight
            times = len(wordings)
            whole += weight * (times / (times + SATURATION) if times else SAID * self._says(entry, term))
        fits = [0.0, 0.0, 0.0]
        for wording, common in shared.items():
            unasked = self._totals[wording] - common
            fits.append(common / (common + MISSED * (total - common) + (UNASKED * unasked if unasked > 0 else 0.0)))
        fits.sort()
        third = fits[-min(3, self._firsts[entry + 1] - self._firsts[entry])]
        return BEST * fits[-1] + THIRD * third + WHOLE * whole / total


def _order(match: Match) -> tuple[float, int]:
    return match.score, -match.entry


def _hashed(text: str) -> int:
    return (hash(text) & ((1 << 64 - _ENTRY_BITS) - 1)) << _ENTRY_BITS
