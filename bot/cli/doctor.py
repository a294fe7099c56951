"""`timonier doctor`."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.mode import Mode, RequestUrl, check_heeded

if TYPE_CHECKING:
    from bot.findings import Finding

SIGNS = {"ok": "✓", "warning": "!", "fault": "✗"}


def doctor(
    mode: Mode = "socket",
    url: RequestUrl = None,
    faults: Annotated[bool, typer.Option("--faults", help="Exit 0 for warnings, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object per finding.")] = False,
) -> None:
    """Look at all that the bot stands on: exit 0 when all is well, 1 for warnings, 2 for faults."""
    check_heeded(mode, url)
    worst = asyncio.run(_look(mode, url, as_json=as_json))
    sys.exit(0 if faults and worst == "warning" else list(SIGNS).index(worst))


async def _look(mode: Mode, url: str | None, *, as_json: bool) -> str:
    from bot.doctor import diagnose

    states = ["ok"]
    async for finding in diagnose(os.environ, mode, url):
        states.append(finding.state)
        typer.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else _line(finding))
    return max(states, key=list(SIGNS).index)


def _line(finding: "Finding") -> str:
    remedy = f"\n    → {finding.remedy}" if finding.remedy else ""
    return f"{SIGNS[finding.state]} {finding.subject}: {finding.said}{remedy}"
