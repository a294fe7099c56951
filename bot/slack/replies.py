"""Where a reply goes: a thread, a response URL, one person's eyes, and a file for what is too long."""

import asyncio
import logging
import math
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import metrics
from bot.journal import Input
from bot.language import Lang, Text
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.limits import Limited, Limits

PATIENCE = Text(
    "Slack me fait patienter : trop de messages d'un coup ici. Votre réponse arrive dans {seconds} s environ.",
    "Slack has me wait: too many messages at once here. Your answer will come in about {seconds} s.",
)

log = logging.getLogger(__name__)

# Links in an answer are read, not previewed: an unfurl would also tell a third party what was asked.
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
# What a call of Slack may raise, whether or not it was heard.
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
_LOOKED_AT = 200  # messages
_POST_SECONDS = 60.0
_NOT_THERE = {"message_not_found", "cant_update_message", "edit_window_closed"}


class Replies:
    """``client``: repeats nothing by itself."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session
        self._limits = Limits()

    async def send(
        self, asked: Input, message: Message, instead_of: str | None = None, *, again: bool = False
    ) -> str | None:
        """Returns the ``ts`` of a message that others see too; ``instead_of``: the one that it takes the place of.

        ``again``: an earlier try may have got through, so it is looked for first. Raises when Slack did not take it.
        """
        self._limits.check(asked.channel_id)
        ts = (await self._find(asked, message)) if again else None
        ts = ts or await self._send(asked, message, instead_of)
        if url := asked.address.get("response_url"):
            if message.closes:
                await self._amend(url, delete_original=True)
            elif message.leaves:
                await self._amend(url, replace_original=True, text=message.text, blocks=message.leaves)
        return ts

    async def try_to_send(self, asked: Input, message: Message) -> None:
        """Once, where nothing can be kept for later."""
        try:
            await self._send(asked, message, None)
        except FAILURES:
            log.exception("a reply could not be sent and is lost")

    async def ask_for_patience(self, asked: Input, lang: Lang, seconds: float) -> None:
        """A word for one person's eyes, by a way that has its own limit."""
        words = blocks.build_words(PATIENCE[lang].format(seconds=math.ceil(seconds)))
        content = _content(words)
        try:
            if url := asked.address.get("response_url"):
                await self._respond(asked, url, words, content)
            else:
                await self._client.chat_postEphemeral(channel=asked.channel_id, **_to_one(asked), **content)
        except FAILURES:
            log.exception("a word on the wait could not be sent")

    async def post(self, channel: str, thread_ts: str | None, message: Message) -> str:
        """Says something where nobody asked right now, and waits until Slack takes it; returns its ``ts``."""
        async with asyncio.timeout(_POST_SECONDS):
            while True:
                try:
                    return await self._post(channel, thread_ts, _content(message))
                except Limited as limited:
                    await asyncio.sleep(limited.seconds)

    async def whisper(self, channel: str, thread_ts: str | None, user_id: str, message: Message) -> None:
        """The same for one person's eyes, once."""
        await self._client.chat_postEphemeral(channel=channel, user=user_id, thread_ts=thread_ts, **_content(message))

    async def _send(self, asked: Input, message: Message, instead_of: str | None) -> str | None:
        content = _content(message)
        instead_of = message.instead_of or instead_of
        if instead_of and await self.update(asked.channel_id, instead_of, message):
            return instead_of
        url = asked.address.get("response_url") if asked.kind == "command" else None
        if url and await self._respond(asked, url, message, content):
            return None
        if _is_public(asked, message):
            return await self._post(asked.channel_id, asked.thread_ts, content)
        await self._limits.call(self._client.chat_postEphemeral, asked.channel_id, **_to_one(asked), **content)
        return None

    async def _find(self, asked: Input, message: Message) -> str | None:
        """This very message, where an earlier try got through and Slack lets us look; others may be doubled."""
        if _is_public(asked, message) and message.mark:
            try:
                page = await self._history(asked.channel_id, asked.thread_ts)
            except SlackApiError as error:
                log.info("whether a reply is out cannot be seen: %s", error.response["error"])
            else:
                return next((said["ts"] for said in page.get("messages") or () if _mark(said) == message.mark), None)
        metrics.SENT_AGAIN.inc()
        log.warning("a reply may be doubled: %s of %s", asked.kind, asked.user_id)
        return None

    async def _history(self, channel: str, thread_ts: str | None) -> Any:
        if thread_ts:
            return await self._limits.call(self._client.conversations_replies, channel, ts=thread_ts, limit=_LOOKED_AT)
        return await self._limits.call(self._client.conversations_history, channel, limit=_LOOKED_AT)

    async def _post(self, channel: str, thread_ts: str | None, content: dict[str, Any]) -> str:
        posted = await self._limits.call(
            self._client.chat_postMessage, channel, thread_ts=thread_ts, **_QUIET, **content
        )
        return str(posted["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> bool:
        """False when it is not there any more."""
        try:
            await self._limits.call(self._client.chat_update, channel, ts=ts, **_content(message))
        except SlackApiError as error:
            if error.response["error"] not in _NOT_THERE:
                raise
            return False
        return True

    async def _respond(self, asked: Input, url: str, message: Message, content: dict[str, Any]) -> bool:
        """False when the URL is no longer good (5 uses, 30 minutes): the same goes by the Web API then."""
        webhook = AsyncWebhookClient(url, session=self._session, retry_handlers=[])
        answer = await webhook.send(response_type="in_channel" if message.public else "ephemeral", **_QUIET, **content)
        if answer.status_code == 429:
            raise self._limits.told(asked.channel_id, answer.headers)
        if answer.status_code != 200:
            log.warning("a response URL answered %s", answer.status_code)
        return answer.status_code == 200

    async def _amend(self, url: str, **how: Any) -> None:
        """A button that stays does no harm: its click is answered with a word."""
        try:
            await AsyncWebhookClient(url, session=self._session, retry_handlers=[]).send(**how)
        except FAILURES:
            log.exception("a message that was answered could not be amended")

    async def send_file(self, user_id: str, content: str, title: str) -> bool:
        """Slack has no files for one person's eyes in a channel: it goes to their direct messages, or (False) not."""
        try:
            opened = await self._client.conversations_open(users=user_id)
            await self._client.files_upload_v2(
                channel=opened["channel"]["id"], content=content, filename="k8s.txt", title=title
            )
        except FAILURES:
            log.exception("a file for %s could not be sent", user_id)
            return False
        return True


def _to_one(asked: Input) -> dict[str, Any]:
    # In a thread that nobody has begun, Slack does not show it.
    return {"user": asked.user_id, "thread_ts": asked.thread_ts if asked.thread_ts != asked.message_ts else None}


def _mark(said: Mapping[str, Any]) -> str | None:
    return next((block.get("block_id") for block in said.get("blocks") or ()), None)


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def _is_public(asked: Input, message: Message) -> bool:
    """Where only one person reads, there is nothing to hide from others; questions are answered for all to see."""
    match asked.kind:
        case "question" | "view":
            return True
        case "command":
            return message.public or asked.channel_id.startswith("D") or asked.channel_id == asked.user_id
        case "click":
            return message.public or asked.channel_id == asked.user_id
