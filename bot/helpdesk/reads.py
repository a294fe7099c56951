"""What a read printed, once more: for all to see, or whole.

It is read again under the rights of whoever clicks: no output need be kept, and no right outlives its end.
"""

from bot.errors import BotError, NotAllowed
from bot.helpdesk.buttons import UNKNOWN_BUTTON, Buttons, check_open
from bot.helpdesk.commands import Cluster
from bot.journal import Journal, Pending
from bot.language import Text
from bot.sandbox import Person, Result

NOT_YOURS = Text(
    "Seule la personne à qui ce résultat a été montré peut le partager.",
    "Only the person whom this result was shown to can share it.",
)
LATE = Text(
    "C'est trop tard : ce bouton vaut une heure. Retapez la commande.",
    "It is too late: this button works for an hour. Type the command again.",
)


class Reads:
    def __init__(self, sandbox: Cluster, journal: Journal, buttons: Buttons) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self._buttons = buttons

    async def share(self, pending: Pending, person: Person, offer_id: str) -> Result:
        """For all to see, once, by the person whom it was shown to; raises BotError."""
        offer = await self._buttons.of(pending, offer_id, "read")
        if offer.user_id != person.user_id:
            raise NotAllowed(NOT_YOURS)
        check_open(offer, LATE)
        command = await self._sandbox.parse(offer.text)
        result = await self._sandbox.run(command, person, offer.namespace, whole=False)
        await self._buttons.take(pending, offer)
        await self._journal.understand(pending, offer.line)
        await self._journal.decide(pending, "ran", f"shared input {offer.input_id}")
        return result

    async def whole(self, pending: Pending, person: Person, offer_id: str) -> Result:
        """All of it, for whoever sees the button; raises BotError."""
        offer = await self._journal.offers.of(offer_id)
        if offer is None or offer.kind != "read":
            raise BotError(UNKNOWN_BUTTON)
        check_open(offer, LATE)
        command = await self._sandbox.parse(offer.text)
        await self._journal.understand(pending, offer.line)
        result = await self._sandbox.run(command, person, offer.namespace)
        await self._journal.decide(pending, "ran", f"all of input {offer.input_id}")
        return result
