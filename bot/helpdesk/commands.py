"""Commands on the sandbox, under the rights of whoever asks."""

import json
from pathlib import Path
from typing import Protocol

from bot.errors import BotError, Unavailable
from bot.journal import Journal, Pending
from bot.language import Text
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


class Cluster(Protocol):
    """What the helpdesk needs of the sandbox."""

    async def parse(self, text: str) -> Command: ...

    async def run(self, command: Command, person: Person, namespace: str | None) -> Result: ...


class Commands:
    """``preparing``: a file that exists while the playground prepares the cluster, with the step as JSON."""

    def __init__(self, sandbox: Cluster, journal: Journal, preparing: Path | None = None) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self._preparing = preparing

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
