"""From what Slack delivers to one visible reply: keep it, acknowledge it, work on it, answer. No decisions here."""

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.errors import BotError
from bot.helpdesk import Helpdesk
from bot.journal import FAILURES as JOURNAL_FAILURES
from bot.journal import Input, Journal, Lost, Pending
from bot.knowledge import language_of
from bot.language import Lang
from bot.slack import blocks, forms, inbox
from bot.slack.blocks import Message
from bot.slack.builder import BuilderDesk
from bot.slack.commands import CommandsDesk
from bot.slack.entries import EntriesDesk
from bot.slack.history import HistoryDesk
from bot.slack.home import CHOOSE_LANGUAGE, Home
from bot.slack.identity import Identity
from bot.slack.proposals import ProposalsDesk
from bot.slack.questions import QuestionsDesk
from bot.slack.reads import ReadsDesk
from bot.slack.replies import Replies
from bot.slack.requests import RequestsDesk
from bot.slack.worker import Worker

log = logging.getLogger(__name__)

# Slack gives 3 s for the ack; the insert takes a few ms, and one that takes this long says that the disk is in trouble.
KEEP_SECONDS, _LOOK_SECONDS = 0.5, 2.0
# An edit can come while the first wording is still being answered.
_EARLIER_REPLY_SECONDS = 5

Accepted = Pending | dict[str, Any] | None


