import subprocess
import sys
from pathlib import Path


def timonier(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "knowledge", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_course_is_built_checked_and_covered(tmp_path: Path) -> None:
    (tmp_path / "course.md").write_text("# Pods\n\nA pod holds containers.\n\n```sh\nkubectl get pods\n```\n")
    built = timonier("build", str(tmp_path / "course.md"), "-o", str(tmp_path / "base"))
    assert (built.returncode, built.stderr) == (0, "")
    assert built.stdout == f"{tmp_path}/base: 1 sections of 1 pages, in en.\n1 added\n"
    assert timonier("check", "--knowledge", str(tmp_path / "base")).stdout == "1 entries, all sound.\n"
    covered = timonier("coverage", str(tmp_path / "course.md"), "--knowledge", str(tmp_path / "base"))
    assert (covered.returncode, covered.stdout) == (0, "1 of 1 commands and 1 of 1 sections are held.\n")


def test_gaps_make_coverage_fail(tmp_path: Path) -> None:
    (tmp_path / "course.md").write_text(
        "# Baking\n\nKnead the dough, then let it rest.\n\n```sh\ndocker run bread\n```\n"
    )
    covered = timonier("coverage", str(tmp_path / "course.md"))
    assert covered.returncode == 1
    assert "docker run bread" in covered.stdout


def test_what_is_left_out_is_told_and_what_is_wrong_ends_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nwords")
    (tmp_path / "b.md").write_bytes(b"\0")
    built = timonier("build", str(tmp_path), "-o", str(tmp_path / "base"))
    assert (built.returncode, built.stderr) == (0, "left out: b.md: is not text\n")
    refused = timonier("build", "file:///etc/passwd", "-o", str(tmp_path / "base"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("timonier: file:///etc/passwd: only http and https are read")
