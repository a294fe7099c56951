"""The socket under what Slack, and the network before it, do to sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import SettingsError
from bot.slack.socket import Socket
from tests.slack.fake_slack import FakeSlack

PING_SECONDS = 0.2


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.open() as slack:
        yield slack


@pytest.fixture
def heard() -> list[str]:
    return []


def connect(slack: FakeSlack, heard: list[str], silent_seconds: float = 600) -> AbstractAsyncContextManager[Socket]:
    """A socket whose app notes the texts of its commands."""
    app = AsyncApp(client=AsyncWebClient(token="xoxb-test", base_url=f"{slack.url}/api/"))

    async def note(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        if command["text"] == "slow":
            await asyncio.sleep(0.5)
        await ack()

    app.command("/k8s")(note)
    return Socket.open(app, "xapp-test", PING_SECONDS, silent_seconds)


async def opened(slack: FakeSlack, count: int) -> None:
    """Until so many connections were asked for, and there is one."""
    await slack.wait_for("apps.connections.open", count)
    await slack.connected()


async def test_a_refused_token_is_told_before_anything_is_opened(slack: FakeSlack) -> None:
    slack.faults["apps.connections.open"].append("invalid_auth")
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        async with connect(slack, []):
            pass


async def test_a_connection_that_is_cut_is_opened_again(slack: FakeSlack, heard: list[str]) -> None:
    async with connect(slack, heard) as socket:
        slack.cut()
        await opened(slack, 3)  # the first was the check before the start
        await slack.command("get pods")
        assert heard == ["get pods"]
        assert await socket.connected()


async def test_a_url_that_is_dead_is_not_tried_for_ever(slack: FakeSlack, heard: list[str]) -> None:
    slack.dead_urls = 3
    async with connect(slack, heard):
        await slack.connected()
        slack.dead_urls = 3
        slack.cut()
        await opened(slack, 6)
        await slack.command("get pods")
        assert heard == ["get pods"]


async def test_a_connection_that_answers_no_ping_is_replaced(slack: FakeSlack, heard: list[str]) -> None:
    slack.silent = True
    async with connect(slack, heard):
        slack.silent = False
        await opened(slack, 3)
        await slack.command("get pods")
        assert heard == ["get pods"]


async def test_a_connection_on_which_nothing_comes_for_long_is_replaced(slack: FakeSlack, heard: list[str]) -> None:
    async with connect(slack, heard, silent_seconds=0.5):
        await opened(slack, 4)
        await asyncio.sleep(0.1)
        await slack.command("get pods")
        assert heard == ["get pods"]


async def test_a_refresh_that_slack_asks_for_is_followed(slack: FakeSlack, heard: list[str]) -> None:
    async with connect(slack, heard):
        await slack.command("get pods")
        await slack.refresh()
        await opened(slack, 3)
        await asyncio.sleep(0.1)
        await slack.command("get services")
        assert heard == ["get pods", "get services"]


async def test_a_peer_that_does_not_answer_the_goodbye_holds_nobody_up(slack: FakeSlack) -> None:
    slack.silent = True
    async with asyncio.timeout(8):
        async with connect(slack, []):
            pass


async def test_what_came_before_the_goodbye_is_acknowledged(slack: FakeSlack, heard: list[str]) -> None:
    async with connect(slack, heard):
        await slack.connected()
        command = asyncio.create_task(slack.command("slow"))
        async with asyncio.timeout(5):
            while not heard:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await command
