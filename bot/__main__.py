"""The command line. Imports are inside the commands, so that each starts with only what it needs."""

import asyncio
import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from bot.journal import TrainerEntry
    from bot.knowledge import KnowledgeBase
    from bot.knowledge.building import Course, Reading

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A Slack bot for a Kubernetes course.")
knowledge = typer.Typer(no_args_is_help=True, help="The course as data: check it, measure it.")
app.add_typer(knowledge, name="knowledge")

KnowledgeFolder = Annotated[
    Path | None, typer.Option("--knowledge", envvar="TIMONIER_KNOWLEDGE", help="Another base than the shipped one.")
]
Mode = Annotated[
    Literal["socket", "http"], typer.Option(help="socket: the bot calls Slack; http: Slack calls the bot.")
]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads one per line.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON in (text, after) and out, one object per line.")
    ] = False,
    knowledge_folder: KnowledgeFolder = None,
) -> None:
    """Answer a question of the course, as in Slack."""
    from bot.knowledge import json_line, plain

    base = _base(knowledge_folder)
    for line in sys.stdin if question == "-" else [question]:
        asked = _asked(line) if as_json and question == "-" else (line,)
        answer = base.answer(*asked)
        typer.echo(json.dumps(json_line(answer), ensure_ascii=False) if as_json else plain(answer))


@knowledge.command()
def check(knowledge_folder: KnowledgeFolder = None) -> None:
    """Load the base strictly; tell every problem with its file, entry and field."""
    base = _base(knowledge_folder)
    typer.echo(f"{len(base.entries)} entries, all sound.")


@knowledge.command("eval")
def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Question files, with their bars.", exists=True)],
    knowledge_folder: KnowledgeFolder = None,
) -> None:
    """Measure the base on questions; exit 1 below the bars that the files set."""
    from bot.knowledge.evaluation import QuestionsError
    from bot.knowledge.evaluation import evaluate as measure

    base = _base(knowledge_folder)
    try:
        reports = {file: measure(base, file) for file in files}
    except QuestionsError as error:
        sys.exit(f"timonier: {error}")
    for file, report in reports.items():
        typer.echo(f"{file}: {len(report.results)} questions\n\n{report.table()}\n")
    sys.exit(1 if any(report.missed for report in reports.values()) else 0)


@knowledge.command()
def export(
    out: Annotated[Path | None, typer.Option("-o", help="A file of a base, instead of the terminal.")] = None,
) -> None:
    """Write the entries that trainers made in Slack (DATABASE_URL) as YAML, for a commit."""
    from bot.helpdesk.library import as_yaml
    from bot.settings import SettingsError, database_url

    try:
        entries = asyncio.run(_stored_entries(database_url(os.environ)))
    except SettingsError as error:
        sys.exit(f"timonier: {error}")
    if not entries:
        typer.echo("No entry was made in Slack yet (is DATABASE_URL the bot's?); nothing is written.", err=True)
    elif out is None:
        typer.echo(as_yaml(entries), nl=False)
    else:
        out.write_text(as_yaml(entries), encoding="utf-8")
        typer.echo(f"{len(entries)} entries written to {out}.", err=True)


async def _stored_entries(url: str) -> "tuple[TrainerEntry, ...]":
    from bot.journal import Journal

    async with Journal.open(url) as journal:
        return await journal.entries.all()


Sources = Annotated[
    list[str], typer.Argument(help="Files (Markdown, HTML, text), folders, or URLs: with the pages below.")
]
Language = Annotated[
    Literal["fr", "en"] | None, typer.Option(help="What the course is written in; else it is guessed.")
]
Private = Annotated[bool, typer.Option("--allow-private", help="Read from this machine's and private addresses too.")]


@knowledge.command()
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


@knowledge.command()
def coverage(
    sources: Sources, lang: Language = None, allow_private: Private = False, knowledge_folder: KnowledgeFolder = None
) -> None:
    """List each command and each section of a course that no entry holds; exit 1 when there is one."""
    entries = _base(knowledge_folder).entries
    with _building() as building:
        found = building.coverage(_course(sources, building.Reading(lang, allow_private=allow_private)), entries)
    typer.echo(found.told())
    sys.exit(0 if found.whole else 1)


