"""Durations as Go reads them: `90s`, `1h30m`, `1.5h`."""

import re
from datetime import timedelta

UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
PART = re.compile(r"(\d+\.?\d*|\.\d+)([^\d.]*)", re.ASCII)


def read_duration(text: str) -> timedelta:
    """Raises ValueError with Go's words."""
    rest = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    if rest == "0":
        return timedelta()
    seconds, place = 0.0, 0
    while place < len(rest):
        part = PART.match(rest, place)
        if not part:
            break
        if not part[2]:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if part[2] not in UNITS:
            raise ValueError(f'time: unknown unit "{part[2]}" in duration "{text}"')
        seconds, place = seconds + float(part[1]) * UNITS[part[2]], part.end()
    if place < len(rest) or not rest:
        raise ValueError(f'time: invalid duration "{text}"')
    try:
        return timedelta(seconds=-seconds if text.startswith("-") else seconds)
    except OverflowError as error:
        raise ValueError(f'time: invalid duration "{text}"') from error