class Listeners:
    """Every input is kept, then acknowledged, then worked on."""

    def __init__(
        self,
        helpdesk: Helpdesk,
        journal: Journal,
        identity: Identity,
        replies: Replies,
        client: AsyncWebClient,
        bot_user_id: str,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        self._keep_seconds = keep_seconds
        self._journal = journal
        self._identity = identity
        self._replies = replies
        self._bot_user_id = bot_user_id
        self._home = Home(client, identity, helpdesk.trainers, helpdesk.brake)
        requests = RequestsDesk(helpdesk.trainers, identity, replies, client, self._language)
        self._entries = EntriesDesk(
            helpdesk.trainers, journal, identity, replies, client, bot_user_id, self._language, self._home.publish
        )
        proposals = ProposalsDesk(helpdesk.proposals, identity, replies, self._language)
        self._builder = BuilderDesk(helpdesk.builder, journal, identity, client, self._language)
        history = HistoryDesk(helpdesk.history, identity)
        reads = ReadsDesk(helpdesk.reads, identity, replies, self._language)
        self._commands = CommandsDesk(
            helpdesk.commands,
            proposals,
            history,
            helpdesk.lessons,
            helpdesk.interrupted,
            identity,
            replies,
            self._language,
            self._builder.open,
        )
        self._questions = QuestionsDesk(helpdesk.questions, helpdesk.runnables, identity, self._language)
        desks = (self._questions, self._commands, self._builder, reads, proposals, requests, self._entries)
        self._works = {name: work for desk in desks for name, work in desk.works.items()}
        self._worker = Worker(journal, replies, self.result, self._language, self._earlier_reply)
        self._tasks: set[asyncio.Task[object]] = set()

    def register(self, app: AsyncApp) -> None:
        """The routing table. What ``keep`` took is done; the rest is acknowledged, or Slack would send it again."""
        app.middleware(self.keep)
        app.event("app_home_opened")(self.on_home)
        app.action(re.compile(f"^{CHOOSE_LANGUAGE}-"))(self.on_language)
        app.action(forms.BUILDER)(self.on_choice)
        app.options(forms.BUILDER)(self.on_search)
        app.event(re.compile(".*"))(ignore)
        app.action(re.compile(".*"))(ignore)
        app.view(re.compile(".*"))(ignore)

    async def keep(self, req: AsyncBoltRequest, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Keeps an input before its ack. A redelivery is acknowledged and nothing else."""
        incoming = inbox.read(req.body, self._bot_user_id)
        if incoming is None:
            return await next_()
        with metrics.ACK.time(), self._worker.held_back():
            return await self._keep(incoming, submitted(req.body))

    async def _keep(self, incoming: Input, view: Mapping[str, Any] | None) -> BoltResponse:
        # Not by cancelling it: what is kept after all is answered after all.
        keeping = asyncio.create_task(self._accept(incoming, view))
        await asyncio.wait({keeping}, timeout=self._keep_seconds + (_LOOK_SECONDS if view else 0))
        if not keeping.done() or keeping.exception():
            log.error("an input could not be kept", exc_info=keeping.exception() if keeping.done() else None)
            self._start(self._work_late(keeping))
            return await self._not_kept(incoming, view)
        match keeping.result():
            case Pending() as pending:
                self._worker.start(pending)
            case dict() as objection:
                return BoltResponse(status=200, body=objection)
        return BoltResponse(status=200)

    @asynccontextmanager
    async def working(self, drain_seconds: float) -> AsyncIterator[None]:
        """Works on what was accepted, here or by a replica that is gone; at the end waits for the work under way."""
        rounds = asyncio.create_task(self._worker.run())
        try:
            yield
        finally:
            await self._worker.drain(drain_seconds)
            await rounds
            for task in self._tasks:
                task.cancel()

    async def result(self, pending: Pending) -> Message | None:
        """The reply to an input: what came of it, a refusal in words, or a reference to what the log has.

        None for one that is visible already. Raises Lost, and what a journal raises that is away.
        """
        try:
            return await self._handle(pending)
        except BotError as error:
            await self._journal.decide(pending, "refused", error.text.en)
            return await self._commands.refusal(error, await self._language(pending))
        except (Lost, *JOURNAL_FAILURES):
            raise
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("input %s failed, reference %s", pending.id, reference, extra={"reference": reference})
            await self._journal.decide(pending, "error", reference)
            return blocks.build_words(blocks.UNEXPECTED[await self._language(pending)].format(id=reference))

    async def on_home(self, event: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            await self._home.publish(event["user"])

    async def on_language(self, ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        user_id = body["user"]["id"]
        await self._journal.choose_language(user_id, "en" if body["actions"][0]["value"] == "en" else "fr")
        await self._home.publish(user_id)

    async def on_choice(self, ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        await self._builder.redraw(body)

    async def on_search(self, ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        await ack(options=await self._builder.suggest(body))

    async def _objection(self, incoming: Input, view: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a form is answered with whose submission would be lost."""
        if view["callback_id"] == inbox.RUN_BUILT:
            return await self._builder.objection(view, incoming.user_id)
        return await self._entries.objection(incoming)

    async def _handle(self, pending: Pending) -> Message | None:
        """The reply, or None for one that is visible already."""
        asked = pending.input
        if pending.started:
            return await self._commands.tell_interrupted(pending)
        if asked.kind == "command":
            return await self._commands.run(pending)
        await self._identity.check_workspace(asked.user_id)
        if asked.kind == "question":
            return await self._questions.answer(pending)
        work, _, value = asked.text.partition(" ")
        return await self._works[work](pending, value)

    async def _accept(self, incoming: Input, view: Mapping[str, Any] | None) -> Accepted:
        """Held by us, objected to (a form), or known already."""
        if view and (objection := await self._objection(incoming, view)):
            return objection
        return await self._journal.accept(incoming)

    async def _work_late(self, keeping: "asyncio.Task[Accepted]") -> None:
        """What was kept after all gets its answer after all: nobody was told that it would not."""
        await asyncio.wait({keeping})
        if not keeping.exception() and isinstance(pending := keeping.result(), Pending):
            self._worker.start(pending)

    async def _earlier_reply(self, pending: Pending) -> str | None:
        """The reply to an edited question's earlier wording, which the new one takes the place of."""
        if not pending.input.address.get("edited"):
            return None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_EARLIER_REPLY_SECONDS):
                while True:
                    replied, ts = await self._journal.earlier_reply(pending)
                    if replied:
                        return ts
                    await asyncio.sleep(0.1)
        return None

    async def _language(self, pending: Pending) -> Lang:
        """A question's own language; else the person's choice, Slack's locale, the course's language."""
        asked = pending.input
        question = inbox.plain(asked.text) if asked.kind == "question" else ""
        return (language_of(question) if question else None) or await self._identity.language(asked.user_id)

    async def _not_kept(self, incoming: Input, view: Mapping[str, Any] | None) -> BoltResponse:
        """An ack says it where Slack shows what is in it; in both languages, since asking Slack for one takes time."""
        if incoming.kind == "question":
            return BoltResponse(status=503)  # Slack sends events again
        text = f"{blocks.NOT_KEPT.fr}\n{blocks.NOT_KEPT.en}"
        if incoming.kind == "click":
            self._start(self._replies.try_to_send(incoming, blocks.build_words(text)))
            return BoltResponse(status=200)
        if view:
            errors = {forms.inputs(view)[0]["block_id"]: text}
            return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def submitted(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The form that a payload submits."""
    return body["view"] if body.get("type") == "view_submission" else None


async def ignore(ack: Callable[[], Awaitable[None]]) -> None:
    await ack()
