"""What a person sent, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.exc import InterfaceError, OperationalError

LEASE = timedelta(seconds=8)
"""For how long a replica holds an input without a sign of life."""

FAILURES = (OperationalError, InterfaceError)
"""What a database that is away, busy or cut off raises."""

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
    """An accepted input. ``started``: an effect on the cluster may have happened, told or not; ``changes``: which.

    ``reply``: what was to be said, where it may not have been; ``attempts``: how often that was put off.
    """

    id: int
    input: Input
    accepted_at: datetime
    started: bool = False
    understood: str = ""
    decision: Decision | None = None
    changes: tuple[Mapping[str, Any], ...] = ()
    reply: Mapping[str, Any] | None = None
    attempts: int = 0


class Lost(Exception):
    """Another replica has taken an input over: whoever was slow must not go on with it."""
