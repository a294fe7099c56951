"""How much a question reads like the wordings of an entry, small words and all: by its letters, and by its words."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt

from rapidfuzz import fuzz, process

# Entries whose wordings are kept as they read: those of a course, and the more asked ones of a huge base.
REMEMBERED = 2_000
# Words that more of the wordings have tell too little for the time that they take.
TOLD_BY_MOST = 0.05

# Of each word, the wordings that have it, and its part in them.
_Words = Mapping[str, Sequence[tuple[int, float]]]


class Likeness:
    """``texts``: an entry's wordings as read. Each is to be learnt first, since a rare word tells more."""

    def __init__(self, texts: Callable[[int], Sequence[str]]) -> None:
        self._wordings = lru_cache(REMEMBERED)(self._read)
        self._texts = texts
        self._counts: Counter[str] = Counter()
        self._learnt = 1

    def learn(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._counts.update(set(text.split()))
            self._learnt += 1

    def texts(self, entry: int) -> Sequence[str]:
        return self._wordings(entry)[0]

    def weighed(self, text: str) -> Mapping[str, float]:
        """Its words with their part in it: their squares add up to 1."""
        weights = {word: log(1 + self._learnt / (1 + self._counts[word])) for word in text.split()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()}

    def of(self, entry: int, text: str, weighed: Mapping[str, float]) -> tuple[float, float]:
        """How near its nearest wordings are by letters and by words, each 0 to 1."""
        texts, words = self._wordings(entry)
        shared = [0.0] * len(texts)
        for word, weight in weighed.items():
            for wording, part in words.get(word, ()):
                shared[wording] += weight * part
        found = process.extractOne(text, texts, scorer=fuzz.ratio)
        return (found[1] / 100 if found else 0.0), max(shared, default=0.0)

    def _read(self, entry: int) -> tuple[Sequence[str], _Words]:
        texts = self._texts(entry)
        words: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for wording, text in enumerate(texts):
            for word, part in self.weighed(text).items():
                if self._counts[word] <= TOLD_BY_MOST * self._learnt:
                    words[word].append((wording, part))
        return texts, words
