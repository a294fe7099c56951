"""`timonier knowledge`: the course as data."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.journal import ask_the_journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from bot.knowledge import KnowledgeBase
    from bot.knowledge.building import Course, Reading

app = typer.Typer(no_args_is_help=True, help="The course as data: check it, measure it.")

KnowledgeFolder = Annotated[
    Path | None, typer.Option("--knowledge", envvar="TIMONIER_KNOWLEDGE", help="Another base than the shipped one.")
]


@app.command()
def check(knowledge_folder: KnowledgeFolder = None) -> None:
    """Load the base strictly; tell every problem with its file, entry and field."""
    base = knowledge_base(knowledge_folder)
    typer.echo(f"{len(base.entries)} entries, all sound.")


@app.command("eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Question files, with their bars.", exists=True)],
    knowledge_folder: KnowledgeFolder = None,
) -> None:
    """Measure the base on questions; exit 1 below the bars that the files set."""
    from bot.knowledge.evaluation import QuestionsError
    from bot.knowledge.evaluation import evaluate as measure

    base = knowledge_base(knowledge_folder)
    try:
        reports = {file: measure(base, file) for file in files}
    except QuestionsError as error:
        sys.exit(f"timonier: {error}")
    for file, report in reports.items():
        typer.echo(f"{file}: {len(report.results)} questions\n\n{report.table()}\n")
    sys.exit(1 if any(report.missed for report in reports.values()) else 0)


@app.command()
def export(
    out: Annotated[Path | None, typer.Option("-o", help="A file of a base, instead of the terminal.")] = None,
) -> None:
    """Write the entries that trainers made in Slack (DATABASE_URL) as YAML, for a commit."""
    from bot.helpdesk.library import as_yaml

    entries = ask_the_journal(lambda journal: journal.entries.all())
    if not entries:
        typer.echo("No entry was made in Slack yet (is DATABASE_URL the bot's?); nothing is written.", err=True)
    elif out is None:
        typer.echo(as_yaml(entries), nl=False)
    else:
        out.write_text(as_yaml(entries), encoding="utf-8")
        typer.echo(f"{len(entries)} entries written to {out}.", err=True)


Sources = Annotated[
    list[str], typer.Argument(help="Files (Markdown, HTML, text), folders, or URLs: with the pages below.")
]
Language = Annotated[
    Literal["fr", "en"] | None, typer.Option(help="What the course is written in; else it is guessed.")
]
Private = Annotated[bool, typer.Option("--allow-private", help="Read from this machine's and private addresses too.")]


@app.command()
def build(
    sources: Sources,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder of the drafts.", file_okay=False)],
    lang: Language = None,
    pages: Annotated[int, typer.Option(help="At most this many pages of a site.", min=1)] = 500,
    depth: Annotated[int, typer.Option(help="At most this many links away from its URL.", min=0)] = 8,
    minutes: Annotated[float, typer.Option(help="At most this long on a site.", min=0)] = 15,
    allow_private: Private = False,
) -> None:
    """Draft entries from a course; over drafts that people edited, only what they left as it was."""
    with _building() as building:
        limits = building.Limits(pages=pages, depth=depth, seconds=minutes * 60)
        course = _course(sources, building.Reading(lang, limits, allow_private))
        changes = building.write_drafts(course, output)
    number = len(course.sections)
    typer.echo(f"{output}: {number} sections of {len(course.documents)} pages, in {course.lang}.\n{changes.told()}")


@app.command()
def coverage(
    sources: Sources, lang: Language = None, allow_private: Private = False, knowledge_folder: KnowledgeFolder = None
) -> None:
    """List each command and each section of a course that no entry holds; exit 1 when there is one."""
    entries = knowledge_base(knowledge_folder).entries
    with _building() as building:
        found = building.coverage(_course(sources, building.Reading(lang, allow_private=allow_private)), entries)
    typer.echo(found.told())
    sys.exit(0 if found.whole else 1)


def knowledge_base(folder: Path | None) -> "KnowledgeBase":
    """What is wrong with a base is told without a traceback."""
    from bot.knowledge import DEFAULT_FOLDER, KnowledgeBase, KnowledgeError, load_entries

    try:
        return KnowledgeBase(load_entries(folder or DEFAULT_FOLDER))
    except KnowledgeError as error:
        sys.exit(f"timonier: {error}")


@contextmanager
def _building() -> "Iterator[ModuleType]":
    """The package that reads courses; what is wrong with one is told without a traceback."""
    try:
        from bot.knowledge import building
    except ModuleNotFoundError as error:
        sys.exit(f"timonier: {error.name} is not installed. Courses are read with: pip install -e '.[build]'")
    try:
        yield building
    except building.CourseError as error:
        sys.exit(f"timonier: {error}")


def _course(sources: list[str], reading: "Reading") -> "Course":
    from bot.knowledge.building import read_course
    from bot.knowledge.building.progress import progress

    with progress() as report:
        course = read_course(sources, reading, report)
    for name, reason in course.left_out.items():
        typer.echo(f"left out: {name}: {reason}", err=True)
    return course
