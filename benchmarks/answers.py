"""How often each way of searching finds the right first answer: over the course's passages, and over our entries.

Right is what the question file says: the text that would be shown contains what was asked for. A follow-up is given to
the others together with the question before it. Only ours says that it does not know: the others always show something.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from rapidfuzz import fuzz, process

from benchmarks.minilm import MiniLM
from bot.knowledge import DEFAULT_FOLDER, Entry, KnowledgeBase, language_of, load_entries, plain
from bot.knowledge.answers import Answer, part
from bot.knowledge.building import drafts_of
from bot.knowledge.evaluation import Question, read_questions
from bot.language import LANGS
from tests.knowledge.building.course_file import COURSE_FILE, the_course

QUESTIONS = Path(__file__).parents[1] / "tests" / "knowledge" / "questions" / "untouched.yaml"
MEASURES = ("course", "beyond", "out_of_scope")

Show = Callable[[Question], str | None]
"""The text that a way shows for a question; None where it says that it does not know."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is searched: ``keys`` are the texts that a question is held against, ``shown`` what each of them shows."""

    name: str
    keys: Sequence[str]
    shown: Sequence[Mapping[str, str]]
    base: KnowledgeBase


def main() -> None:
    """The right first answer, over the course's passages (where the course is there) and over our entries."""
    questions = [question for question in read_questions(QUESTIONS)[0] if question.measure in MEASURES]
    shelves = [entries_shelf(), *([passages_shelf()] if COURSE_FILE else [])]
    model = MiniLM()
    print(f"{QUESTIONS.name}, {len(questions)} questions")
    print(f"{'':<34}" + "".join(f"{measure:>14}" for measure in MEASURES) + f"{'time / ours':>14}")
    for shelf in shelves:
        ways: dict[str, Show] = {
            "ours": ours(shelf),
            "BM25 (bm25s)": bm25(shelf, stemmed=False),
            "BM25 (bm25s), stemmed": bm25(shelf, stemmed=True),
            "rapidfuzz extractOne": nearest_wording(shelf),
            "MiniLM embeddings": embeddings(shelf, model),
        }
        reference = None
        for name, show in ways.items():
            begun = time.perf_counter()
            texts = [show(question) for question in questions]
            seconds = time.perf_counter() - begun
            reference = reference or seconds
            shares = "".join(f"{share(questions, texts, measure):>14.1%}" for measure in MEASURES)
            print(f"{f'{name}, {shelf.name}':<34}{shares}{seconds / reference:>14.1f}", flush=True)


def share(questions: Sequence[Question], texts: Sequence[str | None], measure: str) -> float:
    right = [
        text is None if question.kind == "unknown" else bool(text and question.expect.search(text))
        for question, text in zip(questions, texts, strict=True)
        if question.measure == measure
    ]
    return sum(right) / len(right)


def entries_shelf() -> Shelf:
    """An entry is found by its title and its wordings, and by all that it says."""
    entries = load_entries(DEFAULT_FOLDER)
    held = [(key, texts_of(entry)) for entry in entries for key in keys_of(entry)]
    return Shelf("entries", [key for key, _ in held], [shown for _, shown in held], KnowledgeBase(entries))


def passages_shelf() -> Shelf:
    """The paragraphs of the course as they stand; for ours, its drafts of the same text."""
    assert COURSE_FILE is not None
    passages = [text for text in re.split(r"\n\s*\n", COURSE_FILE.read_text(encoding="utf-8")) if text.strip()]
    course = the_course()
    base = KnowledgeBase(drafts_of(course.sections, course.lang))
    return Shelf("passages", passages, [dict.fromkeys(LANGS, text) for text in passages], base)


def keys_of(entry: Entry) -> list[str]:
    wordings = [wording for lang in LANGS for wording in (entry.title[lang], *entry.questions[lang])]
    return [*wordings, *texts_of(entry).values()]


def texts_of(entry: Entry) -> Mapping[str, str]:
    return {lang: plain(Answer("answer", lang, (part(entry, lang),))) for lang in LANGS}


def asked(question: Question) -> str:
    return " ".join([*question.before, question.text])


def ours(shelf: Shelf) -> Show:
    def show(question: Question) -> str | None:
        answer = shelf.base.answer(question.text, *question.before)
        return None if answer.kind == "unknown" else plain(answer)

    return show


def bm25(shelf: Shelf, *, stemmed: bool) -> Show:
    stemmer = Stemmer.Stemmer("french") if stemmed else None

    def tokens(texts: Sequence[str]) -> object:
        return bm25s.tokenize(list(texts), stopwords="fr" if stemmed else None, stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(shelf.keys), show_progress=False)

    def show(question: Question) -> str:
        found, _ = index.retrieve(tokens([asked(question)]), k=1, show_progress=False)
        return shelf.shown[int(found[0, 0])][language_of(question.text) or "fr"]

    return show


def nearest_wording(shelf: Shelf) -> Show:
    def show(question: Question) -> str:
        _, _, found = process.extractOne(asked(question), shelf.keys, scorer=fuzz.WRatio)
        return shelf.shown[found][language_of(question.text) or "fr"]

    return show


def embeddings(shelf: Shelf, model: MiniLM) -> Show:
    vectors = model.embed(shelf.keys)

    def show(question: Question) -> str:
        return shelf.shown[int(np.argmax(vectors @ model.embed([asked(question)])[0]))][
            language_of(question.text) or "fr"
        ]

    return show
