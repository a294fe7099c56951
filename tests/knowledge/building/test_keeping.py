import json
from pathlib import Path

import pytest

from bot.knowledge import load_entries
from bot.knowledge.building import Changes, CourseError, read_course, write_drafts
from bot.knowledge.building.keeping import RECORD

COURSE = "# Cours\n\n## Pods\n\nUn pod contient des conteneurs.\n\n## Nodes\n\nUn node : `kubectl get nodes`\n"
FILE = "01-cours.yaml"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "cours.md").write_text(COURSE)
    return tmp_path / "cours.md"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "base"


def build(course: Path, base: Path) -> Changes:
    return write_drafts(read_course([str(course)]), base)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_drafts_load_without_edits(course: Path, base: Path) -> None:
    assert build(course, base) == Changes(added=["cours-pods", "cours-nodes"])
    entries = load_entries(base)
    assert [entry.id for entry in entries] == ["cours-pods", "cours-nodes"]
    assert entries[1].commands[0].run == "kubectl get nodes"
    assert [file.name for file in base.glob("*.yaml")] == [FILE]


@pytest.mark.parametrize(
    "text",
    [
        "# : {yes} &a *b !c\n\n- no: 'x' \"y\" # z\n\n```sh\nls -l # - : {\n```\n",
        "# 日本語\n\n\u202eright to left\u2028\x0b\U0001f600\n",
        "# 12\n\n2024-01-01\n\n```yaml\nkind: Pod\n  \n\ttab: 1\n```\n",
        "# " + "a" * 3_000 + "\n\n" + "b" * 9_000,
    ],
)
def test_drafts_load_whatever_the_course_is_made_of(text: str, course: Path, base: Path) -> None:
    course.write_text(text)
    build(course, base)
    assert len(load_entries(base)) == 1
    assert build(course, base) == Changes(same=1)


def test_a_second_run_over_the_same_course_writes_nothing(course: Path, base: Path) -> None:
    build(course, base)
    before = {file.name: file.stat().st_mtime_ns for file in base.glob("*.yaml")}
    assert build(course, base) == Changes(same=2)
    assert {file.name: file.stat().st_mtime_ns for file in base.glob("*.yaml")} == before


def test_a_draft_that_nobody_edited_follows_the_course(course: Path, base: Path) -> None:
    build(course, base)
    edit(course, "des conteneurs", "un ou plusieurs conteneurs")
    assert build(course, base) == Changes(updated=["cours-pods"], same=1)
    assert load_entries(base)[0].answer.fr == "Un pod contient un ou plusieurs conteneurs."


def test_what_people_edited_is_kept_to_the_letter_and_the_change_is_told_once(course: Path, base: Path) -> None:
    build(course, base)
    edit(base / FILE, "  - id: cours-pods\n", "  # Relu par Zoé.\n  - id: cours-pods\n    beyond_course: false\n")
    edit(base / FILE, "  fr: Cours\n", "  fr: Le cours # chapitre\n")
    edited = (base / FILE).read_text()
    edit(course, "des conteneurs", "autre chose")
    assert build(course, base) == Changes(edited=["cours-pods"], same=1)
    assert (base / FILE).read_text() == edited
    assert build(course, base) == Changes(same=1)


def test_a_draft_that_was_deleted_stays_deleted(course: Path, base: Path) -> None:
    build(course, base)
    text = (base / FILE).read_text()
    (base / FILE).write_text(text[: text.index("  - id: cours-nodes")])
    edit(course, "Un node", "Une machine")
    assert build(course, base) == Changes(same=1)
    assert [entry.id for entry in load_entries(base)] == ["cours-pods"]


def test_entries_written_by_hand_stay_even_under_a_draft_s_id(course: Path, base: Path) -> None:
    build(course, base)
    hand = base / "00-main.yaml"
    hand.write_text((base / FILE).read_text().replace("id: cours-", "id: main-"))
    (base / FILE).unlink()
    (base / RECORD).unlink()
    before = hand.read_text()
    edit(hand, "id: main-pods", "id: cours-pods")
    assert build(course, base) == Changes(added=["cours-nodes"])
    assert hand.read_text() == before.replace("id: main-pods", "id: cours-pods")


