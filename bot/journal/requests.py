"""What people put to the trainers: their questions, and commands that are not theirs to run."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.journal.database import Database
from bot.journal.tables import ProposalRow, RequestRow


@dataclass(frozen=True, slots=True)
class Request:
    """``about``: the question's id, or the offer's. ``click_id``: the input that asked.

    ``ts``: its post in the trainers' channel; None while it is on its way.
    """

    about: int | str
    click_id: int
    user_id: str
    asked_at: datetime
    ts: str | None


class Requests:
    """Those of one table, whose key says what they are about."""

    def __init__(self, database: Database, row: type[RequestRow | ProposalRow]) -> None:
        self._database = database
        self._row = row
        [self._about] = row.__table__.primary_key

    async def claim(self, about: int | str, click_id: int, user_id: str) -> Request:
        """The request about this: a new one, or the one that is there, whoever made it."""
        values = {self._about.name: about, "click_id": click_id, "user_id": user_id, "asked_at": datetime.now(UTC)}
        with suppress(IntegrityError):
            await self._database.write(insert(self._row).values(values))
        request = await self.of(about)
        assert request is not None
        return request

    async def posted(self, about: int | str, ts: str) -> None:
        await self._database.write(update(self._row).where(self._about == about).values(ts=ts))

    async def withdraw(self, about: int | str) -> None:
        """It could not be posted: it may be tried again, and counts for nobody."""
        await self._database.write(delete(self._row).where(self._about == about))

    async def of(self, about: int | str) -> Request | None:
        row = self._row
        columns = (self._about.label("about"), row.click_id, row.user_id, row.asked_at, row.ts)
        found = await self._database.row(select(*columns).where(self._about == about))
        return Request(**found._mapping) if found else None

    async def by(self, user_id: str, since: datetime) -> list[datetime]:
        """When a person made requests, oldest first."""
        asked_at = self._row.asked_at
        query = select(asked_at).where(self._row.user_id == user_id, asked_at > since).order_by(asked_at)
        return [row.asked_at for row in await self._database.rows(query)]
