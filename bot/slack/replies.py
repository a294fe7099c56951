"""Where a reply goes: a thread, a response URL, one person's eyes, and a file for what is too long."""

import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.journal import Input
from bot.language import Lang
from bot.slack import blocks
from bot.slack.blocks import Message

log = logging.getLogger(__name__)

# Links in an answer are read, not previewed: an unfurl would also tell a third party what was asked.
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
# What a call of Slack may raise, whether or not it was heard.
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
_NOT_THERE = {"message_not_found", "cant_update_message", "edit_window_closed"}


class Replies:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def send(self, asked: Input, message: Message, lang: Lang, instead_of: str | None = None) -> str | None:
        """Returns the ``ts`` of a message that others see too; ``instead_of``: the one that it takes the place of.

        Raises when Slack did not take it: the input then stays pending.
        """
        ts = await self._send(asked, message, lang, instead_of)
        if message.closes and (url := asked.address.get("response_url")):
            await self._close(url)
        return ts

    async def _send(self, asked: Input, message: Message, lang: Lang, instead_of: str | None) -> str | None:
        content: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        if message.attachment is not None:
            sent = await self._send_file(asked.user_id, message.attachment, asked.text)
            content["blocks"].append(blocks.context((blocks.WHOLE_IN_DM if sent else blocks.WHOLE_FAILED)[lang]))
        instead_of = message.instead_of or instead_of
        if instead_of and await self._update(asked.channel_id, instead_of, content):
            return instead_of
        url = asked.address.get("response_url") if asked.kind == "command" else None
        if url and await self._respond(url, message, content):
            return None
        if _is_public(asked, message):
            return await self._post(asked.channel_id, asked.thread_ts, content)
        # In a thread that nobody has begun, Slack does not show it.
        thread_ts = asked.thread_ts if asked.thread_ts != asked.message_ts else None
        await self._client.chat_postEphemeral(
            channel=asked.channel_id, user=asked.user_id, thread_ts=thread_ts, **content
        )
        return None

    async def post(self, channel: str, thread_ts: str | None, message: Message) -> str:
        """Says something where nobody asked right now; returns its ``ts``."""
        return await self._post(channel, thread_ts, {"text": message.text, "blocks": message.blocks})

    async def _post(self, channel: str, thread_ts: str | None, content: dict[str, Any]) -> str:
        posted = await self._client.chat_postMessage(channel=channel, thread_ts=thread_ts, **_QUIET, **content)
        return str(posted["ts"])

    async def _update(self, channel: str, ts: str, content: dict[str, Any]) -> bool:
        """False when it is not there any more."""
        try:
            await self._client.chat_update(channel=channel, ts=ts, **content)
        except SlackApiError as error:
            if error.response["error"] not in _NOT_THERE:
                raise
            return False
        return True

    async def _respond(self, url: str, message: Message, content: dict[str, Any]) -> bool:
        """False when the URL is no longer good (5 uses, 30 minutes): the same goes by the Web API then."""
        webhook = AsyncWebhookClient(url, session=self._session, timeout=10, retry_handlers=[])
        answer = await webhook.send(response_type="in_channel" if message.public else "ephemeral", **_QUIET, **content)
        if answer.status_code != 200:
            log.warning("a response URL answered %s", answer.status_code)
        return answer.status_code == 200

    async def _close(self, url: str) -> None:
        """A button that stays does no harm: its click is answered with a word."""
        try:
            await AsyncWebhookClient(url, session=self._session, timeout=10, retry_handlers=[]).send(
                delete_original=True
            )
        except FAILURES:
            log.exception("a message that was answered could not be taken away")

    async def _send_file(self, user_id: str, content: str, title: str) -> bool:
        """Slack has no files for one person's eyes in a channel: it goes to the asker's direct messages."""
        try:
            opened = await self._client.conversations_open(users=user_id)
            await self._client.files_upload_v2(
                channel=opened["channel"]["id"], content=content, filename="k8s.txt", title=title or "k8s"
            )
        except FAILURES:
            log.exception("a file for %s could not be sent", user_id)
            return False
        return True


def _is_public(asked: Input, message: Message) -> bool:
    """Where only one person reads, there is nothing to hide from others; questions are answered for all to see."""
    match asked.kind:
        case "question" | "view":
            return True
        case "command":
            return message.public or asked.channel_id.startswith("D") or asked.channel_id == asked.user_id
        case "click":
            return message.public or asked.channel_id == asked.user_id
