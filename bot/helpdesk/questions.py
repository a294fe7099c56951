"""Questions and their answers, and what people think of these."""

from collections.abc import Sequence
from typing import Literal

from bot.errors import BotError
from bot.helpdesk.library import Library
from bot.journal import Journal, Pending
from bot.knowledge import Answer
from bot.language import Lang, Text

GONE = Text(
    "Cette fiche n'existe plus. Posez votre question, je chercherai la bonne.",
    "This entry is gone. Ask your question and I will look for the right one.",
)
NO_QUESTION = Text(
    "Je ne retrouve plus cette question. Posez-la de nouveau.",
    "I cannot find this question any more. Please ask it again.",
)

Vote = Literal["new", "changed", "same"]


class Questions:
    def __init__(self, library: Library, journal: Journal) -> None:
        self._library = library
        self._journal = journal

    async def answer(self, pending: Pending, question: str) -> Answer:
        """The answer to a question, read after those before it in its thread."""
        base = await self._library.base()
        answer = base.answer(question, *await self._journal.questions_before(pending))
        self._journal.understand(pending, " ".join(answer.entries))
        self._journal.note(pending, "unknown" if answer.kind == "unknown" else "answered", answer.kind)
        return answer

    async def show(self, pending: Pending, entry_ids: Sequence[str], lang: Lang) -> list[Answer]:
        """Entries asked for by a button; raises BotError when one is gone."""
        base = await self._library.base()
        answers = [answer for entry_id in entry_ids if (answer := base.show(entry_id, lang))]
        if len(answers) < len(entry_ids):
            raise BotError(GONE)
        self._journal.understand(pending, " ".join(entry_ids))
        self._journal.note(pending, "answered", "shown")
        return answers

    async def rate(self, pending: Pending, answer_id: int, useful: bool) -> Vote:
        """One person's vote on the answer that the input ``answer_id`` got; raises BotError for an unknown one."""
        question = await self._journal.question_of(answer_id)
        if question is None or question.input.channel_id != pending.input.channel_id:
            raise BotError(NO_QUESTION)
        before = await self._journal.votes.cast(answer_id, pending.input.user_id, question.id, useful)
        await self._journal.decide(pending, "noted", "useful" if useful else "not useful")
        return "new" if before is None else "same" if before == useful else "changed"
