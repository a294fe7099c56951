"""Questions and their answers, and the buttons below these."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.errors import BotError, NotAllowed
from bot.helpdesk import Questions, Runnables
from bot.journal import Pending
from bot.knowledge import Answer
from bot.language import Lang
from bot.slack import blocks, inbox
from bot.slack.answers import SORRY, THANKS, Buttons, build_answer, build_rest, lines
from bot.slack.blocks import Message
from bot.slack.identity import Identity


class QuestionsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(
        self,
        questions: Questions,
        runnables: Runnables,
        identity: Identity,
        language: Callable[[Pending], Awaitable[Lang]],
    ) -> None:
        self._questions = questions
        self._runnables = runnables
        self._identity = identity
        self._language = language
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.SHOW_ENTRY: self._show_entry,
            inbox.SHOW_REST: self._show_rest,
            inbox.USEFUL: self._useful,
            inbox.NOT_USEFUL: self._not_useful,
        }

    async def answer(self, pending: Pending) -> Message:
        question = inbox.plain(pending.input.text)
        if not question:
            raise BotError(blocks.NO_TEXT if pending.input.address.get("files") else blocks.EMPTY)
        answer = await self._questions.answer(pending, question)
        return await self._told(pending, answer)

    async def _show_entry(self, pending: Pending, entry_id: str) -> Message:
        """Below what only the clicker sees, it is shown to nobody else either."""
        [answer] = await self._questions.show(pending, [entry_id], await self._language(pending))
        return replace(await self._told(pending, answer), public=pending.input.thread_ts is not None)

    async def _show_rest(self, pending: Pending, value: str) -> Message:
        lang, *entry_ids = value.split()
        answers = await self._questions.show(pending, entry_ids, "en" if lang == "en" else "fr")
        return build_rest(answers, await self._runnable(pending, answers))

    async def _told(self, pending: Pending, answer: Answer) -> Message:
        runnable = await self._runnable(pending, [answer])
        can_ask = self._identity.trainers_channel is not None
        return build_answer(answer, pending.id, runnable, can_ask=can_ask)

    async def _runnable(self, pending: Pending, answers: Sequence[Answer]) -> Buttons:
        """What of the answers' commands has a button here: nothing where commands do not belong."""
        asked = pending.input
        try:
            namespace = self._identity.namespace(asked.channel_id)
        except NotAllowed:
            return {}
        if not namespace:
            with suppress(BotError):
                namespace = next(iter((await self._identity.person(asked.user_id)).namespaces), None)
        return await self._runnables.among(lines(answers), namespace or "")

    async def _useful(self, pending: Pending, value: str) -> Message:
        return await self._vote(pending, int(value), useful=True)

    async def _not_useful(self, pending: Pending, value: str) -> Message:
        return await self._vote(pending, int(value), useful=False)

    async def _vote(self, pending: Pending, answer_id: int, *, useful: bool) -> Message:
        lang = await self._language(pending)
        thanks = THANKS[await self._questions.rate(pending, answer_id, useful)][lang]
        return blocks.build_words(thanks if useful else f"{thanks} {SORRY[lang]}")
