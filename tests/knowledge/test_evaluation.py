"""Measuring a base, on a base and questions made here."""

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeBase, load_entries
from bot.knowledge.evaluation import QuestionsError, evaluate
from tests.knowledge.test_entries import GOOD

QUESTIONS = """\
bars: {course: 0.9, out_of_scope: 1.0, called_unknown: 0.01}
questions:
  - {text: lister les nodes, style: keywords, chapter: Explorer, kind: answer, expect: "kubectl GET nodes"}
  - {text: lister les noeuds, style: typos, chapter: Explorer, kind: answer, expect: "kubectl describe"}
  - {text: git rebase, style: out_of_scope, chapter: none, kind: unknown, expect: ".*"}
"""


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeBase:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "one.yaml").write_text(GOOD, encoding="utf-8")
    return KnowledgeBase(load_entries(tmp_path / "base"))


def test_a_report_has_the_measures_their_bars_and_the_failures(base: KnowledgeBase, tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(QUESTIONS, encoding="utf-8")
    report = evaluate(base, file)
    assert report.measures == {"course": 0.5, "out_of_scope": 1.0, "called_unknown": 0.0}
    assert report.missed == ["course"]
    assert [failure.question.text for failure in report.failures] == ["lister les noeuds"]
    table = report.table()
    assert "course             50.0%   90.0%  missed" in table
    assert "1/1    100.0%  keywords" in table
    assert "typos · Explorer · lister les noeuds" in table


@pytest.mark.parametrize(
    "content", ["questions: []", "[]", "questions: [{text: a}]", 'questions: [{text: a, expect: "("}]']
)
def test_a_question_file_that_is_wrong_shows_a_right_question(
    base: KnowledgeBase, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError, match="A right question"):
        evaluate(base, file)
