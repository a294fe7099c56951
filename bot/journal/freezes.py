"""Which namespaces are frozen, by whom and since when."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from bot.journal.database import Database
from bot.journal.tables import FreezeRow


@dataclass(frozen=True, slots=True)
class Freeze:
    """``namespace`` is "" for all of them."""

    namespace: str
    user_id: str
    since: datetime


class Freezes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> tuple[Freeze, ...]:
        """The oldest first."""
        query = select(FreezeRow.__table__).order_by(FreezeRow.since)
        return tuple(Freeze(**row._mapping) for row in await self._database.rows(query))

    async def on(self, namespace: str) -> Freeze | None:
        """What stops writes in a namespace: the freeze of all before its own."""
        held = {freeze.namespace: freeze for freeze in await self.all()}
        return held.get("") or held.get(namespace)

    async def put(self, namespace: str, user_id: str) -> None:
        """Who freezes again what is frozen takes it over."""
        held = {"user_id": user_id, "since": datetime.now(UTC)}
        await self._database.write(self._database.upsert(FreezeRow, held, namespace=namespace))

    async def lift(self, namespace: str) -> bool:
        """Of one, or ("") of all; False when there was none."""
        row = delete(FreezeRow)
        return bool(await self._database.write(row.where(FreezeRow.namespace == namespace) if namespace else row))