def test_a_section_that_is_gone_takes_its_draft_along_unless_it_was_edited(course: Path, base: Path) -> None:
    build(course, base)
    course.write_text("# Cours\n\n## Pods\n\nUn pod contient des conteneurs.\n")
    assert build(course, base) == Changes(removed=["cours-nodes"], same=1)
    course.write_text(COURSE)
    build(course, base)
    edit(base / FILE, "Un node :", "Une machine :")
    course.write_text("# Cours\n\n## Pods\n\nUn pod contient des conteneurs.\n")
    assert build(course, base) == Changes(kept=["cours-nodes"], same=1)
    assert build(course, base) == Changes(same=1)


def test_a_draft_that_another_entry_names_is_not_removed(course: Path, base: Path) -> None:
    build(course, base)
    edit(base / FILE, "  - id: cours-pods\n", "  - id: cours-pods\n    related: [cours-nodes]\n")
    course.write_text("# Cours\n\n## Pods\n\nUn pod contient des conteneurs.\n")
    assert build(course, base) == Changes(kept=["cours-nodes"])


def test_what_could_not_be_read_this_time_is_not_gone(tmp_path: Path, base: Path) -> None:
    docs, other = tmp_path / "docs", tmp_path / "other"
    for folder in (docs, other):
        folder.mkdir()
        (folder / f"{folder.name}.md").write_text(f"# {folder.name}\n\nwords")
    (docs / "b.md").write_text("# B\n\nwords")
    write_drafts(read_course([str(docs), str(other)]), base)
    (docs / "b.md").write_bytes(b"\0")
    assert write_drafts(read_course([str(docs)]), base) == Changes(same=1)
    assert {entry.id for entry in load_entries(base)} == {"docs", "b", "other"}
    (docs / "b.md").unlink()
    assert write_drafts(read_course([str(docs), str(other)]), base) == Changes(removed=["b"], same=2)


def test_an_entry_may_be_moved_to_another_chapter(course: Path, base: Path) -> None:
    build(course, base)
    text = (base / FILE).read_text()
    cut = text.index("  - id: cours-nodes")
    (base / FILE).write_text(text[:cut])
    (base / "09-machines.yaml").write_text(text[: text.index("  - id: cours-pods")] + text[cut:])
    edit(course, "Un node", "Une machine")
    assert build(course, base) == Changes(updated=["cours-nodes"], same=1)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("entries: [", "is not YAML"),
        ("chapter: {fr: a, en: b}\nsource: a\nentries: [{id: a}]\n", "questions is missing"),
    ],
)
def test_a_folder_whose_entries_do_not_load_is_not_touched(course: Path, base: Path, broken: str, message: str) -> None:
    base.mkdir()
    (base / "00-main.yaml").write_text(broken)
    with pytest.raises(CourseError, match=message):
        build(course, base)
    assert [file.name for file in base.iterdir()] == ["00-main.yaml"]


def test_entries_in_one_line_are_refused_with_a_right_start(course: Path, base: Path) -> None:
    base.mkdir()
    both = "{fr: a, en: b}"
    (base / "00.yaml").write_text(
        f"chapter: {both}\nsource: a\n"
        f"entries: [{{id: a, title: {both}, questions: {{fr: [a, b, c], en: [a, b]}}, answer: {both}}}]\n"
    )
    with pytest.raises(CourseError, match="each starts like `  - id: list-nodes`"):
        build(course, base)


def test_a_record_that_cannot_be_read_is_told(course: Path, base: Path) -> None:
    build(course, base)
    (base / RECORD).write_text(json.dumps({"a": {"b": 1}}))
    with pytest.raises(CourseError, match="Restore it from git"):
        build(course, base)


def test_changes_are_told_by_their_ids_but_for_a_first_run(course: Path, base: Path) -> None:
    assert build(course, base).told() == "2 added"
    edit(course, "Un node", "Une machine")
    assert build(course, base).told() == "1 updated, as the course changed\n  cours-nodes\n1 unchanged"
