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
