"""What people think of answers, and which questions still want a better one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Integer, and_, case, func, or_, select

from bot.journal.database import Database
from bot.journal.tables import EntryRow, InputRow, VoteRow


@dataclass(frozen=True, slots=True)
class Unsolved:
    """A question without an answer, or with ``not_useful`` votes, the last of either at ``since``; nobody's name.

    ``made_at``: when a trainer made it an entry.
    """

    question_id: int
    text: str
    channel_id: str
    message_ts: str | None
    unknown: bool
    not_useful: int
    since: datetime
    made_at: datetime | None


class Votes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, answer_id: int, user_id: str, question_id: int, useful: bool) -> bool | None:
        """One vote per person and answer; returns what this person had voted before."""
        new = {"question_id": question_id, "useful": useful, "voted_at": datetime.now(UTC)}
        mine = select(VoteRow.useful).where(VoteRow.answer_id == answer_id, VoteRow.user_id == user_id)
        row = self._database.upsert(VoteRow, new, answer_id=answer_id, user_id=user_id)

        def vote(connection: Connection) -> bool | None:
            before = connection.execute(mine).scalar()
            connection.execute(row)
            return before

        return await self._database.run(vote)

    async def unsolved(self, since: datetime, limit: int) -> list[Unsolved]:
        """The questions since a time that want a better answer, newest first; of an edited one its last wording."""
        message = func.coalesce(InputRow.message_ts, InputRow.key)
        last = select(func.max(InputRow.id)).where(InputRow.kind == "question").group_by(InputRow.channel_id, message)
        votes = (
            select(
                VoteRow.question_id,
                func.count().cast(Integer).label("not_useful"),
                func.max(VoteRow.voted_at).label("voted_at"),
            )
            .where(VoteRow.useful.is_(False))
            .group_by(VoteRow.question_id)
            .subquery()
        )
        unknown = InputRow.decision == "unknown"
        query = (
            select(
                InputRow.id,
                InputRow.text,
                InputRow.channel_id,
                InputRow.message_ts,
                case((unknown, True), else_=False).label("unknown"),
                InputRow.accepted_at,
                func.coalesce(votes.c.not_useful, 0).label("not_useful"),
                votes.c.voted_at,
                EntryRow.saved_at,
            )
            .outerjoin(votes, votes.c.question_id == InputRow.id)
            .outerjoin(EntryRow, EntryRow.question_id == InputRow.id)
            .where(
                InputRow.id.in_(last),
                InputRow.accepted_at > since,
                or_(unknown, and_(votes.c.not_useful > 0, InputRow.decision == "answered")),
            )
            .order_by(InputRow.id.desc())
            .limit(limit)
        )
        return [_unsolved(row._mapping) for row in await self._database.rows(query)]


def _unsolved(row: Any) -> Unsolved:
    return Unsolved(
        row["id"],
        row["text"],
        row["channel_id"],
        row["message_ts"],
        bool(row["unknown"]),
        row["not_useful"],
        max(row["accepted_at"], row["voted_at"] or row["accepted_at"]),
        row["saved_at"],
    )
