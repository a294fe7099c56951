"""The journal of inputs: what was asked, from before its ack to after its reply."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Update, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot import metrics
from bot.journal.database import Database, connect, size
from bot.journal.entries import Entries
from bot.journal.freezes import Freezes
from bot.journal.inputs import FAILURES, LEASE, Decision, Input, Kind, Lost, Pending
from bot.journal.offers import Offers
from bot.journal.privacy import Privacy
from bot.journal.requests import Requests
from bot.journal.tables import InputRow, PreferenceRow, ProposalRow, RequestRow
from bot.journal.votes import Votes
from bot.journal.writes import Writes
from bot.language import Lang

_OWED_FOR = timedelta(days=1)
# A follow-up of a follow-up still has its subject in reach.
MOST_BEFORE = 3
_SEVERAL_EDITS = 3

# What every input needs is made once: to make a statement takes longer than to carry it out.
_INPUTS = cast(Table, InputRow.__table__)
_ACCEPT = insert(_INPUTS).returning(_INPUTS.c.id)
_HELD = _INPUTS.c.claimed_by == bindparam("replica")
_OURS = update(_INPUTS).where(_INPUTS.c.id == bindparam("of"), _HELD).returning(_INPUTS.c.understood)
_BEGIN = _OURS.where(_INPUTS.c.started_at.is_(None))
_ANOTHER_TRY = _OURS.values(attempts=_INPUTS.c.attempts + 1)
_LANGUAGE = select(PreferenceRow.__table__.c.language).where(PreferenceRow.__table__.c.user_id == bindparam("of"))


class Journal:
    """``replica``: who works here; nobody else has this name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.replica = f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
        self._notes: dict[int, dict[str, Any]] = {}
        self.requests = Requests(database, RequestRow)
        self.proposals = Requests(database, ProposalRow)
        self.votes = Votes(database)
        self.entries = Entries(database)
        self.offers = Offers(database)
        self.freezes = Freezes(database)
        self.privacy = Privacy(database)
        self.writes = Writes(database)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Journal"]:
        """Brings the schema forward, then opens; at the end lets go of what it held. Raises Unavailable."""
        async with connect(url) as database:
            journal = cls(database)
            try:
                yield journal
            finally:
                await journal.let_go()

    async def accept(self, incoming: Input) -> Pending | None:
        """Keeps an input before it is acknowledged, held by this replica; None when it was accepted before."""
        now = datetime.now(UTC)
        held = {"accepted_at": now, "claimed_by": self.replica, "claimed_until": now + LEASE}
        try:
            kept = await self._database.row(_ACCEPT, asdict(incoming) | held)
        except IntegrityError:
            return None
        return Pending(kept.id, incoming, now) if kept else None

    async def claim(self, limit: int) -> list[Pending]:
        """Takes over what was accepted in the last day, is not answered and is held by nobody, oldest first.

        Nothing is written where there is nothing; fewer than there are where another replica was quicker.
        """
        now = datetime.now(UTC)
        free = and_(InputRow.replied_at.is_(None), or_(InputRow.claimed_until.is_(None), InputRow.claimed_until < now))
        found = select(InputRow.id).where(free, InputRow.accepted_at > now - _OWED_FOR)
        ids = [row.id for row in await self._database.rows(found.order_by(InputRow.id).limit(limit))]
        if not ids:
            return []
        row = update(InputRow).where(InputRow.id.in_(ids), free)
        taken = row.values(claimed_by=self.replica, claimed_until=now + LEASE).returning(*InputRow.__table__.c)
        rows = await self._database.rows(taken)
        return sorted((_pending(row._mapping) for row in rows), key=lambda pending: pending.id)

    async def renew(self, input_ids: Collection[int]) -> None:
        """Holds on to what is being worked on."""
        if input_ids:
            mine = update(InputRow).where(InputRow.id.in_(input_ids), InputRow.claimed_by == self.replica)
            await self._database.write(mine.values(claimed_until=datetime.now(UTC) + LEASE))

    async def put_off(self, pending: Pending, wait: timedelta) -> None:
        """Whoever is free then tries again. Raises Lost."""
        later = datetime.now(UTC) + wait
        await self._set(pending, _ANOTHER_TRY, claimed_by=None, claimed_until=later)

    async def let_go(self) -> None:
        """Others need not wait for what this replica held."""
        mine = update(InputRow).where(InputRow.claimed_by == self.replica, InputRow.replied_at.is_(None))
        with suppress(*FAILURES):
            await self._database.write(mine.values(claimed_by=None, claimed_until=None))

    def understand(self, pending: Pending, understood: str) -> None:
        """What the input was read as; kept with the next step."""
        self._noted(pending)["understood"] = understood

    async def begin(self, pending: Pending, line: str, changes: Sequence[Mapping[str, Any]]) -> None:
        """An effect on the cluster is about to happen, for the one time that it may. Raises Lost."""
        await self._set(pending, _BEGIN, understood=line, started_at=datetime.now(UTC), changes=list(changes))

    async def decide(self, pending: Pending, decision: Decision, outcome: str) -> None:
        """Keeps the outcome, in words that hold no secret; before the reply is sent, for refusals and failures too.

        Raises Lost.
        """
        self.note(pending, decision, outcome)
        await self._set(pending)

    def note(self, pending: Pending, decision: Decision, outcome: str) -> None:
        """The same of what had no effect, and may as well be done again: kept with the next step, the reply."""
        duration = datetime.now(UTC) - pending.accepted_at
        milliseconds = round(duration.total_seconds() * 1000)
        self._noted(pending).update(decision=decision, outcome=outcome, duration_ms=milliseconds)

    async def owe(self, pending: Pending, reply: Mapping[str, Any]) -> None:
        """Keeps what is to be said until it is, so that nothing is done again for it. Raises Lost."""
        await self._set(pending, reply=dict(reply))

    async def replied(self, pending: Pending, ts: str | None = None) -> None:
        """The reply is out, as the message ``ts``: nothing is owed, and its address (a response URL is a key) is
        forgotten. Raises Lost."""
        await self._set(pending, reply_ts=ts, **_answered())

    async def give_up(self, now: datetime) -> None:
        """What could not be posted for a day is owed no more: the reply is forgotten, and its address with it."""
        free = or_(InputRow.claimed_until.is_(None), InputRow.claimed_until < now)
        late = update(InputRow).where(InputRow.replied_at.is_(None), InputRow.accepted_at <= now - _OWED_FOR, free)
        await self._database.write(late.values(address={}, reply=None))

    async def pending(self) -> list[Pending]:
        """What was accepted in the last day and never answered, oldest first."""
        query = (
            select(InputRow.__table__)
            .where(InputRow.replied_at.is_(None), InputRow.accepted_at > datetime.now(UTC) - _OWED_FOR)
            .order_by(InputRow.id)
        )
        return [_pending(row._mapping) for row in await self._database.rows(query)]

    async def questions_before(self, pending: Pending) -> list[str]:
        """The last questions before this one in its thread, oldest first; an edited one keeps its place."""
        asked = pending.input
        earlier = InputRow.message_ts < asked.message_ts if asked.message_ts else InputRow.id < pending.id
        rows = await self._last_in_thread(asked, _SEVERAL_EDITS * MOST_BEFORE, InputRow.id < pending.id, earlier)
        # An edit has the timestamp of what it edits, and takes its place.
        texts = {row.input.message_ts: row.input.text for row in reversed(rows)}
        return list(texts.values())[-MOST_BEFORE:]

    async def of(self, input_id: int) -> Pending | None:
        row = await self._database.row(select(InputRow.__table__).where(InputRow.id == input_id))
        return _pending(row._mapping) if row else None

    async def reply_to(self, input_id: int) -> tuple[str, str] | None:
        """Channel and ``ts`` of the message that answers it; None where Slack did not tell, or one person sees it."""
        row = await self._database.row(select(InputRow.channel_id, InputRow.reply_ts).where(InputRow.id == input_id))
        return (row.channel_id, row.reply_ts) if row and row.reply_ts else None

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
        rows = await self._database.rows(query)
        return all(row.replied_at for row in rows), next((row.reply_ts for row in rows if row.reply_ts), None)

    async def language_of(self, user_id: str) -> Lang | None:
        found = await self._database.row(_LANGUAGE, {"of": user_id})
        return cast(Lang, found.language) if found else None

    async def choose_language(self, user_id: str, language: Lang) -> None:
        await self._database.write(self._database.upsert(PreferenceRow, {"language": language}, user_id=user_id))

    async def ready(self) -> float:
        """Seconds that the write lock took; raises when there is none to be had."""
        begun = time.monotonic()
        async with asyncio.timeout(1):
            await self._database.take_write_lock()
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
        return [_pending(row._mapping) for row in await self._database.rows(query)]

    async def size(self) -> tuple[int, int]:
        """Bytes of the database, and inputs that nobody has answered yet."""
        late = datetime.now(UTC) - _OWED_FOR
        owed = select(func.count()).where(InputRow.replied_at.is_(None), InputRow.accepted_at > late)
        return await self._database.run(size), await self._database.scalar(owed)

    def _noted(self, pending: Pending) -> dict[str, Any]:
        return self._notes.setdefault(pending.id, {})

    async def _set(self, pending: Pending, row: Update = _OURS, **values: Any) -> None:
        """A step, with what was noted for it. Raises Lost."""
        values = self._notes.pop(pending.id, {}) | values
        found = await self._database.row(row, {"of": pending.id, "replica": self.replica, **values})
        if found is None:
            raise Lost(pending.id)
        if decision := values.get("decision"):
            _count(pending.input.kind, found.understood or "", decision)


def _count(kind: Kind, understood: str, decision: Decision) -> None:
    """What was understood as a command is one, typed or clicked; a line was made from the table, so verbs are few."""
    if kind == "question":
        metrics.QUESTIONS.labels(decision).inc()
    elif kind == "command" or understood:
        metrics.COMMANDS.labels(next(iter(understood.split()[1:2]), "none"), decision).inc()


def _answered() -> dict[str, Any]:
    return {"replied_at": datetime.now(UTC), "address": {}, "reply": None}


def _pending(row: Any) -> Pending:
    names = ("key", "kind", "user_id", "channel_id", "thread_ts", "text", "address", "message_ts")
    return Pending(
        row["id"],
        Input(**{name: row[name] for name in names}),
        row["accepted_at"],
        started=row["started_at"] is not None,
        understood=row["understood"] or "",
        decision=row["decision"],
        changes=tuple(row["changes"] or ()),
        reply=row["reply"],
        attempts=row["attempts"],
    )
