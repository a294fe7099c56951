import pytest

from bot.knowledge.building.course import Code, Document, Prose, Section, Unreadable
from bot.knowledge.building.plain import page_of_text
from tests.knowledge.building.course_file import needs_course, the_course

TEXT = """Aller au contenu principal

Mon cours

Les pods

Un pod contient
des conteneurs.

  • Listez-les : kubectl get pods
  • Ou tous (kubectl get all -A) puis lisez.

NAME     READY   STATUS
a        1/1     Running


Installer

Pour commencer :

curl -sfL https://get.k3s.io | sh -

Complétion

sudo apt install bash-completion
"""


def sections(text: str) -> tuple[Section, ...]:
    return page_of_text(Document("cours.txt", text.encode(), "text")).sections


def test_lines_that_stand_alone_are_headings_and_two_blank_lines_start_a_chapter() -> None:
    assert [section.path for section in sections(TEXT)] == [
        ("Mon cours", "Les pods"),
        ("Installer",),
        ("Installer", "Complétion"),
    ]


def test_paragraphs_are_joined_and_commands_get_the_backticks_that_the_page_had() -> None:
    assert sections(TEXT)[0].blocks == (
        Prose("Un pod contient des conteneurs."),
        Prose("• Listez-les : `kubectl get pods`"),
        Prose("• Ou tous (`kubectl get all -A`) puis lisez."),
        Code("NAME     READY   STATUS\na        1/1     Running", "output"),
    )


def test_a_line_that_only_a_shell_reads_is_code() -> None:
    assert sections(TEXT)[1].blocks[1] == Code("curl -sfL https://get.k3s.io | sh -", "shell")


@pytest.mark.parametrize(
    "line", ["Une phrase.", "La liste : https://a.test", "Voir kubectl get all", "en bas", "x" * 81]
)
def test_a_sentence_alone_is_no_heading(line: str) -> None:
    assert [section.path for section in sections(f"Titre\n\nmots\n\n{line}\n\nmots\n")] == [("Titre",)]


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(Unreadable, match="not text"):
        sections("a\0b")


@needs_course
def test_the_course_gives_its_own_headings() -> None:
    titles = [section.title for section in the_course().sections]
    assert titles == [
        "Kubernetes",
        "MicroKube et k3s",
        "AWS ECS / EKS, GKE, AKS",
        "Openshift",
        "Tout est un conteneur",
        "Un control plane d'administration et des nodes d'exécution",
        "Un système d'orchestration basé sur les intentions",
        "De la sécurité intégrée et intégrable",
        "Installation de K3S",
        "Bash completion et racourcis",
        "Explorons notre cluster k8s",
        "Déployer une application en CLI",
        "Le routage HTTP via Ingress / Gateway API",
        "Désinstaller k3s",
        "CheatSheet pour kubectl et formattage de la sortie",
        "Des outils supplémentaires",
        "Kubernetes dashboard",
    ]
