"""What is kept about a person, taken out or forgotten, and what is too old, forgotten for all.

An input that something else still stands on (an entry that trainers made, another's vote) stays as a row without words:
its outcome counts, and nobody can tell any more whose it was. Entries stay, since they are the course's; a freeze keeps
its author until it is lifted.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, delete, exists, func, literal, or_, select, text, update

from bot.journal.database import Database
from bot.journal.tables import (
    Base,
    EntryRow,
    FreezeRow,
    InputRow,
    OfferRow,
    PreferenceRow,
    ProposalRow,
    RequestRow,
    VoteRow,
)

# Where a person's id stands in each table.
PERSONAL: dict[type[Base], tuple[str, ...]] = {
    InputRow: ("user_id",),
    PreferenceRow: ("user_id",),
    RequestRow: ("user_id",),
    ProposalRow: ("user_id",),
    VoteRow: ("user_id",),
    OfferRow: ("user_id", "taken_by"),
    EntryRow: ("author",),
    FreezeRow: ("user_id",),
}
# From when on a row is too old. The others are no record of what somebody did: a choice, an entry, a brake.
DATED = ((VoteRow, VoteRow.voted_at), (RequestRow, RequestRow.asked_at), (ProposalRow, ProposalRow.asked_at))
_ON_AN_INPUT = (
    VoteRow.answer_id,
    VoteRow.question_id,
    RequestRow.question_id,
    RequestRow.click_id,
    ProposalRow.click_id,
    OfferRow.input_id,
    OfferRow.click_id,
    EntryRow.question_id,
    EntryRow.input_id,
)
_EXPIRY_LOCK = 7_466_766_438


class Privacy:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, user_id: str) -> dict[str, list[dict[str, Any]]]:
        """Every row with the person's id, by table."""
        return {
            row.__tablename__: [
                dict(found._mapping)
                for found in await self._database.rows(select(row.__table__).where(_of(row, user_id)))
            ]
            for row in PERSONAL
        }

    async def forget(self, user_id: str) -> int:
        """Returns how many inputs the person had sent."""
        return await self._database.run(lambda connection: _forget(connection, user_id))

    async def expire(self, before: datetime) -> int:
        """Returns how many inputs were too old; 0 where another replica is at it."""
        return await self._database.run(lambda connection: _expire(connection, before))


def _forget(connection: Connection, user_id: str) -> int:
    connection.execute(delete(PreferenceRow).where(PreferenceRow.user_id == user_id))
    for row in (VoteRow, RequestRow, ProposalRow):
        connection.execute(delete(row).where(_of(row, user_id)))
    _drop_offers(connection, OfferRow.user_id == user_id)
    for table, column in ((OfferRow, "user_id"), (OfferRow, "taken_by"), (EntryRow, "author")):
        whose = getattr(table, column) == user_id
        connection.execute(update(table).where(whose).values({column: ""}))
    return _drop_inputs(connection, InputRow.user_id == user_id)


def _expire(connection: Connection, before: datetime) -> int:
    if connection.dialect.name == "postgresql":
        ours = text("SELECT pg_try_advisory_xact_lock(:lock)")
        if not connection.execute(ours, {"lock": _EXPIRY_LOCK}).scalar():
            return 0
    for row, date in DATED:
        connection.execute(delete(row).where(date < before))
    _drop_offers(connection, OfferRow.until < before)
    return _drop_inputs(connection, InputRow.accepted_at < before, InputRow.user_id != "")


def _of(row: type[Base], user_id: str) -> ColumnElement[bool]:
    return or_(*(getattr(row, column) == user_id for column in PERSONAL[row]))


def _drop_offers(connection: Connection, *which: ColumnElement[bool]) -> None:
    """What was proposed to trainers stays until its proposal goes."""
    proposed = exists().where(ProposalRow.offer_id == OfferRow.id)
    connection.execute(delete(OfferRow).where(*which, ~proposed))


def _drop_inputs(connection: Connection, *which: ColumnElement[bool]) -> int:
    used = or_(*(exists().where(column == InputRow.id) for column in _ON_AN_INPUT))
    dropped = connection.execute(delete(InputRow).where(*which, ~used))
    emptied = connection.execute(
        update(InputRow)
        .where(*which)
        .values(
            key=literal("forgotten:").concat(cast(InputRow.id, String)),
            user_id="", channel_id="", thread_ts=None, message_ts=None, reply_ts=None,
            reply=None, changes=None,
            text="", understood=None, outcome=None, address={},
            replied_at=func.coalesce(InputRow.replied_at, InputRow.accepted_at),
        )
    )  # fmt: skip
    return dropped.rowcount + emptied.rowcount
