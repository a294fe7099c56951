"""What a message says beyond one question: several questions at once, or one that leans on the question before."""

import re
from collections.abc import Iterable, Mapping

from bot.knowledge.reading import MOST_CHARACTERS, Reading
from bot.knowledge.words import INTENT, MEANING, load_words

MOST_QUESTIONS = 3
# What a word of the questions before counts in a follow-up, what it does where the follow-up names no subject, and what
# its verb does where the follow-up has none.
BEFORE, BEFORE_SUBJECT, BEFORE_WISH = 0.3, 0.6, 0.65
# What comes after "without" is not what is asked, though it may be in the answer.
WITHOUT, UNWANTED = MEANING + "without", 0.3

_ASKS = (
    r"\b(?:comment|cmt|coment|koman|coman|commen|comen|quoi|koi|kwa|qu'?\s?est|quel(?:le)?s?|pourquoi|pk|combien|où|"
    r"(?:de|à|a|pour|c'est) qui|ou (?:est|sont|se|je|on|voir|trouver)|"
    r"est[- ]ce qu|esk|celles?|celui|laquelle|lequel|how|what|why|where|which|who|is there)\b"
)
# Pronouns that stand for something said before, and not for nobody ("il faut").
_POINTS = re.compile(r"\b(?:il|elle|ils|elles|it|its|they)\b(?! (?:y|faut|existe|se)\b)")
# What is done with something said before.
_GOES_ON = re.compile(r"^(?:\w+ )?(?:(?:l|le|la|les|y) \w+(?:er|ir|re)|\w+ (?:it|them))\b")
_LINK = r"(?:\b(?:et|puis|ensuite|pi|and|then|also)\b|[;+&\n])"
_BREAK = re.compile(rf"[,.]?\s*{_LINK}\s*(?:{_LINK}\s*)*|[,.:]\s+", re.IGNORECASE)
_ENDED = re.compile(r"\?+\s+(?=.*\w)")
# What was pasted stands in lines of its own, and is no half of a question.
_AND = re.compile(rf",?[^\S\n]*(?!\n){_LINK}\s*(?:{_LINK}\s*)*", re.IGNORECASE)
# How else two things are asked: the points of a list, two names that are compared, clauses that begin alike.
_LISTED = re.compile(r"(?:^|\s)(?:[12]\s*[./]\s|[12ab]\s*\))|^\s*[-*•]\s", re.IGNORECASE | re.MULTILINE)
_VERSUS = re.compile(r"\b(?:vs|versus)\b", re.IGNORECASE)
_ALIKE = re.compile(r"((?:^|:)\s*(\w{3,})\b[^,:]*),\s+(?=\2\b)", re.IGNORECASE)
# What says that both are wanted, and nothing of them.
_BOTH = re.compile(r"[,:;?!]\s*[^,:;?!]*\b(?:both|each|les deux|les 2|chacune?)\b[^,:;?!]*[?!]*\s*$", re.IGNORECASE)
_ASKING = re.compile(_ASKS, re.IGNORECASE)
# A sentence after a question is another one if it asks, or goes on from it, and no remark.
_ASKS_TOO = re.compile(rf"{_ASKS}|^\s*{_LINK}|\?\W*$", re.IGNORECASE)


def questions_of(message: str) -> list[str]:
    """The questions of a message that each say that they ask, in their order."""
    questions: list[str] = []
    for sentence in _ENDED.split(message[:MOST_CHARACTERS]):
        halves = [half for half in _BREAK.split(sentence) if any(char.isalnum() for char in half)]
        if not questions or _ASKS_TOO.search(sentence):
            questions += halves[:1]
            halves = halves[1:]
        for half in halves:
            if _ASKING.search(half) and _ASKING.search(questions[-1]):
                questions.append(half)
            else:
                questions[-1] += f" , {half}"
    return questions[:MOST_QUESTIONS]


def halves_of(message: str) -> list[str]:
    """The message cut in two as a list, or at its only "and" or "versus"; nothing where it has none, or several."""
    message = _ALIKE.sub(r"\1 & ", _BOTH.sub("", message[:MOST_CHARACTERS]))
    for link in (_LISTED, _AND, _VERSUS):
        halves = [half for half in link.split(message) if any(char.isalnum() for char in half)]
        if len(halves) > 1:
            return _with_end(halves) if len(halves) == 2 else []
    return []


def _with_end(halves: list[str]) -> list[str]:
    """A question at the end belongs to both: "pods et services, comment on les liste ?"."""
    first, second = halves
    end = second[second.rfind(",") :] if "," in second else ""
    return [first + end, second] if _ASKING.search(end) and not _ASKING.search(first) else halves


def asks(reading: Reading) -> bool:
    """Whether it says what is wanted, and not only what is there."""
    wishes = load_words().wishes
    return any(term[0] == INTENT or term in wishes for term in reading.terms) or bool(_ASKING.search(reading.text))


def points_back(reading: Reading) -> bool:
    """Whether a pronoun of it stands for what was said before."""
    return bool(_POINTS.search(reading.text))


def goes_on_with(reading: Reading) -> bool:
    """Whether it does something more with what was named before: "le supprimer", "open it"."""
    return bool(_GOES_ON.search(reading.text)) and not load_words().wishes.isdisjoint(reading.terms)


def alone(reading: Reading) -> dict[str, float]:
    """The terms of a question, each with its part in it."""
    without = reading.terms.index(WITHOUT) if WITHOUT in reading.terms else len(reading.terms)
    return {term: 1.0 if place <= without else UNWANTED for place, term in enumerate(reading.terms)}


def said_before(readings: Iterable[Reading]) -> Mapping[str, float]:
    """What a thread is about: the terms of its questions, oldest first, as far as the last of them lean on the rest."""
    said: Mapping[str, float] = {}
    for reading in readings:
        if reading.terms:
            leans = reading.leans or len(reading.subjects) < 2
            said = with_before(reading, said) if leans else alone(reading)
    return said


def with_before(reading: Reading, before: Mapping[str, float], subjects: float = BEFORE) -> Mapping[str, float]:
    """The terms of a follow-up: its own, and of what was said before what it leaves open.
    ``subjects``: what a word said before that is no wish counts."""
    wishes = load_words().wishes
    wish = not wishes.isdisjoint(reading.terms)
    asks = wish or any(term[0] == INTENT for term in reading.terms)
    terms: dict[str, float] = {}
    for term in before:
        if term in wishes or term[0] == INTENT:
            if not (wish if term in wishes else asks):
                terms[term] = BEFORE_WISH
        elif subjects:
            terms[term] = subjects
    return terms | alone(reading)
