"""From what Slack delivers to one visible reply: keep it, acknowledge it, work on it, answer. No decisions here."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.helpdesk import Helpdesk
from bot.journal import Input, Journal, Pending
from bot.knowledge import language_of
from bot.language import Lang
from bot.slack import blocks, inbox
from bot.slack.blocks import Message
from bot.slack.identity import Identity
from bot.slack.replies import Replies

log = logging.getLogger(__name__)

# Slack gives 3 s for the ack; the insert takes a few ms, and one that takes this long says that the disk is in trouble.
_KEEP_SECONDS = 0.5
_AT_ONCE = 20


class Listeners:
    """Every input is kept, then acknowledged, then worked on in a task of ours, which a clean stop waits for."""

    def __init__(
        self,
        helpdesk: Helpdesk,
        journal: Journal,
        identity: Identity,
        replies: Replies,
        client: AsyncWebClient,
        bot_user_id: str,
    ) -> None:
        self._helpdesk = helpdesk
        self._journal = journal
        self._identity = identity
        self._replies = replies
        self._client = client
        self._bot_user_id = bot_user_id
        self._clicks = {inbox.SHOW_ENTRY: self._show_entry}
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, app: AsyncApp) -> None:
        """The routing table. What ``keep`` took is done; the rest is acknowledged, or Slack would send it again."""
        app.middleware(self.keep)
        app.event("app_home_opened")(self.on_home)
        app.action(re.compile(f"^{blocks.CHOOSE_LANGUAGE}-"))(self.on_language)
        app.event(re.compile(".*"))(ignore)
        app.action(re.compile(".*"))(ignore)

    async def keep(self, req: AsyncBoltRequest, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Keeps an input before its ack. A redelivery is acknowledged and nothing else."""
        incoming = inbox.read(req.body, self._bot_user_id)
        if incoming is None:
            return await next_()
        try:
            async with asyncio.timeout(_KEEP_SECONDS):
                pending = await self._journal.accept(incoming)
        except Exception:
            log.exception("an input could not be kept")
            return await self._not_kept(incoming)
        if pending is not None:
            self._start(self.work(pending))
        return BoltResponse(status=200)

    async def resume(self) -> None:
        """Finishes what was accepted before a stop and never answered."""
        for pending in await self._journal.pending():
            self._start(self.work(pending))

    async def drain(self, seconds: float) -> None:
        """Waits for the work under way; what is not done then is found by the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def work(self, pending: Pending) -> None:
        """One input, one reply: the result, a refusal in words, or a reference to what the log has."""
        async with self._at_once:
            try:
                message = await self._handle(pending)
            except BotError as error:
                await self._helpdesk.refuse(pending, "refused", error.text.en)
                message = blocks.build_words(error.text[await self._language(pending)])
            except Exception:
                reference = secrets.token_hex(4)
                log.exception("input %s failed, reference %s", pending.id, reference)
                await self._helpdesk.refuse(pending, "error", reference)
                message = blocks.build_words(blocks.UNEXPECTED[await self._language(pending)].format(id=reference))
            await self._replies.send(pending.input, message, await self._language(pending))
            await self._journal.replied(pending)

    async def on_home(self, event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            await self._publish_home(event["user"])

    async def on_language(self, ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        user_id = body["user"]["id"]
        await self._journal.choose_language(user_id, "en" if body["actions"][0]["value"] == "en" else "fr")
        await self._publish_home(user_id)

    async def _handle(self, pending: Pending) -> Message:
        asked = pending.input
        if asked.kind == "command":
            return await self._run(pending)
        await self._identity.check_workspace(asked.user_id)
        if asked.kind == "click":
            action, _, value = asked.text.partition(" ")
            return await self._clicks[action](pending, value)
        question = inbox.plain(asked.text)
        if not question:
            missing = blocks.NO_TEXT if asked.address.get("files") else blocks.EMPTY
            raise BotError(missing)
        return blocks.build_answer(await self._helpdesk.answer(pending, question))

    async def _show_entry(self, pending: Pending, entry_id: str) -> Message:
        return blocks.build_answer(await self._helpdesk.show(pending, entry_id, await self._language(pending)))

    async def _run(self, pending: Pending) -> Message:
        asked = pending.input
        person = await self._identity.person(asked.user_id)
        namespace = self._identity.namespace(asked.channel_id)
        lang = await self._language(pending)
        return blocks.build_result(await self._helpdesk.run(pending, person, namespace), lang)

    async def _language(self, pending: Pending) -> Lang:
        """A question's own language; else the person's choice, Slack's locale, the course's language."""
        asked = pending.input
        question = inbox.plain(asked.text) if asked.kind == "question" else ""
        return (
            (language_of(question) if question else None)
            or await self._journal.language_of(asked.user_id)
            or await self._identity.language(asked.user_id)
        )

    async def _not_kept(self, incoming: Input) -> BoltResponse:
        if incoming.kind == "question":
            return BoltResponse(status=503)  # Slack sends events again
        text = blocks.NOT_KEPT[await self._identity.language(incoming.user_id)]
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})

    async def _publish_home(self, user_id: str) -> None:
        lang = await self._journal.language_of(user_id) or await self._identity.language(user_id)
        try:
            await self._client.views_publish(user_id=user_id, view=blocks.build_home(lang))
        except SlackClientError:
            log.exception("the Home of %s could not be published", user_id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a reply did not go out; the next start tries again", exc_info=error)


async def ignore(ack: Callable[[], Awaitable[None]]) -> None:
    await ack()
