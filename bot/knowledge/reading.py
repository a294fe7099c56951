"""What a text asks, as terms: words in their stems, one term for all words of one meaning, small talk aside."""

import re
from collections import Counter
from dataclasses import dataclass

from bot.knowledge.spelling import Speller
from bot.knowledge.words import INTENT, NUMBER, SAID_AS, SILENT, SMALLTALK, load_words, stem, words_of
from bot.language import Lang

# A question's first and last words say what is asked; what stands between them in a pasted log does not.
MOST_CHARACTERS = 600
# `<@U123>` is nobody's question, and `<https://…|text>` reads as its text.
_SLACK_MARKUP = re.compile(r"<(?:[@#!]|[a-z]+:)[^>|]*(?:\|([^>]*))?>")
MOST_TERMS = 48
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """``terms``: each once, in order. ``text``: all its words, as they were meant. ``smalltalk``: its kinds.
    ``leans``: whether it leans on the question before it."""

    terms: tuple[str, ...]
    text: str = ""
    smalltalk: tuple[str, ...] = ()
    leans: bool = False

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(term for term in self.terms if term[0] not in (INTENT, SAID_AS))


class Reader:
    """Learns the words of a base, and takes others for misspellings of them where they are near."""

    def __init__(self) -> None:
        self._words = load_words()
        self._counts: Counter[str] = Counter(self._words.known)
        self._speller = Speller(self._counts)
        self._corrected: dict[str, list[str]] = {}

    def learn(self, text: str) -> Reading:
        """A text of the base: its words are right by definition."""
        words = self._words.spellings.replace(words_of(text))
        self._counts.update(words)
        terms = dict.fromkeys(self._words.phrases.replace(words, self._term))
        return Reading(tuple(term for term in terms if term[:1] not in (SILENT, SMALLTALK)), " ".join(words))

    def learn_words(self, text: str) -> set[str]:
        """The terms of the single words of a long text of the base."""
        words = set(words_of(text))
        self._counts.update(words)
        terms = {term for word in words for term in self._words.phrases.words.get(word) or (self._term(word),)}
        return {term for term in terms if term[:1] not in (SILENT, SMALLTALK)}

    def read(self, text: str) -> Reading:
        """A question, however it is spelt."""
        if len(text) > 2 * MOST_CHARACTERS:
            text = f"{text[:MOST_CHARACTERS]} {text[-MOST_CHARACTERS:]}"
        spelt = self._words.spellings.replace(words_of(_SLACK_MARKUP.sub(r"\1", text)))
        words = self._words.spellings.replace([right for word in spelt for right in self._correct(word)])
        terms = dict.fromkeys(self._words.phrases.replace(words, self._term))
        smalltalk = tuple(term[1:] for term in terms if term[:1] == SMALLTALK)
        asked = [term for term in terms if term[:1] not in (SILENT, SMALLTALK)]
        leans = (words[:1] and words[0] in self._words.first) or not self._words.pointing.isdisjoint(words)
        return Reading(tuple(asked[:MOST_TERMS]), " ".join(words), smalltalk, bool(leans))

    def meant(self, text: str) -> str:
        """The text with its spellings made even, and nothing corrected."""
        return " ".join(self._words.spellings.replace(words_of(text)))

    def _correct(self, word: str) -> list[str]:
        if word in self._counts or len(word) < 3 or stem(word) in self._words.common:
            return [word]
        if word not in self._corrected:
            if len(self._corrected) >= REMEMBERED:
                self._corrected.clear()
            self._corrected[word] = self._speller.correct(word) or [word]
        return self._corrected[word]

    def _term(self, word: str) -> str:
        if word.isdigit() and len(word) < 3:
            return NUMBER
        stemmed = stem(word)
        return self._words.stems.get(stemmed, stemmed)


def language_of(text: str) -> Lang | None:
    """The language that more of the words belong to; None where they do not tell."""
    french, english, _ = _languages(text)
    return None if french == english else "fr" if french > english else "en"


def answer_language(question: str, after: str = "") -> tuple[Lang, bool]:
    """The language of the answer, and whether the question is in neither of the course's."""
    french, english, other = _languages(question)
    letters = [char for char in question[:MOST_CHARACTERS] if char.isalpha()]
    strange = sum(char > "\u024f" for char in letters)
    if other > max(french, english) or (strange > 2 and (strange * 2 > len(letters) or not french + english)):
        return "en", True
    if french == english:
        return language_of(after) or "fr", False
    return ("fr" if french > english else "en"), False


def without_foreign(text: str) -> str:
    """The names that a question in a third language has in common with the course's."""
    return " ".join(word for word in words_of(text) if word not in load_words().languages["other"])


def _languages(text: str) -> tuple[int, int, int]:
    known = load_words()
    words = known.spellings.replace(words_of(text[:MOST_CHARACTERS]))
    french, english, other = (sum(word in known.languages[lang] for word in words) for lang in ("fr", "en", "other"))
    return french, english, other
