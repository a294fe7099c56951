"""The sandbox as the bot opens it: the chart's rights, the bot's own token."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Person, Result, Sandbox
from tests.cluster import READ_ONLY, TEAMS

TRAINER = Person("U0TRAINER", "trainer", TEAMS)
STUDENT = Person("U0ROUGE", "student", TEAMS[:1])
BLEUE = TEAMS[1]
IN_TEAM = f"--namespace={BLEUE}"


@pytest.fixture
async def sandbox(bot_kubeconfig: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.open(bot_kubeconfig, TEAMS, [READ_ONLY]) as sandbox:
        yield sandbox


async def run(sandbox: Sandbox, line: str) -> Result:
    """What a trainer writes in a team's namespace; it must succeed."""
    result = await sandbox.run(await sandbox.parse(line), TRAINER, BLEUE)
    assert result.status == 0, result.stderr
    return result


async def preview(sandbox: Sandbox, line: str) -> Result:
    return await sandbox.preview(await sandbox.parse(line), TRAINER, BLEUE)
