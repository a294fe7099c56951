"""Correct a word against the words of the base: by its sound first, as students write, then by its letters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Beyond these, the words of a base are names and numbers, and looking through them costs more than a question may.
MOST_WORDS = 8_000
# Shorter ones are like too many words.
LEAST_SOUND, LEAST_CONSONANTS = 4, 4
_MUTE = re.compile(r"[esrtdp]{1,3}$")
ELISIONS, VOWELS = frozenset("jldnmst"), frozenset("aehiouy")
_SOUNDS = (
    ("eau", "o"), ("au", "o"), ("ph", "f"), ("qu", "k"), ("ck", "k"), ("ch", "$"), ("ce", "se"), ("ci", "si"),
    ("cy", "si"), ("c", "k"), ("ge", "je"), ("gi", "ji"), ("tion", "sion"), ("ai", "e"), ("ei", "e"), ("oeu", "e"),
    ("eu", "e"), ("y", "i"), ("z", "s"), ("em", "an"), ("en", "an"), ("am", "an"), ("h", ""), ("w", "v"), ("q", "k"),
    ("x", "ks"),
)  # fmt: skip


class Speller:
    """``counts``: how often each word stands in the base; of two words as near, the more frequent one wins."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    @cached_property
    def _frequent(self) -> list[str]:
        frequent = sorted(self._counts, key=lambda word: (-self._counts[word], word))[:MOST_WORDS]
        return [word for word in frequent if len(word) > 3 and word.isalpha()]

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        return {sound(word): word for word in reversed(self._frequent)}

    @cached_property
    def _sounds(self) -> dict[tuple[str, int], list[str]]:
        """By a sound's first letter and its length."""
        return _grouped(self._by_sound)

    @cached_property
    def _by_consonants(self) -> dict[str, str]:
        return {consonants(word): word for word in reversed(self._frequent)}

    @cached_property
    def _by_letters(self) -> dict[tuple[str, int], list[str]]:
        return _grouped(self._frequent)

    def correct(self, word: str) -> list[str]:
        """The words that were meant; empty when nothing is near."""
        return (
            self._elided(word)
            or self._sounding(word)
            or self._without_vowels(word)
            or self._near(word)
            or self._nearly_sounding(word)
            or self._glued(word)
        )

    def _elided(self, word: str) -> list[str]:
        """``jinstalle``, ``dun``, ``lappli``: the apostrophe was left out."""
        if len(word) > 2 and word[0] in ELISIONS and word[1] in VOWELS and word[1:] in self._counts:
            return [word[0], word[1:]]
        return ["qu", word[2:]] if word.startswith("qu") and word[2:] in self._counts else []

    def _sounding(self, word: str) -> list[str]:
        found = self._by_sound.get(sound(word)) if len(word) > 2 else None
        return [found] if found else []

    def _near(self, word: str) -> list[str]:
        if len(word) < 4 or not word.isalpha():
            return []
        allowed = 1 if len(word) < 7 else 2 if len(word) < 12 else 3
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        candidates = [near for length in lengths for near in self._by_letters.get((word[0], length), ())]
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        if found:
            return [min(found, key=lambda match: (match[1], -self._counts[match[0]], match[0]))[0]]
        rest = self._sounding(word[1:]) if word[0] in ELISIONS and len(word) > 5 else []
        return [word[0], *rest] if rest else []

    def _nearly_sounding(self, word: str) -> list[str]:
        said = sound(word)
        if len(said) < LEAST_SOUND or not word.isalpha():
            return []
        allowed = 1 if len(said) < 8 else 2
        lengths = range(len(said) - allowed, len(said) + allowed + 1)
        candidates = [near for length in lengths for near in self._sounds.get((said[0], length), ())]
        found = process.extractOne(said, candidates, scorer=OSA.distance, score_cutoff=allowed)
        return self._often(self._by_sound[found[0]]) if found else []

    def _without_vowels(self, word: str) -> list[str]:
        """``nmspc``, ``versn``: vowels were left out."""
        bare = consonants(word)
        found = self._by_consonants.get(bare, "") if len(bare) >= LEAST_CONSONANTS else ""
        return self._often(found) if len(found) > len(word) else []

    def _often(self, word: str) -> list[str]:
        """A word that stands once in the base is not guessed from so little."""
        return [word] if self._counts[word] > 1 else []

    def _glued(self, word: str) -> list[str]:
        cuts = (cut for cut in range(3, len(word) - 2) if word[:cut] in self._counts and word[cut:] in self._counts)
        cut = next(cuts, 0)
        return [word[:cut], word[cut:]] if cut else []


def _grouped(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in words:
        groups[word[0], len(word)].append(word)
    return groups


def consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in "aeiou")


def sound(word: str) -> str:
    """How a French reader says it, roughly: ``déploiement`` and ``deploiman``, ``quoi`` and ``koi`` sound the same."""
    if word.endswith(("ement", "ements")):
        word = word.rstrip("s")[:-5] + "man"
    for letters, said in _SOUNDS:
        if letters in word:
            word = word.replace(letters, said)
    kept = [letter for letter, before in zip(word, " " + word, strict=False) if letter != before]
    return _MUTE.sub("", "".join(kept)) or word
