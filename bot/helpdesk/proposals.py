"""What a student may not do is proposed to the trainers: one of them looks at its effect, and runs or declines it.

The cluster is asked with the trainer's rights, and is told who proposed it.
"""

from dataclasses import dataclass

from bot.errors import BotError, NotAllowed
from bot.helpdesk.buttons import Buttons, check_open
from bot.helpdesk.commands import Commands, Outcome
from bot.helpdesk.trainers import check_rate
from bot.journal import Journal, Offer, Pending
from bot.language import Text
from bot.sandbox import Person

NOT_YOURS = Text(
    "Seule la personne qui a tapé la commande peut la proposer.",
    "Only the person who typed the command can propose it.",
)
ALREADY = Text(
    "Cette commande est déjà chez les formateurs. Leur décision viendra ici.",
    "The trainers already have this command. Their decision will come here.",
)
TOO_MANY = Text(
    "Vous avez proposé {count} commandes aux formateurs en une heure, et c'est la limite. "
    "La prochaine pourra partir dans {minutes} min.",
    "You have proposed {count} commands to the trainers within an hour, which is the limit. "
    "The next one can go in {minutes} min.",
)
LATE = Text(
    "C'est trop tard : une proposition vaut un jour. Rien n'a été changé.",
    "It is too late: a proposal is good for a day. Nothing was changed.",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """``asked``: the click that proposed it, where its author waits. ``ts``: its post in the trainers' channel."""

    offer: Offer
    asked: Pending
    ts: str | None


class Proposals:
    def __init__(self, commands: Commands, buttons: Buttons, journal: Journal) -> None:
        self._commands = commands
        self._buttons = buttons
        self._journal = journal

    async def claim(self, pending: Pending, offer_id: str) -> Proposal:
        """Makes the proposal this click's own; it has a ``ts`` where this very click has posted it, before a stop.

        Raises BotError where it may not be made.
        """
        offer = await self._buttons.of(pending, offer_id, "propose")
        if offer.user_id != pending.input.user_id:
            raise NotAllowed(NOT_YOURS)
        check_open(offer, LATE)
        if await self._journal.proposals.of(offer.id) is None:
            await check_rate(self._journal.proposals, offer.user_id, TOO_MANY)
        made = await self._journal.proposals.claim(offer.id, pending.id, offer.user_id)
        if made.click_id != pending.id:
            raise BotError(ALREADY)
        return Proposal(offer, pending, made.ts)

    async def posted(self, pending: Pending, proposal: Proposal, ts: str) -> None:
        await self._journal.proposals.posted(proposal.offer.id, ts)
        self._journal.understand(pending, proposal.offer.line)
        await self._journal.decide(pending, "noted", "proposed to the trainers")

    async def withdraw(self, proposal: Proposal) -> None:
        await self._journal.proposals.withdraw(proposal.offer.id)

    async def review(self, pending: Pending, trainer: Person, offer_id: str) -> Outcome:
        """Shows a trainer what it would change now, and asks; raises BotError."""
        return await self._commands.ask(pending, trainer, await self._open(pending, offer_id))

    async def decline(self, pending: Pending, offer_id: str) -> None:
        """Raises BotError."""
        offer = await self._open(pending, offer_id)
        await self._buttons.take(pending, offer)
        self._journal.understand(pending, offer.line)
        await self._journal.decide(pending, "noted", f"declined what {offer.user_id} proposed")

    async def of(self, offer_id: str) -> Proposal:
        """One that was made."""
        offer, request = await self._journal.offers.of(offer_id), await self._journal.proposals.of(offer_id)
        asked = await self._journal.of(request.click_id) if request else None
        if not (offer and request and asked):
            raise LookupError(f"no proposal {offer_id}")
        return Proposal(offer, asked, request.ts)

    async def settled_by(self, pending: Pending) -> Proposal | None:
        """The one that this click ran or declined."""
        offer = await self._journal.offers.taken(pending.id, "propose")
        return await self.of(offer.id) if offer else None

    async def _open(self, pending: Pending, offer_id: str) -> Offer:
        offer = await self._buttons.of(pending, offer_id, "propose")
        check_open(offer, LATE)
        return offer
