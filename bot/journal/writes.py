"""Who wrote what to the cluster, as the journal has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, select

from bot.journal.database import Database
from bot.journal.offers import Offer, as_offer
from bot.journal.tables import InputRow, OfferRow


@dataclass(frozen=True, slots=True)
class Write:
    """A write, or a try at one: the line it was read as, and how it ended, "" where a stop came between.

    ``left``: the offer to take it back; ``used``: the one that its click used up. ``proposed_by``: whose wish it was.
    """

    user_id: str
    at: datetime
    line: str
    decision: str
    left: Offer | None
    used: Offer | None
    proposed_by: str | None = None


class Writes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, start: datetime, beginnings: Iterable[str]) -> list[Write]:
        """The newest first; ``beginnings``: of the lines that write, which may have been refused."""
        start = start.astimezone(UTC)  # SQLite compares what is written, without a zone
        tried = or_(InputRow.started_at.is_not(None), *map(InputRow.understood.startswith, beginnings))
        inputs = (
            select(InputRow.__table__)
            .where(InputRow.accepted_at >= start, tried, or_(InputRow.decision.is_(None), InputRow.decision != "noted"))
            .order_by(InputRow.id.desc())
        )
        offers = (
            select(OfferRow.__table__)
            .join(InputRow, or_(InputRow.id == OfferRow.input_id, InputRow.id == OfferRow.click_id))
            .where(InputRow.accepted_at >= start)
        )
        rows = await self._database.rows(inputs)
        made = [as_offer(row._mapping) for row in await self._database.rows(offers)]
        left = {offer.input_id: offer for offer in made if offer.kind == "undo"}
        used = {offer.click_id: offer for offer in made if offer.kind != "propose"}
        proposers = {offer.click_id: offer.user_id for offer in made if offer.kind == "propose"}
        return [
            Write(
                user_id=row.user_id,
                at=row.accepted_at,
                line=row.understood,
                decision=row.decision or "",
                left=left.get(row.id),
                used=used.get(row.id),
                proposed_by=proposers.get(row.id),
            )
            for row in rows
        ]
