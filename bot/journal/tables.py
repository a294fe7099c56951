"""The tables, as they are after the last migration."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, Integer, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite forgets the time zone: all times are UTC, and come back saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON}  # noqa: RUF012


class InputRow(Base):
    """One thing that a person sent: a question, a command, a click."""

    __tablename__ = "inputs"
    __table_args__ = (Index("inputs_thread", "channel_id", "thread_ts"), Index("inputs_pending", "replied_at"))

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


class PreferenceRow(Base):
    """The language that a person chose on the bot's Home."""

    __tablename__ = "preferences"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
