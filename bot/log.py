"""What the program logs: lines for people, or JSON for programs; never a token."""

import logging
import re
import sys
from typing import IO, Literal

from pythonjsonlogger.json import JsonFormatter

_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_NAMES = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "error"}
_UNUSED_TOKEN = re.compile(r"`token`.* will be (unused|ignored)\.$")


class Log(logging.StreamHandler[IO[str]]):
    """Slack's tokens never reach it, whoever wrote the line or raised the error in it.

    As JSON, a line has the ``reference`` of an error that a person was shown.
    """

    def __init__(self, kind: Literal["text", "json"], stream: IO[str] | None = None) -> None:
        super().__init__(stream or sys.stderr)
        self.setFormatter(JsonFormatter(_LINE, rename_fields=_NAMES) if kind == "json" else logging.Formatter(_LINE))

    def filter(self, record: logging.LogRecord) -> bool:
        """Bolt gives its loggers the root's level, at which it prints whole bodies; and it tells of an unused token."""
        from_bolt = record.name.startswith("slack_bolt")
        if from_bolt and (record.levelno < logging.WARNING or _UNUSED_TOKEN.search(record.getMessage())):
            return False
        return super().filter(record)

    def format(self, record: logging.LogRecord) -> str:
        return re.sub(r"\b(xox[a-z]|xapp)-[\w-]+", r"\1-…", super().format(record))


def start(kind: Literal["text", "json"]) -> None:
    logging.basicConfig(level=logging.INFO, handlers=[Log(kind)])
