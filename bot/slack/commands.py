"""`/k8s`, the same below an answer's commands, and the buttons below writes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.errors import BotError, NotAllowed
from bot.helpdesk import Commands, Interrupted, Lessons, Outcome, Undone
from bot.journal import Offer, Pending
from bot.language import Lang
from bot.sandbox import Forbidden, Person, UsageError
from bot.slack import blocks, inbox
from bot.slack.blocks import Block, Message, build_refusal, escape, section
from bot.slack.history import HistoryDesk
from bot.slack.identity import Identity
from bot.slack.lessons import with_lesson
from bot.slack.outcomes import build_outcome, build_undone, explained
from bot.slack.proposals import ProposalsDesk
from bot.slack.replies import FAILURES, Replies

log = logging.getLogger(__name__)


class CommandsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(
        self,
        commands: Commands,
        proposals: ProposalsDesk,
        history: HistoryDesk,
        lessons: Lessons,
        interrupted: Interrupted,
        identity: Identity,
        replies: Replies,
        language: Callable[[Pending], Awaitable[Lang]],
        build: Callable[[Pending], Awaitable[Message | None]],
    ) -> None:
        self._commands = commands
        self._proposals = proposals
        self._history = history
        self._lessons = lessons
        self._interrupted = interrupted
        self._identity = identity
        self._replies = replies
        self._language = language
        self._build = build
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.RUN: self._run_shown,
            inbox.UNDO: self._undo,
            inbox.UNDO_LISTED: self._undo_listed,
            inbox.CONFIRM: self._confirm,
            inbox.GIVE_UP: self._give_up,
        }

    async def run(self, pending: Pending) -> Message | None:
        asked = pending.input
        if asked.address.get("edited"):
            raise BotError(blocks.NOT_RUN_AGAIN)
        if not asked.text.strip() and "trigger_id" in asked.address:
            return await self._build(pending)
        person = await self._identity.person(asked.user_id)
        namespace = self._identity.namespace(asked.channel_id)
        return await self._told(pending, person, self._commands.run(pending, person, namespace, asked.text))

    async def tell_interrupted(self, pending: Pending) -> Message:
        """What became of a write that had begun when we were stopped, for all to see."""
        person = await self._identity.person(pending.input.user_id)
        told = await self._interrupted.tell(pending, person)
        await self._proposals.tell_cut_off(pending, told)
        words = escape(told[await self._language(pending)])
        return Message(words.replace("\n", " "), [section(words)])

    async def _run_shown(self, pending: Pending, value: str) -> Message:
        """An answer's command, as if whoever clicks had typed it here; in the namespace shown where it is theirs."""
        asked, (shown, _, line) = pending.input, value.partition(" ")
        person = await self._identity.person(asked.user_id)
        namespace = self._identity.namespace(asked.channel_id)
        if shown in person.namespaces:
            namespace = shown
        return await self._told(pending, person, self._commands.run(pending, person, namespace, line))

    async def _undo(self, pending: Pending, offer_id: str) -> Message:
        message, _ = await self._take_back(pending, offer_id)
        return message

    async def _undo_listed(self, pending: Pending, offer_id: str) -> Message:
        """In a list of writes, which stays; the write's own message says it too, where we know which one that is."""
        try:
            message, offer = await self._take_back(pending, offer_id)
        except Undone as error:
            raise NotAllowed(error.text, linked=True) from error
        if offer and message.leaves and (place := await self._commands.reply_to(offer)):
            await self._amend(*place, Message(message.text, message.leaves))
        return replace(message, leaves=None)

    async def _take_back(self, pending: Pending, offer_id: str) -> tuple[Message, Offer | None]:
        """What is told of it, and what was taken back, None for nothing."""
        person = await self._identity.person(pending.input.user_id)
        outcome = await explained(self._commands.undo(pending, person, offer_id))
        message = await self._draw(pending, outcome)
        if outcome.undone is None:
            return message, None
        undone = await self._undone(outcome.undone, person.user_id)
        return replace(message, leaves=await self._proposals.undone(pending, outcome.undone, undone)), outcome.undone

    async def _undone(self, offer: Offer, user_id: str) -> list[Block]:
        return build_undone(offer, user_id, await self._identity.language(offer.user_id))

    async def _amend(self, channel: str, ts: str, message: Message) -> None:
        """A button that stays does no harm: its click is answered with a word."""
        try:
            await self._replies.update(channel, ts, message)
        except FAILURES:
            log.exception("a write that was undone could not be amended")

    async def _confirm(self, pending: Pending, offer_id: str) -> Message:
        person = await self._identity.person(pending.input.user_id)
        try:
            outcome = await explained(self._commands.confirm(pending, person, offer_id))
        except BotError as error:
            await self._proposals.tell_cut_off(pending, error.text)
            raise
        message = replace(await self._draw(pending, outcome), closes=bool(outcome.result.changes))
        return await self._proposals.settle(pending, outcome, message) if outcome.proposal else message

    async def _give_up(self, pending: Pending, offer_id: str) -> Message:
        text = await self._commands.give_up(pending, offer_id)
        words = text[await self._language(pending)]
        return Message(words, [section(words)], public=False, closes=True)

    async def refusal(self, error: BotError, lang: Lang) -> Message:
        lesson = error.lesson if isinstance(error, Forbidden) else None
        stderr = error.stderr if isinstance(error, UsageError) else ""
        message = build_refusal(error.text[lang], stderr, linked=error.linked)
        if isinstance(error, Undone) and error.offer.proposal_id is None:
            message = replace(message, leaves=await self._undone(error.offer, str(error.offer.taken_by)))
        return await with_lesson(message, lesson, self._lessons, lang)

    async def _told(self, pending: Pending, person: Person, work: Awaitable[Outcome]) -> Message:
        outcome = await explained(work)
        if outcome.history is not None:
            return await self._history.show(person, outcome.history, await self._language(pending))
        return await self._draw(pending, outcome)

    async def _draw(self, pending: Pending, outcome: Outcome) -> Message:
        if self._identity.trainers_channel is None:
            outcome = replace(outcome, propose=None)
        lang = await self._language(pending)
        public = self._identity.is_public(pending.input.channel_id, writes=outcome.result.writes)
        message = build_outcome(outcome, lang, public=public)
        return await with_lesson(message, outcome.result.lesson, self._lessons, lang)
