"""A person at the local Slack's keyboard, and what they read there."""

import asyncio
import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.playground.localslack import BOT, LocalSlack
from bot.slack.inbox import SHOW_ENTRY

REPLY_SECONDS = 25.0  # the API server's deadline, and a slow machine


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the bot. ``text`` is all that its reader sees, without markup's entities; ``for_one``: only you."""

    channel: str
    ts: str
    thread_ts: str | None
    for_one: str | None
    text: str
    buttons: tuple[dict[str, Any], ...]

    @property
    def table(self) -> list[str]:
        """The lines of its first code block."""
        return self.text.split("```")[1].strip("\n").splitlines()

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The buttons that show another entry."""
        return [button for button in self.buttons if button["action_id"].startswith(f"{SHOW_ENTRY}:")]


class Chat:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def open(cls, slack: LocalSlack) -> AsyncIterator["Chat"]:
        async with aiohttp.ClientSession(slack.url) as session:
            yield cls(session)

    async def say(self, user: str, channel: str, text: str, **thread: str) -> str:
        """Posts a message; its ts."""
        sent = await self._control("message", channel=channel, user=user, text=text, **thread)
        return str(sent["message"]["ts"])

    async def ask(self, user: str, channel: str, text: str, **thread: str) -> Reply:
        """Mentions the bot and waits for its one answer."""
        before = len(await self.replies(channel))
        await self.say(user, channel, f"<@{BOT}> {text}", **thread)
        return (await self.wait(channel, before + 1))[-1]

    async def command(self, user: str, channel: str, text: str) -> Reply:
        """Types /k8s and waits for its one reply."""
        before = len(await self.replies(channel))
        await self.type(user, channel, text)
        return (await self.wait(channel, before + 1))[-1]

    async def type(self, user: str, channel: str, text: str) -> None:
        """Types /k8s and returns with its acknowledgement."""
        await self._control("command", channel=channel, user=user, command="/k8s", text=text)

    async def click(self, user: str, reply: Reply, button: dict[str, Any]) -> Reply:
        before = len(await self.replies(reply.channel))
        await self.interact(user, reply, button)
        return (await self.wait(reply.channel, before + 1))[-1]

    async def interact(self, user: str, reply: Reply, button: dict[str, Any]) -> None:
        """Clicks and returns with its acknowledgement."""
        await self._control("interact", channel=reply.channel, messageTs=reply.ts, user=user, action=button)

    async def wait(self, channel: str, count: int) -> list[Reply]:
        """All replies of a channel, as soon as there are so many."""
        found = list[Reply]()

        async def all_there() -> bool:
            found[:] = await self.replies(channel)
            return len(found) >= count

        await until(all_there, f"{count} replies")
        return found

    async def replies(self, channel: str) -> list[Reply]:
        async with self._session.get(f"/_control/messages/{channel}") as response:
            messages = (await response.json())["messages"]
        return [_reply(channel, message) for message in messages if message["user"] == BOT]

    async def _control(self, deed: str, **body: object) -> dict[str, Any]:
        async with self._session.post(f"/_control/{deed}", json=body) as response:
            response.raise_for_status()
            return dict(await response.json())


async def until(true: Callable[[], Any], what: str, seconds: float = REPLY_SECONDS) -> None:
    """Waits for a coroutine function to say true; raises TimeoutError with ``what`` there was not."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await true():
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"no {what} after {seconds:.0f} s")
        await asyncio.sleep(0.02)


def _reply(channel: str, message: dict[str, Any]) -> Reply:
    blocks = message.get("blocks", ())
    elements = [e for block in blocks for e in (*block.get("elements", [block]), block.get("accessory", {"type": ""}))]
    said = [e["text"] for e in elements if "text" in e and e["type"] != "button"]
    texts = [text["text"] if isinstance(text, dict) else text for text in said]
    return Reply(
        channel=channel,
        ts=message["ts"],
        thread_ts=message.get("thread_ts"),
        for_one=message.get("ephemeral_to"),
        text=html.unescape("\n".join(texts) or message["text"]),
        buttons=tuple(e for e in elements if e["type"] == "button"),
    )
