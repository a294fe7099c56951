"""Which namespaces are frozen, by whom and since when."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.journal import database
from bot.journal.tables import FreezeRow


@dataclass(frozen=True, slots=True)
class Freeze:
    """``namespace`` is "" for all of them."""

    namespace: str
    user_id: str
    since: datetime


class Freezes:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def all(self) -> tuple[Freeze, ...]:
        """The oldest first."""
        query = select(FreezeRow.__table__).order_by(FreezeRow.since)
        async with self._engine.connect() as connection:
            return tuple(Freeze(**row._mapping) for row in await connection.execute(query))

    async def on(self, namespace: str) -> Freeze | None:
        """What stops writes in a namespace: the freeze of all before its own."""
        held = {freeze.namespace: freeze for freeze in await self.all()}
        return held.get("") or held.get(namespace)

    async def put(self, namespace: str, user_id: str) -> None:
        """Who freezes again what is frozen takes it over."""
        held = {"user_id": user_id, "since": datetime.now(UTC)}
        async with self._engine.begin() as connection:
            await connection.execute(database.upsert(self._engine, FreezeRow, held, namespace=namespace))

    async def lift(self, namespace: str) -> bool:
        """Of one, or ("") of all; False when there was none."""
        row = delete(FreezeRow)
        async with self._engine.begin() as connection:
            lifted = await connection.execute(row.where(FreezeRow.namespace == namespace) if namespace else row)
            return bool(lifted.rowcount)
