"""The command line. Imports are inside the commands, so that each starts with only what it needs."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli import journal, knowledge
from bot.cli.doctor import doctor
from bot.cli.knowledge import KnowledgeFolder, knowledge_base
from bot.cli.mode import Mode, RequestUrl, check_heeded

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A Slack bot for a Kubernetes course.")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(journal.app, name="journal")
app.command()(doctor)


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

    base = knowledge_base(knowledge_folder)
    for number, line in enumerate(sys.stdin if question == "-" else [question], start=1):
        asked = _asked(line, number) if as_json and question == "-" else (line,)
        answer = base.answer(*asked)
        typer.echo(json.dumps(json_line(answer), ensure_ascii=False) if as_json else plain(answer))


@app.command(context_settings={"allow_interspersed_args": False})
def k8s(
    argv: Annotated[list[str], typer.Argument(help="The command, after --: get pods")],
    as_: Annotated[Literal["student", "trainer"], typer.Option("--as", help="Whose rights.")] = "student",
    namespace: Annotated[str | None, typer.Option("-n", "--namespace", help="The default namespace.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what destroys.")] = False,
) -> None:
    """Run /k8s from a terminal, on the cluster of KUBECONFIG or the in-cluster account."""
    from bot.settings import SettingsError

    try:
        status = asyncio.run(_k8s(argv, as_, namespace, yes))
    except SettingsError as error:
        sys.exit(f"timonier: {error}")
    sys.exit(status)


async def _k8s(argv: list[str], role: Literal["student", "trainer"], namespace: str | None, yes: bool) -> int:
    from bot.errors import BotError
    from bot.sandbox import Person, Sandbox, UsageError, asks_first
    from bot.settings import course, kubeconfig

    config = course(os.environ)
    namespaces = config.namespaces or (namespace or "default",)
    # A trainer has all namespaces; a student of a terminal has the one that was named.
    own = namespaces if role == "trainer" else (namespace,) if namespace in namespaces else namespaces[:1]
    person = Person("terminal", role, own)
    try:
        places = (namespaces, config.read_only_namespaces, config.students_write)
        async with Sandbox.open(kubeconfig(os.environ), *places) as sandbox:
            command = await sandbox.parse_argv(argv)
            if command.writes and not yes:
                shown = await sandbox.preview(command, person, command.namespace or namespace or own[0])
                told = [change.told[config.language] for change in shown.changes]
                if asks_first(shown.changes) and not _agreed(told, config.language):
                    return 1
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


def _agreed(told: list[str], lang: Literal["fr", "en"]) -> bool:
    """Not typer.confirm: it writes to stdout, where the result alone belongs."""
    question = "Continuer ? [o/N] " if lang == "fr" else "Go on? [y/N] "
    typer.echo("\n".join((*told, question)), nl=False, err=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")


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
def manifest(mode: Mode = "socket", url: RequestUrl = None) -> None:
    """Print the Slack app's manifest, to be pasted at https://api.slack.com/apps → From a manifest."""
    from bot.slack.manifest import manifest as text_of

    check_heeded(mode, url)
    if mode == "http" and not re.fullmatch(r"https://[\w.-]+(:\d+)?/slack/events", url or ""):
        sys.exit(
            f"timonier: --url: {url or 'it'} is not where Slack can call the bot. A right example: "
            "timonier manifest --mode http --url https://bot.example.org/slack/events"
        )
    typer.echo(text_of(url), nl=False)


@app.command()
def playground(
    port: Annotated[int, typer.Option(help="The page's port, or the next free one.")] = 3000,
    kubeconfig: Annotated[
        Path | None, typer.Option(help="An administrator's, of a cluster of your own: the chart is installed there.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before installing there.")] = False,
) -> None:
    """Run a local Slack, a real Kubernetes and the bot on them, until Ctrl-C."""
    from bot.playground.run import main as run

    run(port, kubeconfig, agreed=yes)


def _asked(line: str, number: int) -> tuple[str, ...]:
    match _read_json(line):
        case {"text": str(text), "after": str(after)}:
            return text, after
        case {"text": str(text), **rest} if rest.get("after") is None:
            return (text,)
    example = '{"text": "et en yaml ?", "after": "comment voir les pods ?"}'
    sys.exit(f"timonier: line {number} is no question: {line.strip()}\nA right example: {example}")


def _read_json(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def main() -> None:
    app()


if __name__ == "__main__":
    main()
