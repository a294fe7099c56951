"""The questions that people put to the trainers."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.journal.tables import RequestRow


@dataclass(frozen=True, slots=True)
class Request:
    """``ts``: its post in the trainers' channel; None while it is on its way. ``click_id``: the input that asked."""

    question_id: int
    click_id: int
    user_id: str
    asked_at: datetime
    ts: str | None


class Requests:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, question_id: int, click_id: int, user_id: str) -> Request:
        """The request for this question: a new one, or the one that is there, whoever made it."""
        row = insert(RequestRow).values(
            question_id=question_id, click_id=click_id, user_id=user_id, asked_at=datetime.now(UTC)
        )
        try:
            async with self._engine.begin() as connection:
                await connection.execute(row)
        except IntegrityError:
            pass
        request = await self.of(question_id)
        assert request is not None
        return request

    async def posted(self, question_id: int, ts: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(RequestRow).where(RequestRow.question_id == question_id).values(ts=ts))

    async def withdraw(self, question_id: int) -> None:
        """It could not be posted: it may be tried again, and counts for nobody."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(RequestRow).where(RequestRow.question_id == question_id))

    async def of(self, question_id: int) -> Request | None:
        columns = RequestRow.__table__.columns
        query = select(*columns).where(RequestRow.question_id == question_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Request(**row._mapping) if row else None

    async def by(self, user_id: str, since: datetime) -> list[datetime]:
        """When a person made requests, oldest first."""
        query = (
            select(RequestRow.asked_at)
            .where(RequestRow.user_id == user_id, RequestRow.asked_at > since)
            .order_by(RequestRow.asked_at)
        )
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).scalars())
