from pathlib import Path

import pytest

from bot.knowledge.building import CourseError, Limits, Reading, read_course
from bot.knowledge.building.progress import progress


def test_a_folder_is_read_in_order_and_in_all_formats(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.md").write_text("# A\n\nVoici les pods du cours.")
    (tmp_path / "b" / "b.html").write_text("<h1>B</h1><p>Les nœuds et les services.")
    (tmp_path / "c.txt").write_text("Titre\n\nDes mots, pour finir.")
    (tmp_path / "d.png").write_bytes(b"\x89PNG")
    told: list[tuple[str, int]] = []
    course = read_course([str(tmp_path)], report=lambda name, left: told.append((name, left)))
    assert [section.title for section in course.sections] == ["A", "B", "Titre"]
    assert told == [("a.md", 2), ("b/b.html", 1), ("c.txt", 0)]
    assert course.documents == dict.fromkeys(["a.md", "b/b.html", "c.txt"], str(tmp_path))


def test_hidden_and_generated_folders_are_left_alone(tmp_path: Path) -> None:
    for name in (".git", "node_modules", "_includes", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"# {name}\n\nwords")
    (tmp_path / "404.html").write_text("<h1>404</h1><p>not found")
    assert [section.title for section in read_course([str(tmp_path)]).sections] == ["kept"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "course"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.md").write_text("# Secret\n\nwords")
    (folder / "a.md").write_text("# A\n\nwords")
    (folder / "file.md").symlink_to(outside / "secret.md")
    (folder / "inside.md").symlink_to(folder / "a.md")
    (folder / "folder").symlink_to(outside)
    course = read_course([str(folder)])
    assert [section.title for section in course.sections] == ["A", "A"]
    assert course.left_out == {"file.md": "is a link that leads out of the folder"}


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nwords")
    (tmp_path / "b.md").write_bytes(b"\0\1\2")
    (tmp_path / "big.md").write_text("x" * 2_000)
    (tmp_path / "lost.md").symlink_to(tmp_path / "nothing")
    course = read_course([str(tmp_path)], Reading(limits=Limits(page_bytes=1_000)))
    assert [section.title for section in course.sections] == ["A"]
    assert course.left_out == {
        "b.md": "is not text",
        "big.md": "is larger than 1,000 bytes",
        "lost.md": "is no regular file",
    }


def test_the_size_of_a_folder_is_limited(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text("# A\n\n" + "word " * 100)
    with pytest.raises(CourseError, match="more than 1,000 bytes in all"):
        read_course([str(tmp_path)], Reading(limits=Limits(all_bytes=1_000)))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.docx", "words", "ends in none of .md"),
        ("a.md", "", "no section with text in it"),
        ("a.html", "<main><div id=root></div><script>draw()</script></main>", "only a browser draws"),
    ],
)
def test_a_source_that_is_none_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CourseError, match=message):
        read_course([str(tmp_path / name)])


def test_a_source_that_is_not_there_is_told_with_right_ones(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"is no file or folder\. Right ones: course\.md, docs/, https://"):
        read_course([str(tmp_path / "nothing.md")])
    with pytest.raises(CourseError, match="holds no file that ends in"):
        read_course([str(tmp_path)])


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("# Les pods\n\nUn pod est le plus petit objet que vous pouvez créer dans un cluster.", "fr"),
        ("# Pods\n\nA pod is the smallest object that you can create in a cluster.", "en"),
        ("# X\n\n```sh\nls\n```", "fr"),
    ],
)
def test_the_language_is_that_of_most_sections(tmp_path: Path, text: str, lang: str) -> None:
    (tmp_path / "a.md").write_text(text)
    assert read_course([str(tmp_path / "a.md")]).lang == lang


def test_the_language_may_be_said(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html lang=en-GB><h1>A</h1><p>words")
    assert read_course([str(tmp_path / "a.html")]).lang == "en"
    assert read_course([str(tmp_path / "a.html")], Reading("fr")).lang == "fr"


def test_no_bar_is_drawn_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        report("a.md", 3)
    assert "".join(capsys.readouterr()) == ""
