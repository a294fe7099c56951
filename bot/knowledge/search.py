"""Which entries answer a question: rapidfuzz over normalised wordings."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.knowledge.answers import SMALLTALK, UNKNOWN, Answer, Kind, Part, part, titles
from bot.knowledge.entries import Entry
from bot.language import LANGS, Lang

ANSWER_SCORE = 72.0
NEAREST = RELATED = 3
FRENCH = frozenset(
    {
        "le",
        "la",
        "les",
        "des",
        "du",
        "un",
        "une",
        "est",
        "je",
        "on",
        "comment",
        "quelle",
        "quel",
        "pourquoi",
        "quoi",
        "avec",
        "dans",
        "pour",
        "sur",
        "mon",
    }
)
ENGLISH = frozenset(
    {
        "the",
        "a",
        "is",
        "are",
        "how",
        "do",
        "does",
        "i",
        "what",
        "which",
        "why",
        "where",
        "my",
        "to",
        "of",
        "in",
        "with",
        "can",
    }
)
GREETINGS = frozenset({"bonjour", "salut", "coucou", "hello", "hi", "hey", "merci", "thanks", "thx", "bonsoir"})


@dataclass(frozen=True, slots=True)
class Finding:
    """``entries``: best first; for an unknown question, the nearest ones."""

    kind: Kind
    lang: Lang
    entries: tuple[Entry, ...]


class KnowledgeBase:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in self.entries}
        asked = [
            (normalise(text), entry)
            for entry in self.entries
            for lang in LANGS
            for text in (*entry.questions[lang], entry.title[lang])
        ]
        self._texts = [text for text, _ in asked]
        self._owners = [entry for _, entry in asked]

    def search(self, question: str, after: str | None = None) -> Finding:
        lang = language_of(question) or "fr"
        words = normalise(question)
        if words and set(words.split()) <= GREETINGS:
            return Finding("smalltalk", lang, ())
        query = f"{words} {normalise(after)}" if after and len(words.split()) < 4 else words
        found = process.extract(query, self._texts, scorer=fuzz.token_set_ratio, limit=20)
        best = dict.fromkeys(self._owners[position].id for _, _, position in found)
        known = bool(found) and found[0][1] >= ANSWER_SCORE
        return Finding("answer" if known else "unknown", lang, tuple(self._by_id[id_] for id_ in best))

    def answer(self, question: str, after: str | None = None) -> Answer:
        finding = self.search(question, after)
        if finding.kind == "answer":
            return self._show(finding.entries[0], finding.lang, finding.entries)
        text = SMALLTALK if finding.kind == "smalltalk" else UNKNOWN
        nearest = titles(finding.entries[:NEAREST], finding.lang)
        return Answer(finding.kind, finding.lang, (Part("", text[finding.lang]),), nearest=nearest)

    def show(self, entry_id: str, lang: Lang) -> Answer | None:
        """One entry by its id; None when there is none."""
        entry = self._by_id.get(entry_id)
        return self._show(entry, lang, (entry,)) if entry else None

    def _show(self, entry: Entry, lang: Lang, found: Sequence[Entry]) -> Answer:
        related = titles([self._by_id[id_] for id_ in entry.related[:RELATED]], lang)
        ids = tuple(other.id for other in found)
        return Answer("answer", lang, (part(entry, lang),), ids, related)


def normalise(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def language_of(text: str) -> Lang | None:
    """The language that more of the words belong to; None where they do not tell."""
    words = normalise(text).split()
    french, english = (sum(word in known for word in words) for known in (FRENCH, ENGLISH))
    return None if french == english else "fr" if french > english else "en"
