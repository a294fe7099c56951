"""The use cases: answer a question, show an entry, run a command. Each is journalled before its reply is sent."""

import json
from pathlib import Path
from typing import Protocol

from bot.errors import BotError, Unavailable
from bot.journal import Decision, Journal, Pending
from bot.knowledge import Answer, KnowledgeBase
from bot.language import Lang, Text
from bot.sandbox import Command, Person, Result

INTERRUPTED = Text(
    "J'ai été arrêté pendant `{line}` et je ne l'ai pas relancée : elle a peut-être eu lieu. "
    "Vérifiez avec `/k8s get`, puis retapez-la si besoin.",
    "I was stopped during `{line}` and did not run it again: it may have happened. "
    "Look with `/k8s get`, then type it again if needed.",
)
PREPARING = Text(
    "Le bac à sable se prépare encore : {step} (d'habitude {seconds} s en tout). "
    "Je le dirai dans le canal du bac à sable. En attendant, posez-moi vos questions sur le cours.",
    "The sandbox is still being prepared: {step} (usually {seconds} s in all). "
    "I will say so in the sandbox channel. Meanwhile, ask me about the course.",
)
GONE = Text(
    "Cette fiche n'existe plus. Posez votre question, je chercherai la bonne.",
    "This entry is gone. Ask your question and I will look for the right one.",
)


class Cluster(Protocol):
    """What the helpdesk needs of the sandbox."""

    async def parse(self, text: str) -> Command: ...

    async def run(self, command: Command, person: Person, namespace: str | None) -> Result: ...


class Helpdesk:
    """``preparing``: a file that exists while the playground prepares the cluster, with the step as JSON."""

    def __init__(
        self, knowledge: KnowledgeBase, sandbox: Cluster, journal: Journal, preparing: Path | None = None
    ) -> None:
        self._knowledge = knowledge
        self._sandbox = sandbox
        self._journal = journal
        self._preparing = preparing

    async def answer(self, pending: Pending, question: str) -> Answer:
        """The answer to a question, read after the previous one of the same thread."""
        asked = pending.input
        after = None
        if asked.thread_ts:
            after = await self._journal.last_question(asked.channel_id, asked.thread_ts, before=pending.id)
        answer = self._knowledge.answer(question, after)
        await self._journal.understand(pending, " ".join(answer.entries), acts=False)
        await self._journal.decide(pending, "unknown" if answer.kind == "unknown" else "answered", answer.kind)
        return answer

    async def show(self, pending: Pending, entry_id: str, lang: Lang) -> Answer:
        """One entry, asked for by a button; raises BotError when it is gone."""
        answer = self._knowledge.show(entry_id, lang)
        if answer is None:
            raise BotError(GONE)
        await self._journal.understand(pending, entry_id, acts=False)
        await self._journal.decide(pending, "answered", answer.kind)
        return answer

    async def run(self, pending: Pending, person: Person, namespace: str | None) -> Result:
        """Runs a command line under the person's own rights; raises BotError for what is refused before the cluster.

        A command that was under way when the bot was stopped is never run again.
        """
        if pending.started:
            raise BotError(INTERRUPTED.format(line=pending.understood))
        self._refuse_while_preparing()
        command = await self._sandbox.parse(pending.input.text)
        await self._journal.understand(pending, command.line, acts=command.writes)
        result = await self._sandbox.run(command, person, namespace)
        await self._journal.decide(
            pending, "ran" if result.status == 0 else "failed", result.explanation.en if result.explanation else "ok"
        )
        return result

    async def refuse(self, pending: Pending, decision: Decision, reason: str) -> None:
        """Journals what ended without a result; never raises because of the journal's own row."""
        await self._journal.decide(pending, decision, reason)

    def _refuse_while_preparing(self) -> None:
        if self._preparing is None:
            return
        try:
            status = json.loads(self._preparing.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        step = Text(status["step"]["fr"], status["step"]["en"])
        raise Unavailable(
            Text(
                PREPARING.fr.format(step=step.fr, seconds=status["seconds"]),
                PREPARING.en.format(step=step.en, seconds=status["seconds"]),
            )
        )
