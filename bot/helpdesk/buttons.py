"""The buttons that do something: each is kept as an offer, works once, and stands for what was shown with it."""

from datetime import UTC, datetime

from bot.errors import BotError, NotAllowed
from bot.journal import Journal, Offer, OfferKind, Pending
from bot.language import Text
from bot.sandbox import Change

UNKNOWN_BUTTON = Text(
    "Je ne retrouve plus ce que faisait ce bouton. Retapez la commande.",
    "I cannot find what this button did any more. Type the command again.",
)
USED = Text(
    "Ce bouton a déjà servi : je n'ai rien refait. Pour voir où on en est : `/k8s get`.",
    "This button was used already: I did nothing again. To see how things are: `/k8s get`.",
)
UNDONE = Text(
    "C'est déjà annulé, par <@{user}> : je n'ai rien refait.",
    "It is undone already, by <@{user}>: I did nothing again.",
)
SETTLED = Text(
    "<@{user}> a déjà traité cette proposition : je n'ai rien refait.",
    "<@{user}> has already dealt with this proposal: I did nothing again.",
)


class Undone(NotAllowed):
    """What ``offer`` takes back was taken back by an earlier click."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(UNDONE.format(user=offer.taken_by), linked=True)
        self.offer = offer


class Buttons:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def of(self, pending: Pending, offer_id: str, kind: OfferKind) -> Offer:
        """What a button stands for; raises BotError for one that another click used up."""
        offer = await self._journal.offers.of(offer_id)
        if offer is None or offer.kind != kind:
            raise BotError(UNKNOWN_BUTTON)
        if offer.click_id not in (None, pending.id):
            raise used(offer)
        return offer

    async def take(self, pending: Pending, offer: Offer) -> None:
        """Of two clicks at once, one."""
        if not await self._journal.offers.take(offer.id, pending.id, pending.input.user_id):
            raise used(await self._journal.offers.of(offer.id) or offer)


def used(offer: Offer) -> NotAllowed:
    match offer.kind:
        case "undo":
            return Undone(offer)
        case "propose":
            return NotAllowed(SETTLED.format(user=offer.taken_by), linked=True)
        case _:
            return NotAllowed(USED)


def check_open(offer: Offer, late: Text) -> None:
    """Raises NotAllowed after its time."""
    if datetime.now(UTC) > offer.until:
        raise NotAllowed(late)


def changes_of(kept: Offer | Pending) -> tuple[Change, ...]:
    return tuple(Change(**change) for change in kept.changes)