@app.command(context_settings={"allow_interspersed_args": False})
def k8s(
    argv: Annotated[list[str], typer.Argument(help="The command, after --: get pods")],
    as_: Annotated[Literal["student", "trainer"], typer.Option("--as", help="Whose rights.")] = "student",
    namespace: Annotated[str | None, typer.Option("-n", "--namespace", help="The default namespace.")] = None,
) -> None:
    """Run /k8s from a terminal, on the cluster of KUBECONFIG or the in-cluster account."""
    from bot.settings import SettingsError

    try:
        status = asyncio.run(_k8s(argv, as_, namespace))
    except SettingsError as error:
        sys.exit(f"timonier: {error}")
    sys.exit(status)


async def _k8s(argv: list[str], role: Literal["student", "trainer"], namespace: str | None) -> int:
    from bot.errors import BotError
    from bot.sandbox import Person, Sandbox, UsageError
    from bot.settings import course, kubeconfig

    config = course(os.environ)
    namespaces = config.namespaces or (namespace or "default",)
    # A trainer has all namespaces; a student of a terminal has the one that was named.
    own = namespaces if role == "trainer" else (namespace,) if namespace in namespaces else namespaces[:1]
    person = Person("terminal", role, own)
    try:
        async with Sandbox.open(kubeconfig(os.environ), namespaces, config.read_only_namespaces) as sandbox:
            command = await sandbox.parse_argv(argv)
            result = await sandbox.run(command, person, namespace)
    except BotError as error:
        words = error.stderr if isinstance(error, UsageError) else f"error: {error.text[config.language]}"
        typer.echo(words, err=True)
        return 1
    if result.explanation and not result.stderr:
        typer.echo(result.explanation[config.language])
    typer.echo(result.stdout, nl=False)
    typer.echo(result.stderr, err=True, nl=False)
    if result.lesson and command.output in ("", "wide"):
        typer.echo(f"\n{result.lesson.text[config.language]}\n→ timonier k8s -- {result.lesson.command}", err=True)
    return result.status


@app.command()
def serve(mode: Mode = "socket") -> None:
    """Run the bot until SIGTERM."""
    from bot import log
    from bot.app import serve as run
    from bot.errors import BotError
    from bot.knowledge import KnowledgeError
    from bot.settings import Settings, SettingsError, log_format

    try:
        log.start(log_format(os.environ))
        asyncio.run(run(Settings.from_environment(os.environ, mode)))
    except (SettingsError, KnowledgeError, BotError) as error:
        sys.exit(f"timonier: {error}")


@app.command()
def manifest(
    mode: Mode = "socket",
    url: Annotated[str, typer.Option(help="Of the bot, in HTTP mode: https://bot.example.org/slack/events")] = "",
) -> None:
    """Print the Slack app's manifest, to be pasted at https://api.slack.com/apps → From a manifest."""
    from bot.slack.manifest import manifest as text_of

    if mode == "http" and not re.fullmatch(r"https://[\w.-]+(:\d+)?/slack/events", url):
        sys.exit(
            f"timonier: --url: {url or 'it'} is not where Slack can call the bot. A right example: "
            "timonier manifest --mode http --url https://bot.example.org/slack/events"
        )
    typer.echo(text_of(url if mode == "http" else None), nl=False)


@app.command()
def playground(port: Annotated[int, typer.Option(help="The page's port, or the next free one.")] = 3000) -> None:
    """Run a local Slack, a real Kubernetes and the bot on them, until Ctrl-C."""
    from bot.playground.run import main as run

    run(port)


def _base(folder: Path | None) -> "KnowledgeBase":
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
        sys.exit(f"timonier: {error.name} is not installed. Courses are read with: pip install 'timonier[build]'")
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


def _asked(line: str) -> tuple[str, ...]:
    match _read_json(line):
        case {"text": str(text), "after": str(after)}:
            return text, after
        case {"text": str(text), **rest} if rest.get("after") is None:
            return (text,)
    example = '{"text": "et en yaml ?", "after": "comment voir les pods ?"}'
    sys.exit(f"timonier: not a question: {line.strip()}\nA right example: {example}")


def _read_json(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def main() -> None:
    app()


if __name__ == "__main__":
    main()
