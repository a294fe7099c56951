"""The tables, as they are after the last migration."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, Integer, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets the zone and PostgreSQL has its own: all times are UTC, and come back saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class InputRow(Base):
    """One thing that a person sent: a question, a command, a click, a form."""

    __tablename__ = "inputs"
    __table_args__ = (
        Index("inputs_thread", "channel_id", "thread_ts"),
        Index("inputs_message", "channel_id", "message_ts"),
        Index("inputs_pending", "replied_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[str] = mapped_column(String(32), index=True)
    channel_id: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str]
    address: Mapped[dict[str, Any]]
    accepted_at: Mapped[datetime]
    understood: Mapped[str | None]
    started_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str | None]
    duration_ms: Mapped[int | None]
    replied_at: Mapped[datetime | None]
    message_ts: Mapped[str | None] = mapped_column(String(32))
    reply_ts: Mapped[str | None] = mapped_column(String(32))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    reply: Mapped[dict[str, Any] | None]
    changes: Mapped[list[Any] | None]


class PreferenceRow(Base):
    """The language that a person chose on the bot's Home."""

    __tablename__ = "preferences"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(2))


class RequestRow(Base):
    """A question that was put to the trainers; ``ts`` is its post in their channel, once it is there."""

    __tablename__ = "requests"

    question_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"), primary_key=True)
    click_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"))
    user_id: Mapped[str] = mapped_column(String(32), index=True)
    asked_at: Mapped[datetime]
    ts: Mapped[str | None] = mapped_column(String(32))


class VoteRow(Base):
    """What one person thinks of one answer, and the question behind it."""

    __tablename__ = "votes"

    answer_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"), index=True)
    useful: Mapped[bool]
    voted_at: Mapped[datetime]


class EntryRow(Base):
    """A trainer's answer made an entry; ``input_id`` is the form that wrote this revision."""

    __tablename__ = "entries"

    question_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str]
    wordings: Mapped[list[Any]]
    answer: Mapped[str]
    commands: Mapped[list[Any]]
    author: Mapped[str] = mapped_column(String(32))
    input_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"))
    revision: Mapped[int]
    saved_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class OfferRow(Base):
    """What a button would do or take back; ``click_id`` is the input that used it up.

    ``proposal_id``: the offer that a student proposed, where a trainer carries it out or takes it back.
    """

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    input_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"))
    user_id: Mapped[str] = mapped_column(String(32))
    namespace: Mapped[str] = mapped_column(String(63))
    text: Mapped[str]
    line: Mapped[str]
    changes: Mapped[list[Any]]
    until: Mapped[datetime]
    click_id: Mapped[int | None] = mapped_column(ForeignKey("inputs.id"))
    taken_by: Mapped[str | None] = mapped_column(String(32))
    taken_at: Mapped[datetime | None]
    proposal_id: Mapped[str | None] = mapped_column(String(32))


class ProposalRow(Base):
    """A command that was put to the trainers; ``ts`` is its post in their channel, once it is there."""

    __tablename__ = "proposals"

    offer_id: Mapped[str] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    click_id: Mapped[int] = mapped_column(ForeignKey("inputs.id"))
    user_id: Mapped[str] = mapped_column(String(32), index=True)
    asked_at: Mapped[datetime]
    ts: Mapped[str | None] = mapped_column(String(32))


class FreezeRow(Base):
    """A namespace ("": all) where nothing may be written."""

    __tablename__ = "freezes"

    namespace: Mapped[str] = mapped_column(String(63), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]
