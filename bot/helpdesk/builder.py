"""The command builder, as soon as there is a cluster to build commands for."""

from collections.abc import Mapping

from bot.helpdesk.preparation import Preparation
from bot.language import Text
from bot.sandbox import Builder as Offers
from bot.sandbox import Chosen, Form, Person


class Builder:
    def __init__(self, offers: Offers, preparation: Preparation) -> None:
        self._offers = offers
        self._preparation = preparation

    async def form(self, chosen: Chosen, person: Person, namespace: str | None) -> Form:
        """What there is to choose after ``chosen``. Raises NotAllowed, Unavailable."""
        self._preparation.check_done()
        return await self._offers.form(chosen, person, namespace)

    async def search(self, chosen: Chosen, person: Person, typed: str) -> tuple[str, ...]:
        return await self._offers.search(chosen, person, typed)

    async def mistakes(self, chosen: Chosen) -> Mapping[str, Text]:
        return await self._offers.mistakes(chosen)
