"""How the bot meets Slack, as an option of the commands that ask for it."""

import sys
from typing import Annotated, Literal

import typer

Mode = Annotated[
    Literal["socket", "http"], typer.Option(help="socket: the bot calls Slack; http: Slack calls the bot.")
]
RequestUrl = Annotated[
    str | None, typer.Option(help="In HTTP mode, where Slack calls: https://bot.example.org/slack/events")
]


def check_heeded(mode: Mode, url: str | None) -> None:
    """Ends the program where a URL would go unheeded."""
    if url and mode != "http":
        sys.exit(f"timonier: --url: Slack calls the bot in HTTP mode only. A right example: --mode http --url {url}")
