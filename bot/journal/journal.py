"""The journal of inputs: what was asked, from before its ack to after its reply."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.journal import database
from bot.journal.entries import Entries
from bot.journal.freezes import Freezes
from bot.journal.offers import Offers
from bot.journal.requests import Requests
from bot.journal.tables import InputRow, PreferenceRow, ProposalRow, RequestRow
from bot.journal.votes import Votes
from bot.journal.writes import Writes
from bot.language import Lang

# A follow-up of a follow-up still has its subject in reach.
MOST_BEFORE = 3
_SEVERAL_EDITS = 3

Kind = Literal["question", "command", "click", "view"]
Decision = Literal["answered", "unknown", "noted", "ran", "refused", "failed", "interrupted", "error"]


@dataclass(frozen=True, slots=True)
class Input:
    """``key`` names the thing itself, so that a redelivery has the same; ``address`` is what a reply needs (JSON).

    ``message_ts``: the message that this is, or that was clicked on.
    """

    key: str
    kind: Kind
    user_id: str
    channel_id: str
    thread_ts: str | None
    text: str
    address: Mapping[str, Any]
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """An accepted input. ``started``: an effect on the cluster may have happened, told or not."""

    id: int
    input: Input
    accepted_at: datetime
    started: bool
    understood: str


class Journal:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.requests = Requests(engine, RequestRow)
        self.proposals = Requests(engine, ProposalRow)
        self.votes = Votes(engine)
        self.entries = Entries(engine)
        self.offers = Offers(engine)
        self.freezes = Freezes(engine)
        self.writes = Writes(engine)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Journal"]:
        """Brings the schema forward, then opens; closes the engine at the end. Raises Unavailable."""
        async with database.connect(url) as engine:
            yield cls(engine)

    async def accept(self, incoming: Input) -> Pending | None:
        """Keeps an input before it is acknowledged; None when it was accepted before."""
        now = datetime.now(UTC)
        row = insert(InputRow).values(
            key=incoming.key,
            kind=incoming.kind,
            user_id=incoming.user_id,
            channel_id=incoming.channel_id,
            thread_ts=incoming.thread_ts,
            text=incoming.text,
            address=dict(incoming.address),
            message_ts=incoming.message_ts,
            accepted_at=now,
        )
        try:
            async with self._engine.begin() as connection:
                result = await connection.execute(row)
        except IntegrityError:
            return None
        return Pending(cast(tuple[int], result.inserted_primary_key)[0], incoming, now, started=False, understood="")

    async def understand(self, pending: Pending, understood: str, *, acts: bool) -> None:
        """Keeps what the input was read as; ``acts`` says that an effect on the cluster is about to happen."""
        await self._set(pending.id, understood=understood, started_at=datetime.now(UTC) if acts else None)

    async def decide(self, pending: Pending, decision: Decision, outcome: str) -> None:
        """Keeps the outcome, in words that hold no secret; before the reply is sent, for refusals and failures too."""
        duration = datetime.now(UTC) - pending.accepted_at
        await self._set(
            pending.id, decision=decision, outcome=outcome, duration_ms=round(duration.total_seconds() * 1000)
        )

    async def replied(self, pending: Pending, ts: str | None = None) -> None:
        """The reply is out, as the message ``ts``: nothing is owed, and its address (a response URL is a key) is
        forgotten."""
        await self._set(pending.id, replied_at=datetime.now(UTC), reply_ts=ts, address={})

    async def pending(self) -> list[Pending]:
        """What was accepted in the last day and never answered, oldest first."""
        query = (
            select(InputRow)
            .where(InputRow.replied_at.is_(None), InputRow.accepted_at > datetime.now(UTC) - timedelta(days=1))
            .order_by(InputRow.id)
        )
        async with self._engine.connect() as connection:
            return [_pending(row._mapping) for row in await connection.execute(query)]

    async def questions_before(self, pending: Pending) -> list[str]:
        """The last questions before this one in its thread, oldest first; an edited one keeps its place."""
        asked = pending.input
        earlier = InputRow.message_ts < asked.message_ts if asked.message_ts else InputRow.id < pending.id
        rows = await self._last_in_thread(asked, _SEVERAL_EDITS * MOST_BEFORE, InputRow.id < pending.id, earlier)
        # An edit has the timestamp of what it edits, and takes its place.
        texts = {row.input.message_ts: row.input.text for row in reversed(rows)}
        return list(texts.values())[-MOST_BEFORE:]

    async def of(self, input_id: int) -> Pending | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(InputRow.__table__).where(InputRow.id == input_id))).one_or_none()
        return _pending(row._mapping) if row else None

    async def question_of(self, input_id: int) -> Pending | None:
        """The question that an input is, or that its thread asked last before this click."""
        found = await self.of(input_id)
        if found is None or found.input.kind == "question":
            return found
        before = await self._last_in_thread(found.input, 1, InputRow.id < input_id)
        return before[0] if before else None

    async def earlier_reply(self, pending: Pending) -> tuple[bool, str | None]:
        """For an edited question: whether its earlier wordings have their reply, and the message that this is."""
        asked = pending.input
        query = (
            select(InputRow.replied_at, InputRow.reply_ts)
            .where(
                InputRow.channel_id == asked.channel_id,
                InputRow.message_ts == asked.message_ts,
                InputRow.kind == "question",
                InputRow.id < pending.id,
            )
            .order_by(InputRow.id.desc())
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return all(row.replied_at for row in rows), next((row.reply_ts for row in rows if row.reply_ts), None)

    async def language_of(self, user_id: str) -> Lang | None:
        query = select(PreferenceRow.language).where(PreferenceRow.user_id == user_id)
        async with self._engine.connect() as connection:
            return cast(Lang | None, (await connection.execute(query)).scalar())

    async def choose_language(self, user_id: str, language: Lang) -> None:
        row = database.upsert(self._engine, PreferenceRow, {"language": language}, user_id=user_id)
        async with self._engine.begin() as connection:
            await connection.execute(row)

    async def ready(self) -> float:
        """Seconds that the write lock took; raises when there is none to be had."""
        begun = time.monotonic()
        lock = asyncio.create_task(database.take_write_lock(self._engine))
        # Not by cancelling it: psycopg would first wait for a server that does not answer.
        done, _ = await asyncio.wait({lock}, timeout=1)
        if not done:
            lock.add_done_callback(lambda late: late.cancelled() or late.exception())
            raise TimeoutError
        lock.result()
        return time.monotonic() - begun

    async def _last_in_thread(self, asked: Input, most: int, *earlier: ColumnElement[bool]) -> list[Pending]:
        """Newest first."""
        query = (
            select(InputRow.__table__)
            .where(
                InputRow.channel_id == asked.channel_id,
                InputRow.thread_ts == asked.thread_ts,
                InputRow.kind == "question",
                *earlier,
            )
            .order_by(InputRow.message_ts.desc(), InputRow.id.desc())
            .limit(most)
        )
        async with self._engine.connect() as connection:
            return [_pending(row._mapping) for row in await connection.execute(query)]

    async def _set(self, input_id: int, **values: object) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(InputRow).where(InputRow.id == input_id).values(**values))


def _pending(row: Any) -> Pending:
    names = ("key", "kind", "user_id", "channel_id", "thread_ts", "text", "address", "message_ts")
    return Pending(
        row["id"],
        Input(**{name: row[name] for name in names}),
        row["accepted_at"],
        started=row["started_at"] is not None,
        understood=row["understood"] or "",
    )
