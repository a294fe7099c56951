"""`timonier journal`: what is kept about people."""

import asyncio
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.journal import Journal

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="What is kept about people (DATABASE_URL).")


def _user_id(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]+", value):
        raise typer.BadParameter(f"{value!r} is no Slack user's id (profile → ⋮ → Copy member ID). Example: U01ABC2DE3")
    return value


UserId = Annotated[str, typer.Argument(metavar="USER", help="A Slack user's id.", callback=_user_id)]


@app.command()
def export(user_id: UserId) -> None:
    """Print as JSON all that is kept about a person."""
    kept = ask_the_journal(lambda journal: journal.privacy.export(user_id))
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=2, default=str))


@app.command()
def forget(user_id: UserId) -> None:
    """Forget a person: what others stand on stays, without words and without a name."""
    typer.echo(f"{ask_the_journal(lambda journal: journal.privacy.forget(user_id))} inputs of {user_id} forgotten.")


def ask_the_journal(ask: "Callable[[Journal], Awaitable[T]]") -> "T":
    """What the journal of DATABASE_URL answers; what is wrong with it is told without a traceback."""
    from bot.errors import BotError
    from bot.journal import Journal
    from bot.settings import SettingsError, database_url

    async def asked() -> "T":
        async with Journal.open(database_url(os.environ)) as journal:
            return await ask(journal)

    try:
        return asyncio.run(asked())
    except (SettingsError, BotError) as error:
        sys.exit(f"timonier: {error}")
