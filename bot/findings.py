"""What `timonier doctor` finds: each thing that it looked at, whether it is well, and what to do where it is not."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``said``: what is so. ``remedy``: what to click or type. No text holds a secret."""

    subject: str
    state: State
    said: str
    remedy: str = ""


def ok(subject: str, said: str) -> Finding:
    return Finding(subject, "ok", said)


def warning(subject: str, said: str, remedy: str) -> Finding:
    return Finding(subject, "warning", said, remedy)


def fault(subject: str, said: str, remedy: str) -> Finding:
    return Finding(subject, "fault", said, remedy)


def reason(error: BaseException) -> str:
    """Why a connection failed, in the system's words; never the request, which holds a token."""
    for inner in ("certificate_error", "os_error"):
        if (found := getattr(error, inner, None)) is not None:
            return str(found)
    return str(error) if isinstance(error, OSError) and str(error) else type(error).__name__
