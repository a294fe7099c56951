"""The journal on each of its databases."""

from collections.abc import AsyncIterator

import pytest

from bot.journal import Journal


@pytest.fixture
async def journal(database_url: str) -> AsyncIterator[Journal]:
    async with Journal.open(database_url) as journal:
        yield journal
