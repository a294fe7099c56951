"""The strict loading of a base."""

from pathlib import Path

import pytest

from bot.knowledge import DEFAULT_FOLDER, KnowledgeError, load_entries

GOOD = """\
chapter: {fr: Explorer, en: Explore}
source: Explorons notre cluster k8s
entries:
  - id: list-nodes
    title: {fr: Lister les nœuds, en: List the nodes}
    questions:
      fr: [comment lister les nœuds ?, liste des nodes, quelles machines ?]
      en: [how do I list the nodes?, list nodes]
    answer: {fr: "`kubectl get nodes` affiche…", en: "`kubectl get nodes` shows…"}
    commands:
      - run: kubectl get nodes
        does: {fr: affiche la liste, en: lists them}
"""


def problem_of(folder: Path, content: str) -> str:
    (folder / "04-explorer.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_entries(folder)
    assert "A right file:" in str(caught.value)
    return "\n".join(caught.value.problems)


def test_a_right_file_loads_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "04-explorer.yaml").write_text(GOOD, encoding="utf-8")
    (entry,) = load_entries(tmp_path)
    assert (entry.id, entry.title["en"], entry.commands[0].run) == ("list-nodes", "List the nodes", "kubectl get nodes")
    assert entry.source == "Explorons notre cluster k8s"


def test_the_shipped_base_is_sound() -> None:
    assert len(load_entries(DEFAULT_FOLDER)) > 200


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("    commands:", "    comands:", "04-explorer.yaml: list-nodes: unknown field 'comands'"),
        ("fr: Lister les nœuds, en: List the nodes", "fr: Lister les nœuds", "list-nodes: title: en is missing"),
        (", quelles machines ?", "", "list-nodes: questions: fr: needs at least 3 ways to ask, has 2"),
        ("    title: {", "    related: [nodes]\n    title: {", "list-nodes: related: there is no entry 'nodes'"),
        ("    title: {", "    id: again\n    title: {", "04-explorer.yaml: is not YAML: "),
        ("[how do I", "how do I [", "list-nodes: questions: en: should be a list"),
        (
            "    title: {",
            "    beyond_course: maybe\n    title: {",
            "list-nodes: beyond_course: should be true or false",
        ),
        ("run: kubectl get nodes", "run: 3", "list-nodes: commands: 1: run: should be a text"),
        ("chapter: {fr: Explorer, en: Explore}", "chapter: Explorer", "chapter: should be a mapping with fr, en"),
        ("source: Explorons", "sources: Explorons", "04-explorer.yaml: source is missing"),
        ("  - id: list-nodes\n    title", "  - title", "04-explorer.yaml: entry 1: id is missing"),
        ("entries:", "entries: [", "04-explorer.yaml: is not YAML: "),
    ],
)
def test_a_problem_names_its_file_entry_and_field(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in GOOD
    assert told in problem_of(tmp_path, GOOD.replace(right, wrong, 1))


def test_a_doubled_key_is_told_with_its_line(tmp_path: Path) -> None:
    assert "key 'id' stands twice" in problem_of(tmp_path, GOOD.replace("    title:", "    id: b\n    title:", 1))


def test_an_id_that_stands_twice_names_both_files(tmp_path: Path) -> None:
    (tmp_path / "01-first.yaml").write_text(GOOD, encoding="utf-8")
    assert "04-explorer.yaml: list-nodes: id: stands in 01-first.yaml too" in problem_of(tmp_path, GOOD)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    content = GOOD.replace("en: List the nodes", "it: Nodi").replace(", quelles machines ?", "")
    assert len(problem_of(tmp_path, content).splitlines()) == 3


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"no \*\.yaml file"):
        load_entries(tmp_path)
