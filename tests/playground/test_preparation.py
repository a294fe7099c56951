"""The terminal and the bot are told the same step."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.language import Text
from bot.playground.preparation import preparing, replace_text

BUILDING = Text("compilation", "compiling")
STARTING = Text("démarrage", "starting")


def test_the_file_holds_the_step_as_long_as_the_preparation_lasts(tmp_path: Path) -> None:
    file = tmp_path / "preparing.json"
    with preparing(file, 280, "fr", Console(file=io.StringIO())) as report:
        report(BUILDING, 0.5)
        told = json.loads(file.read_text())
        assert told["step"] == {"fr": "compilation", "en": "compiling"}
        assert told["seconds"] == 280
        assert told["started_at"] > 0
        report(STARTING, None)
        assert json.loads(file.read_text())["step"]["fr"] == "démarrage"
    assert not file.exists()


def test_the_file_stays_when_the_preparation_fails(tmp_path: Path) -> None:
    file = tmp_path / "preparing.json"

    def fail() -> None:
        with preparing(file, 10, "en", Console(file=io.StringIO())) as report:
            report(BUILDING, 0.5)
            raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        fail()
    assert file.exists()


def test_without_a_terminal_each_step_is_one_line(tmp_path: Path) -> None:
    out = io.StringIO()
    with preparing(tmp_path / "preparing.json", 280, "fr", Console(file=out, width=100)) as report:
        for share in (0.1, 0.2, 0.3):
            report(BUILDING, share)
        report(STARTING, None)
    lines = out.getvalue().splitlines()
    assert [line.partition("] ")[2].split()[0] for line in lines] == ["compilation", "démarrage"]
    assert "280 s d'habitude" in lines[0]


def test_in_a_terminal_there_is_a_bar_with_the_step(tmp_path: Path) -> None:
    out = io.StringIO()
    with preparing(tmp_path / "preparing.json", 280, "en", Console(file=out, width=100, force_terminal=True)) as report:
        report(BUILDING, 0.5)
    assert "compiling" in out.getvalue()
    assert "usually 280 s" in out.getvalue()


def test_a_replaced_file_is_its_owners_alone(tmp_path: Path) -> None:
    replace_text(tmp_path / "token", "secret")
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "token").read_text() == "secret"
