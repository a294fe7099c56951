from pathlib import Path

import pytest

from bot.knowledge import DEFAULT_FOLDER, Entry, load_entries
from bot.knowledge.building import coverage, drafts_of, read_course
from tests.knowledge.building.course_file import needs_course, the_course

CHAPTERS = sorted(file.name for file in DEFAULT_FOLDER.glob("0*.yaml"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "course.md").write_text(
        "# Course\n\n## Jobs\n\nA job runs pods until they have completed, and starts failed pods again.\n\n"
        "```sh\nkubectl create job pi --image=perl\n```\n\n## Labels\n\nLabels group objects, and selectors find them: "
        "`kubectl get node/XXX -A -l app=web`.\n"
    )
    return tmp_path / "course.md"


def drafts(file: Path) -> tuple[Entry, ...]:
    course = read_course([str(file)])
    return drafts_of(course.sections, course.lang)


def test_the_drafts_of_a_course_hold_all_of_it(course: Path) -> None:
    found = coverage(read_course([str(course)]), drafts(course))
    assert found.whole
    assert found.told() == "2 of 2 commands and 2 of 2 sections are held."


def test_what_no_entry_holds_is_listed_with_its_place(course: Path) -> None:
    found = coverage(read_course([str(course)]), drafts(course)[1:])
    assert not found.whole
    assert [(gap.what, gap.where) for gap in found.missing_commands] == [
        ("kubectl create job pi --image=perl", "Course › Jobs")
    ]
    assert [gap.what for gap in found.missing_sections] == ["Course › Jobs"]
    assert "Sections that no entry holds:\n  Course › Jobs\n" in found.told()


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("kubectl get nodes a --all-namespaces --selector app=web", True),
        ("kubectl get -l app=web -A no/a", True),
        ("kubectl get nodes -A -l app=web", False),
        ("kubectl get nodes a -A -l app=api", False),
    ],
)
def test_other_spellings_of_a_command_hold_it_and_others_do_not(course: Path, typed: str, held: bool) -> None:
    other = course.with_name("other.md")
    other.write_text(f"# Other\n\nWords.\n\n```sh\n{typed}\n```\n")
    found = coverage(read_course([str(course)]), drafts(other))
    assert ("kubectl get node/XXX -A -l app=web" not in [gap.what for gap in found.missing_commands]) is held


@needs_course
def test_the_shipped_base_holds_the_whole_course() -> None:
    found = coverage(the_course(), load_entries(DEFAULT_FOLDER))
    assert found.whole, found.told()
    assert (found.commands, found.sections) == (32, 17)


@needs_course
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_without_one_of_its_chapters_the_base_lacks_something_of_the_course(chapter: str) -> None:
    entries = load_entries(DEFAULT_FOLDER)
    chapters = list(dict.fromkeys(entry.chapter for entry in entries))
    left = [entry for entry in entries if entry.chapter != chapters[CHAPTERS.index(chapter)]]
    lacking = coverage(the_course(), left)
    assert lacking.missing_sections or lacking.missing_commands
