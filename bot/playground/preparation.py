"""How far the preparation is: shown in the terminal, and told to the bot, which answers /k8s with it meanwhile."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.language import Lang, Text
from bot.playground.controlplane import Report

USUALLY = Text("/ {seconds} s d'habitude", "/ usually {seconds} s")

Show = Callable[[str, float | None], None]


@contextmanager
def preparing(file: Path, seconds: int, lang: Lang, console: Console) -> Iterator[Report]:
    """While the block lasts, ``file`` holds ``{"step": {"fr", "en"}, "seconds", "started_at"}``.

    ``seconds`` is what it usually takes in all. The file goes only when all went well.
    """
    started_at = time.time()
    show_in = _bar if console.is_terminal else _lines
    with show_in(console, USUALLY.format(seconds=seconds)[lang]) as show:

        def report(step: Text, share: float | None) -> None:
            told = {"step": {"fr": step.fr, "en": step.en}, "seconds": seconds, "started_at": started_at}
            replace_text(file, json.dumps(told, ensure_ascii=False))
            show(step[lang], share)

        yield report
    file.unlink()


def replace_text(path: Path, text: str) -> None:
    """Readers see the old text or the new one, never a part; only their owner reads it."""
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


@contextmanager
def _bar(console: Console, usually: str) -> Iterator[Show]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn(usually))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, share: bar.update(task, description=step, completed=share)


@contextmanager
def _lines(console: Console, usually: str) -> Iterator[Show]:
    """One line a step, where nobody watches a bar."""
    started, last = time.monotonic(), ""

    def show(step: str, _: float | None) -> None:
        nonlocal last
        if step != last:
            console.print(f"[{time.monotonic() - started:4.0f} s] {step} {usually if not last else ''}", markup=False)
            last = step

    yield show
