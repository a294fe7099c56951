"""What a read printed, once more: for all to see, or whole.

It is read again under the rights of whoever clicks: no output need be kept, and no right outlives its end.
"""

from datetime import UTC, datetime, timedelta

from bot.errors import BotError, NotAllowed
from bot.helpdesk.buttons import UNKNOWN_BUTTON, USED
from bot.helpdesk.cluster import Cluster
from bot.helpdesk.commands import verdict
from bot.journal import Journal, Pending
from bot.language import Text
from bot.sandbox import Command, Person, Result

READ_FOR = timedelta(hours=1)

NOT_YOURS = Text(
    "Seule la personne à qui ce résultat a été montré peut le partager.",
    "Only the person whom this result was shown to can share it.",
)
LATE = Text(
    "C'est trop tard : ce bouton vaut une heure. Retapez la commande.",
    "It is too late: this button works for an hour. Type the command again.",
)


class Reads:
    """A read is named by the id of the input that asked for it."""

    def __init__(self, sandbox: Cluster, journal: Journal) -> None:
        self._sandbox = sandbox
        self._journal = journal

    async def share(self, pending: Pending, person: Person, read_id: str) -> Result:
        """For all to see, once, by the person whom it was shown to; raises BotError."""
        read, command = await self._of(pending, read_id)
        if read.input.user_id != person.user_id:
            raise NotAllowed(NOT_YOURS)
        result = await self._sandbox.run(command, person, command.namespace, whole=False)
        if not await self._journal.offers.take_read(read.id, pending.id, person.user_id):
            raise NotAllowed(USED)
        self._journal.understand(pending, read.understood)
        await self._journal.decide(pending, *verdict(result, f"shared input {read.id}"))
        return result

    async def whole(self, pending: Pending, person: Person, read_id: str) -> Result:
        """All of it, for whoever sees the button; raises BotError."""
        read, command = await self._of(pending, read_id)
        self._journal.understand(pending, read.understood)
        result = await self._sandbox.run(command, person, command.namespace)
        self._journal.note(pending, *verdict(result, f"all of input {read.id}"))
        return result

    async def _of(self, pending: Pending, read_id: str) -> tuple[Pending, Command]:
        """What was read, and how. Ids can be guessed: what others read elsewhere is nothing to know of."""
        clicked = pending.input
        read = await self._journal.of(int(read_id)) if read_id.isdecimal() else None
        if read is None or not read.understood:
            raise BotError(UNKNOWN_BUTTON)
        if clicked.user_id != read.input.user_id and clicked.channel_id != read.input.channel_id:
            raise BotError(UNKNOWN_BUTTON)
        command = await self._sandbox.parse_line(read.understood)
        if command.writes:
            raise BotError(UNKNOWN_BUTTON)
        if datetime.now(UTC) > read.accepted_at + READ_FOR:
            raise NotAllowed(LATE)
        return read, command
