"""What a button would do, kept here: the button itself carries nothing but an opaque id, and works once."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.journal.database import Database
from bot.journal.tables import OfferRow

OfferKind = Literal["undo", "confirm", "propose", "read"]


@dataclass(frozen=True, slots=True)
class Offer:
    """To do (confirm, propose), take back (undo) or show again (read) what input ``input_id`` of ``user_id`` asked for.

    ``text``: as it was typed; ``changes``: as they were shown. ``taken_by``: whose click used it up, at ``taken_at``.
    ``proposal_id``: the offer to propose that it carries out, or takes back.
    """

    id: str
    kind: OfferKind
    input_id: int
    user_id: str
    namespace: str
    text: str
    line: str
    changes: tuple[Mapping[str, Any], ...]
    until: datetime
    click_id: int | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    proposal_id: str | None = None


class Offers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self,
        kind: OfferKind,
        input_id: int,
        user_id: str,
        namespace: str,
        text: str,
        line: str,
        changes: Sequence[Mapping[str, Any]],
        until: datetime,
        proposal_id: str | None = None,
    ) -> str:
        """Returns its id, which nobody can guess."""
        id_ = secrets.token_urlsafe(16)
        row = insert(OfferRow).values(
            id=id_,
            kind=kind,
            input_id=input_id,
            user_id=user_id,
            namespace=namespace,
            text=text,
            line=line,
            changes=list(changes),
            until=until,
            proposal_id=proposal_id,
        )
        await self._database.write(row)
        return id_

    async def of(self, id_: str) -> Offer | None:
        row = await self._database.row(select(OfferRow.__table__).where(OfferRow.id == id_))
        return as_offer(row._mapping) if row else None

    async def taken(self, click_id: int, kind: OfferKind) -> Offer | None:
        """What this click used up."""
        query = select(OfferRow.__table__).where(OfferRow.click_id == click_id, OfferRow.kind == kind)
        row = await self._database.row(query)
        return as_offer(row._mapping) if row else None

    async def take(self, id_: str, click_id: int, user_id: str) -> bool:
        """Uses it up for one click, which may do so again; False when another click was first."""
        free = or_(OfferRow.click_id.is_(None), OfferRow.click_id == click_id)
        row = update(OfferRow).where(OfferRow.id == id_, free)
        taken = row.values(click_id=click_id, taken_by=user_id, taken_at=datetime.now(UTC))
        return bool(await self._database.write(taken))

    async def take_read(self, input_id: int, click_id: int, user_id: str) -> bool:
        """The same for a read, whose offer is made when it is used up: hardly any ever is."""
        id_ = f"read-{input_id}"
        about = {"namespace": "", "text": "", "line": "", "changes": [], "until": datetime.now(UTC)}
        row = insert(OfferRow).values(id=id_, kind="read", input_id=input_id, user_id=user_id, **about)
        with suppress(IntegrityError):
            await self._database.write(row)
        return await self.take(id_, click_id, user_id)


def as_offer(row: Any) -> Offer:
    return Offer(**{**row, "changes": tuple(row["changes"])})
