"""Points in time and spans, as kubectl writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

NEVER = datetime.min.replace(tzinfo=UTC)
UNKNOWN = "<unknown>"
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 86400 * 365


def read_time(text: str | None) -> datetime:
    """NEVER for none."""
    return datetime.fromisoformat(text) if text else NEVER


def date(text: str | None) -> str:
    """Go's RFC1123Z, in UTC."""
    return format_datetime(read_time(text))


def since(text: str | None) -> str:
    return span(datetime.now(UTC) - read_time(text)) if text else UNKNOWN


def span(length: timedelta) -> str:
    """`85s`, `5m30s`, `3h5m`, `2d4h`, `400d`, `3y20d`: two units at most, the small one only where it counts."""
    seconds = int(length.total_seconds())
    if seconds < -1:
        return "<invalid>"
    for unit, name, small, part, alone in UNITS:
        if seconds < alone:
            rest = seconds % unit // part if part else 0
            return f"{max(seconds, 0) // unit}{name}" + (f"{rest}{small}" if rest else "")
    return f"{seconds // YEAR}y"


UNITS = (
    (1, "s", "", 0, 2 * MINUTE),
    (MINUTE, "m", "s", 1, 10 * MINUTE),
    (MINUTE, "m", "", 0, 3 * HOUR),
    (HOUR, "h", "m", MINUTE, 8 * HOUR),
    (HOUR, "h", "", 0, 2 * DAY),
    (DAY, "d", "h", HOUR, 8 * DAY),
    (DAY, "d", "", 0, 2 * YEAR),
    (YEAR, "y", "d", DAY, 8 * YEAR),
)
"""Unit in seconds and its name, the smaller unit's name and size, and up to where that is the form."""


def event_age(event: Mapping[str, Any]) -> str:
    """`5s`, or `85s (x14 over 2m6s)`."""
    first = since(event.get("eventTime") or event.get("firstTimestamp"))
    if series := event.get("series"):
        return f"{since(series.get('lastObservedTime'))} (x{series.get('count', 0)} over {first})"
    if event.get("count", 0) > 1:
        return f"{since(event.get('lastTimestamp'))} (x{event['count']} over {first})"
    return first


def event_time(event: Mapping[str, Any]) -> datetime:
    """What events are sorted by."""
    if series := event.get("series"):
        return read_time(series.get("lastObservedTime"))
    return read_time(event.get("lastTimestamp") or event.get("eventTime"))
