"""The store of entries: what trainers made of their answers in Slack."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.journal.tables import EntryRow


@dataclass(frozen=True, slots=True)
class TrainerEntry:
    """An answer as a trainer wrote it, in one language; ``commands``: each with what it does.

    ``revision`` grows by one with each saving; 0 before the first.
    """

    question_id: int
    id: str
    title: str
    wordings: tuple[str, ...]
    answer: str
    commands: tuple[tuple[str, str], ...]
    author: str
    revision: int = 0


class Entries:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def version(self) -> int:
        """A number that grows with every saving."""
        async with self._engine.connect() as connection:
            return (await connection.execute(select(func.coalesce(func.sum(EntryRow.revision), 0)))).scalar_one()

    async def all(self) -> tuple[TrainerEntry, ...]:
        query = select(EntryRow.__table__).order_by(EntryRow.question_id)
        async with self._engine.connect() as connection:
            return tuple(_entry(row._mapping) for row in await connection.execute(query))

    async def of(self, question_id: int) -> TrainerEntry | None:
        query = select(EntryRow.__table__).where(EntryRow.question_id == question_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _entry(row._mapping) if row else None

    async def save(self, entry: TrainerEntry, input_id: int) -> bool:
        """Writes the next revision; False when another form has written one since ``entry.revision`` was read.

        Saving the same form again (``input_id``) changes nothing and is True.
        """
        fields = asdict(entry) | {"revision": entry.revision + 1, "input_id": input_id, "saved_at": datetime.now(UTC)}
        mine = EntryRow.question_id == entry.question_id
        next_one = update(EntryRow).where(mine, EntryRow.revision == entry.revision).values(**fields)
        try:
            async with self._engine.begin() as connection:
                if entry.revision == 0:
                    await connection.execute(insert(EntryRow).values(**fields))
                    return True
                if (await connection.execute(next_one)).rowcount:
                    return True
        except IntegrityError:
            pass
        async with self._engine.connect() as connection:
            return (await connection.execute(select(EntryRow.input_id).where(mine))).scalar() == input_id

    async def tell(self, question_id: int) -> bool:
        """Whether the asker is still to be told; True once."""
        row = update(EntryRow).where(EntryRow.question_id == question_id, EntryRow.told_at.is_(None))
        async with self._engine.begin() as connection:
            return bool((await connection.execute(row.values(told_at=datetime.now(UTC)))).rowcount)


def _entry(row: Any) -> TrainerEntry:
    return TrainerEntry(
        row["question_id"],
        row["id"],
        row["title"],
        tuple(row["wordings"]),
        row["answer"],
        tuple((run, does) for run, does in row["commands"]),
        row["author"],
        row["revision"],
    )
