from datetime import UTC, datetime

import pytest

from bot.helpdesk.trainers import group, slug
from bot.journal import Unsolved

NOW = datetime.now(UTC)


def unsolved(text: str) -> Unsolved:
    return Unsolved(1, text, "C1", "1.0", True, 0, NOW, None)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("à quelle heure est l'examen ?", "C'est à quelle heure l'examen ?", True),
        ("Comment installer istio", "comment installer istio ???", True),
        ("How do I install istio?", "install istio how to", True),
        ("日本語", "中国語", False),
        ("comment installer istio ?", "comment installer linkerd ?", False),
        ("où est la salle ?", "quand est l'examen ?", False),
        ("?!", "🙃", True),
    ],
)
def test_questions_are_grouped_by_likeness(one: str, other: str, alike: bool) -> None:
    assert len(group([unsolved(one), unsolved(other)])) == (1 if alike else 2)


def test_five_hundred_questions_are_grouped_in_a_moment() -> None:
    questions = [unsolved(f"question {n} sur xyzzy{n} et plugh{n * 7}") for n in range(500)]
    assert sum(map(len, group(questions))) == 500


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Voir l'état d'un nœud", "voir-l-etat-d-un-noeud"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本語", "entry"),
        ("x" * 200, "x" * 60),
        ("a: b\n- c", "a-b-c"),
    ],
)
def test_an_entrys_name_is_safe_wherever_it_is_written(title: str, name: str) -> None:
    assert slug(title) == name
