"""The words of the field and of the people who ask, from ``words.yaml``: data, so that adding one is no code."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import Stemmer
import yaml

FILE = Path(__file__).with_name("words.yaml")
COMMON = FILE.with_name("common.txt")
# The first letter of a term tells what it is; a plain word has none of them.
INTENT, MEANING, SAID_AS, OUTSIDE, SMALLTALK, SILENT = "?", "=", ".", "!", "~", ""

# How many replicas, pods or nodes is not what a question is about; a port or a status is.
NUMBER = MEANING + "number"

# Accents, once they are letters of their own, and what is there without being seen.
_INVISIBLE = re.compile(r"[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_WORD = re.compile(r"(?<![\w-])-[a-zA-Z](?![\w-])|\d+(?:\.\d+){2,}|[a-z0-9]+")
# `-A` and `-a` are two options; elsewhere, case says nothing.
_CASED = re.compile(r"(?<![\w-])-[A-Z](?![\w-])|[A-Z]+")
_FRENCH, _ENGLISH = Stemmer.Stemmer("french"), Stemmer.Stemmer("english")


@dataclass(frozen=True, slots=True)
class Words:
    """``spellings``, ``phrases``: what words in a row stand for. ``stems``: the terms of their other inflections."""

    spellings: "Phrases"
    phrases: "Phrases"
    stems: Mapping[str, str]
    languages: Mapping[str, frozenset[str]]
    wishes: frozenset[str]
    first: frozenset[str]
    pointing: frozenset[str]
    field: frozenset[str]
    known: frozenset[str]
    common: frozenset[str]
    elsewhere: frozenset[str]


@cache
def load_words() -> Words:
    data = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # a safe loader
    spellings = Phrases(
        (form, tuple(right.split()))
        for right, forms in data["spellings"].items()
        for form in (tuple(right.split()), *_phrases(forms))
    )
    terms = [(tuple(spellings.replace(list(phrase))), term) for phrase, term in _terms(data)]
    phrases = Phrases((phrase, _meant(phrase, term)) for phrase, term in terms)
    inflections: dict[str, str] = {}
    for phrase, term in terms:
        if len(phrase) == 1 and len(phrase[0]) > 4 and term[:1] not in (SILENT, OUTSIDE):
            inflections.setdefault(stem(phrase[0]), term)
    known = {*spellings.known, *phrases.known}
    languages = {lang: frozenset(word for (word, *_) in _phrases(words)) for lang, words in data["languages"].items()}
    known.update(languages["fr"], languages["en"])
    wishes = frozenset(MEANING + name for (name,) in _phrases(data["wishes"]))
    names = {stem("".join(phrase)) for line in data["names"] for phrase in _phrases(line)}
    field = frozenset(names.union(MEANING + name for (name,) in _phrases(data["field"])))
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    common = frozenset(word for line in lines if not line.startswith("#") for word in line.split())
    elsewhere = frozenset(stem(word) for (word, *_) in _phrases(data["elsewhere"]))
    first, pointing = (
        frozenset(phrase[0] for phrase in _phrases(data["leaning"][how])) for how in ("first", "pointing")
    )
    return Words(
        spellings, phrases, inflections, languages, wishes, first, pointing, field, frozenset(known), common, elsewhere
    )


def _meant(phrase: tuple[str, ...], term: str) -> tuple[str, ...]:
    return (term, SAID_AS + " ".join(map(stem, phrase))) if term[:1] == MEANING else (term,)


def _terms(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every phrase with its term; where two sections have a phrase, the first one wins."""
    yield from ((phrase, stem("".join(phrase))) for line in data["names"] for phrase in _phrases(line))
    for mark, section in ((INTENT, "intents"), (MEANING, "meanings"), (SMALLTALK, "smalltalk")):
        for name, forms in data[section].items():
            yield from ((phrase, mark + name) for phrase in _phrases(forms))
    yield from ((phrase, OUTSIDE + " ".join(phrase)) for phrase in _phrases(data["outside"]))
    yield from ((phrase, SILENT) for forms in data["silent"].values() for phrase in _phrases(forms))


def _phrases(line: str) -> Iterator[tuple[str, ...]]:
    return (tuple(words) for phrase in line.split(",") if (words := words_of(phrase)))


def words_of(text: str) -> list[str]:
    """Lower-case words without accents; an option such as ``-n`` or ``-A`` is one word, as it was typed."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")))
    text = _CASED.sub(lambda part: part[0] if part[0][0] == "-" else part[0].lower(), text)
    return _WORD.findall(text.replace("+", " davantage "))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One stem whatever the language, since students mix them: the French stem's English stem."""
    return str(_ENGLISH.stemWord(_FRENCH.stemWord(word)))


class Phrases:
    """What words in a row stand for; the longest phrase wins."""

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        """Of two meanings of a phrase, the first one stays."""
        self.words: dict[str, tuple[str, ...]] = {}
        self._phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._longest: dict[str, int] = {}
        for phrase, meaning in phrases:
            if len(phrase) == 1:
                self.words.setdefault(phrase[0], meaning)
            else:
                self._phrases.setdefault(phrase, meaning)
                self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    @property
    def known(self) -> Iterator[str]:
        yield from self.words
        yield from (word for phrase in self._phrases for word in phrase)

    def replace(self, words: list[str], other: Callable[[str], str] = str) -> list[str]:
        """The words, with each phrase replaced by its meaning, and any other word by what ``other`` makes of it."""
        replaced: list[str] = []
        position = 0
        while position < len(words):
            word = words[position]
            for length in range(self._longest.get(word, 0), 1, -1):
                if meaning := self._phrases.get(tuple(words[position : position + length])):
                    break
            else:
                length, meaning = 1, self.words.get(word) or (other(word),)
            replaced += meaning
            position += length
        return replaced
