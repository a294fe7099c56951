"""The store of entries: what trainers made of their answers in Slack."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.journal.database import Database
from bot.journal.tables import EntryRow

_VERSION = select(func.coalesce(func.sum(EntryRow.__table__.c.revision), 0))


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
    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self) -> int:
        """A number that grows with every saving."""
        return int(await self._database.scalar(_VERSION))

    async def all(self) -> tuple[TrainerEntry, ...]:
        query = select(EntryRow.__table__).order_by(EntryRow.question_id)
        return tuple(_entry(row._mapping) for row in await self._database.rows(query))

    async def of(self, question_id: int) -> TrainerEntry | None:
        row = await self._database.row(select(EntryRow.__table__).where(EntryRow.question_id == question_id))
        return _entry(row._mapping) if row else None

    async def save(self, entry: TrainerEntry, input_id: int) -> bool:
        """Writes the next revision; False when another form has written one since ``entry.revision`` was read.

        Saving the same form again (``input_id``) changes nothing and is True.
        """
        fields = asdict(entry) | {"revision": entry.revision + 1, "input_id": input_id, "saved_at": datetime.now(UTC)}
        mine = EntryRow.question_id == entry.question_id
        next_one = update(EntryRow).where(mine, EntryRow.revision == entry.revision).values(**fields)
        with suppress(IntegrityError):
            if await self._database.write(next_one if entry.revision else insert(EntryRow).values(**fields)):
                return True
        return bool(await self._database.scalar(select(EntryRow.input_id).where(mine)) == input_id)

    async def tell(self, question_id: int) -> bool:
        """Whether the asker is still to be told; True once."""
        row = update(EntryRow).where(EntryRow.question_id == question_id, EntryRow.told_at.is_(None))
        return bool(await self._database.write(row.values(told_at=datetime.now(UTC))))


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
