"""Where a reply goes: a thread, a response URL, one person's eyes, and a file for what is too long."""

import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.journal import Input
from bot.language import Lang
from bot.slack import blocks
from bot.slack.blocks import Message

log = logging.getLogger(__name__)

# Links in an answer are read, not previewed: an unfurl would also tell a third party what was asked.
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


class Replies:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def send(self, asked: Input, message: Message, lang: Lang) -> None:
        """Raises when Slack did not take it: the input then stays pending."""
        content: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        if message.attachment is not None:
            sent = await self._send_file(asked.user_id, message.attachment, asked.text)
            content["blocks"].append(blocks.context((blocks.WHOLE_IN_DM if sent else blocks.WHOLE_FAILED)[lang]))
        if asked.kind != "command":
            await self._post(asked, content)
        elif "response_url" in asked.address and await self._respond(asked.address["response_url"], message, content):
            return
        elif message.public or asked.channel_id.startswith("D"):
            await self._post(asked, content)
        else:
            await self._client.chat_postEphemeral(
                channel=asked.channel_id, user=asked.user_id, thread_ts=asked.thread_ts, **content
            )

    async def _post(self, asked: Input, content: dict[str, Any]) -> None:
        await self._client.chat_postMessage(channel=asked.channel_id, thread_ts=asked.thread_ts, **_QUIET, **content)

    async def _respond(self, url: str, message: Message, content: dict[str, Any]) -> bool:
        """False when the URL is no longer good (5 uses, 30 minutes): the same goes by the Web API then."""
        webhook = AsyncWebhookClient(url, session=self._session, timeout=10, retry_handlers=[])
        answer = await webhook.send(response_type="in_channel" if message.public else "ephemeral", **_QUIET, **content)
        if answer.status_code != 200:
            log.warning("a response URL answered %s", answer.status_code)
        return answer.status_code == 200

    async def _send_file(self, user_id: str, content: str, title: str) -> bool:
        """Slack has no files for one person's eyes in a channel: it goes to the asker's direct messages."""
        try:
            opened = await self._client.conversations_open(users=user_id)
            await self._client.files_upload_v2(
                channel=opened["channel"]["id"], content=content, filename="k8s.txt", title=title or "k8s"
            )
        except (SlackClientError, OSError, TimeoutError):
            log.exception("a file for %s could not be sent", user_id)
            return False
        return True
