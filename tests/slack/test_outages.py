"""The database or Slack away, slow or cut off, and back: one clear word for each input, and all is well again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.sandbox import Command, Person, Result
from tests.databases import PostgreSQL
from tests.product.relay import Relay
from tests.slack.conftest import RememberingSandbox, Start
from tests.slack.fake_slack import FakeSlack
from tests.slack.test_writes import until

SCALE = "scale deployment web --replicas=5"


@dataclass
class SlowSandbox(RememberingSandbox):
    """Each command ends only when it is let."""

    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, command: Command, person: Person, namespace: str | None, *, whole: bool = False) -> Result:
        result = await super().run(command, person, namespace, whole=whole)
        await self.may_end.wait()
        return result


@pytest.fixture
def url(postgresql: PostgreSQL, tmp_path: Path) -> str:
    return postgresql.create(tmp_path.name).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
async def relay(url: str) -> AsyncIterator[Relay]:
    """Between the bot and its database."""
    async with Relay.open(url) as relay:
        yield relay


def through(relay: Relay, url: str) -> str:
    head, _, database = url.rpartition("/")
    return f"{head.rpartition(':')[0]}:{relay.port}/{database}"


async def test_a_database_that_refuses_is_told_by_the_ack_and_all_is_well_when_it_is_back(
    start: Start, slack: FakeSlack, relay: Relay, url: str
) -> None:
    async with start(database_url=through(relay, url)) as bot:
        await relay.go_away()
        assert "rien n'a été fait" in (await slack.command("get pods"))["text"]
        await relay.come_back()
        assert not await slack.command("get pods")
        await slack.wait_for("respond")
        assert len(bot.sandbox.ran) == 1


async def test_what_a_slow_database_keeps_late_is_answered_late_and_once(
    start: Start, slack: FakeSlack, relay: Relay, url: str
) -> None:
    async with start(database_url=through(relay, url)) as bot:
        relay.hold()
        assert "Sans réponse d'ici une minute" in (await slack.command(SCALE, user="U0TRAINER"))["text"]
        relay.release()
        assert "2 → 5" in (await slack.wait_for("respond")).text
        await bot.settled()
        assert len(bot.sandbox.ran) == 1


@pytest.mark.slow
async def test_a_write_during_which_the_database_was_cut_off_is_run_once_and_told_once(
    start: Start, slack: FakeSlack, relay: Relay, url: str
) -> None:
    sandbox = SlowSandbox()
    async with start(database_url=through(relay, url), sandbox=sandbox) as bot:
        await slack.command(SCALE, user="U0TRAINER")
        await until(lambda: len(sandbox.ran) == 1)
        await relay.go_away()
        sandbox.may_end.set()
        await asyncio.sleep(0.3)
        await relay.come_back()
        async with asyncio.timeout(15):  # a lease may have to end
            while await bot.journal.pending():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert len(sandbox.ran) == 1
        assert len(slack.called("respond")) == 1


async def test_a_slack_that_goes_away_gets_each_reply_once_when_it_is_back(start: Start, slack: FakeSlack) -> None:
    async with Relay.open(slack.url) as relay, start(api_url=f"http://127.0.0.1:{relay.port}/api/") as bot:
        await slack.command("get pods")
        await bot.settled()
        await relay.go_away()
        await slack.mention("comment lister les nœuds ?")
        await slack.mention("comment lister les pods ?")
        await asyncio.sleep(0.5)
        assert slack.called("chat.postMessage") == []
        await relay.come_back()
        await slack.wait_for("chat.postMessage", 2)
        await bot.settled()
        assert len(slack.called("chat.postMessage")) == 2


@pytest.mark.slow
async def test_a_slack_that_is_too_slow_gets_each_reply_once(start: Start, slack: FakeSlack) -> None:
    async with Relay.open(slack.url) as relay, start(api_url=f"http://127.0.0.1:{relay.port}/api/") as bot:
        relay.hold()
        await slack.mention("comment lister les nœuds ?")
        await asyncio.sleep(11)
        relay.release()
        await bot.settled()
        assert len(slack.called("chat.postMessage")) == 1
