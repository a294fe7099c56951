"""What a message says beyond one question: several questions at once, or one that leans on the question before."""

import re
from collections.abc import Mapping

from bot.knowledge.reading import Reading
from bot.knowledge.words import INTENT, MEANING, load_words

MOST_QUESTIONS = 3
# What a word of the question before counts in a follow-up, and what its verb does where the follow-up has none.
BEFORE, BEFORE_WISH = 0.5, 0.65
# What comes after "without" is not what is asked, though it may be in the answer.
WITHOUT, UNWANTED = MEANING + "without", 0.3

_ASKS = (
    r"comment|cmt|koman|c'?\s?est quoi|c quoi|c koi|cé koi|[àa] quoi|qu'?\s?est|quel|pourquoi|pk|o[uù] |combien|"
    r"how|what|why|where|which|who|when|is there|are |can |do "
)
_LINKS = r"(?:puis |ensuite |apr[eè]s |aussi |then |also )?"
_BREAK = re.compile(
    rf"\?+\s+(?=.*\w)|(?:[,;.]\s*|\s)(?:et|puis|and|then|also)\s+{_LINKS}(?=(?:{_ASKS}))", re.IGNORECASE
)


def questions_of(message: str) -> list[str]:
    """The questions of a message, in their order."""
    return [text for text in _BREAK.split(message) if any(char.isalnum() for char in text)][:MOST_QUESTIONS]


def alone(reading: Reading) -> dict[str, float]:
    """The terms of a question, each with its part in it."""
    without = reading.terms.index(WITHOUT) if WITHOUT in reading.terms else len(reading.terms)
    return {term: 1.0 if place <= without else UNWANTED for place, term in enumerate(reading.terms)}


def with_before(reading: Reading, before: Reading) -> Mapping[str, float]:
    """The terms of a follow-up: its own, and of the question before what it leaves open."""
    wishes = load_words().wishes
    wish = not wishes.isdisjoint(reading.terms)
    asks = wish or any(term[0] == INTENT for term in reading.terms)
    terms: dict[str, float] = {}
    for term in before.terms:
        if term in wishes or term[0] == INTENT:
            if not (wish if term in wishes else asks):
                terms[term] = BEFORE_WISH
        else:
            terms[term] = BEFORE
    return terms | alone(reading)
