"""How far the reading of a course is, on a terminal; elsewhere nothing is shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from bot.knowledge.building.sources import Report

_LONGEST_NAME = 60


@contextmanager
def progress() -> Iterator[Report]:
    """While the block lasts, each report moves a bar on standard error."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        read = 0

        def report(name: str, left: int) -> None:
            nonlocal read
            read += 1
            bar.update(task, completed=read, total=read + left, description=name[-_LONGEST_NAME:])

        yield report
