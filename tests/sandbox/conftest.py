"""The sandbox as the bot opens it: the chart's rights, the bot's own token."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Person, Sandbox
from tests.cluster import READ_ONLY, TEAMS

TRAINER = Person("U0TRAINER", "trainer", TEAMS)
STUDENT = Person("U0ROUGE", "student", TEAMS[:1])


@pytest.fixture
async def sandbox(bot_kubeconfig: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.open(bot_kubeconfig, TEAMS, [READ_ONLY]) as sandbox:
        yield sandbox
