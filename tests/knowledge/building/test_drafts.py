"""Drafts, and how they do on this course's questions beside BM25 over its passages."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import pytest
import Stemmer

from bot.knowledge import Entry, KnowledgeBase, plain
from bot.knowledge.building import drafts_of
from bot.knowledge.building.course import Block, Code, Prose, Section
from bot.knowledge.evaluation import Question, evaluate
from bot.language import Lang
from tests.knowledge.building.course_file import COURSE_FILE, needs_course, the_course

QUESTIONS = Path(__file__).parent.parent / "questions" / "tuning.yaml"


def draft(*blocks: Block, path: tuple[str, ...] = ("Cours", "Lister les pods"), lang: Lang = "fr") -> Entry:
    return drafts_of([Section(path, blocks, "cours.md", "https://course.test/#pods")], lang)[0]


def test_a_section_gives_its_heading_its_sentences_its_code_and_where_it_stands() -> None:
    entry = draft(Prose("Pour lister les pods d'un namespace :"), Code("kubectl get pods -n a", "sh"))
    assert (entry.id, entry.chapter.fr, entry.title.fr) == ("cours-lister-les-pods", "Cours", "Lister les pods")
    assert entry.answer.fr == "Pour lister les pods d'un namespace :"
    assert [(command.run, command.does.fr) for command in entry.commands] == [
        ("kubectl get pods -n a", "Pour lister les pods d'un namespace")
    ]
    assert entry.source == "Cours › Lister les pods — https://course.test/#pods"


def test_wordings_come_from_heading_commands_names_and_goals() -> None:
    entry = draft(Prose("Pour lister les pods d'un namespace, voyez Falco :"), Code("kubectl get pods -n a", "sh"))
    assert {
        "comment lister les pods ?",
        "à quoi sert kubectl get pods -n a ?",
        "c'est quoi Falco ?",
        "comment lister les pods d'un namespace ?",
    } <= set(entry.questions["fr"])
    assert "what does kubectl get pods -n a do?" in entry.questions["en"]


@pytest.mark.parametrize(
    ("lang", "other", "notice"),
    [("fr", "en", "(The course says this in French.) Un."), ("en", "fr", "(Le cours le dit en anglais.) Un.")],
)
def test_the_other_language_says_that_nobody_translated(lang: Lang, other: Lang, notice: str) -> None:
    assert draft(Prose("Un."), lang=lang).answer[other] == notice
    assert draft(Prose("Un."), lang=lang).answer[lang] == "Un."


def test_a_section_without_sentences_says_so() -> None:
    assert draft(Code("kubectl get pods", "sh")).answer.fr == "Le cours n'en donne que ceci."
    assert draft().answer.en == "The course has only this title."


def test_equal_headings_are_told_apart_by_what_they_stand_under() -> None:
    sections = [Section(("A", "Pods"), (Prose("a."),), "a.md"), Section(("B", "Pods"), (Prose("b."),), "b.md")]
    assert [entry.title.fr for entry in drafts_of(sections, "fr")] == ["Pods (A)", "Pods (B)"]


def test_ids_are_unique_whatever_the_headings_are() -> None:
    titles = [("A",), ("A",), ("Nœud ?",), ("日本語",), ("ñ" * 200,), ("ñ" * 200 + "b",)]
    ids = [entry.id for entry in drafts_of([Section(path, (), "a.md") for path in titles], "fr")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", id_) for id_ in ids)
    assert ids[2] == "noeud"


def test_a_long_section_is_cut_after_a_sentence() -> None:
    answer = draft(*[Prose("Une phrase. " * 20)] * 40).answer.fr
    assert len(answer) <= 2_400
    assert answer.endswith("phrase. …")


@needs_course
def test_the_drafts_of_the_course_answer_more_of_its_questions_than_bm25_over_its_passages() -> None:
    course = the_course()
    base = KnowledgeBase(drafts_of(course.sections, course.lang))
    results = [result for result in evaluate(base, QUESTIONS).results if result.question.measure == "course"]
    ours = sum(bool(result.right) for result in results) / len(results)
    sections = [f"{s.title}\n" + "\n".join(block.text for block in s.blocks) for s in course.sections]
    assert COURSE_FILE is not None
    paragraphs = [text for text in re.split(r"\n\s*\n", COURSE_FILE.read_text(encoding="utf-8")) if text.strip()]
    questions = [result.question for result in results]
    for passages in (sections, paragraphs):
        for stemmer in (None, Stemmer.Stemmer("french")):
            assert ours > _bm25(passages, questions, stemmer)
    # An answer's text, not only its kind, is what was compared.
    assert all(result.question.expect.search(plain(result.answer)) for result in results if result.right)


def _bm25(
    passages: Sequence[str], questions: Sequence[Question], stemmer: Callable[[list[str]], list[str]] | None
) -> float:
    """The share of questions whose best passage holds what is expected."""
    stopwords = "fr" if stemmer else None

    def tokens(texts: Sequence[str]) -> object:
        return bm25s.tokenize(list(texts), stopwords=stopwords, stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(passages), show_progress=False)
    asked = [" ".join([*question.before, question.text]) for question in questions]
    found, _ = index.retrieve(tokens(asked), k=1, show_progress=False)
    right = [bool(q.expect.search(passages[int(best)])) for q, (best,) in zip(questions, found, strict=True)]
    return sum(right) / len(right)
