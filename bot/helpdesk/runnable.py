"""Which of an answer's commands a click could run, and where."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from bot.errors import BadRequest, NotAllowed, Unavailable
from bot.helpdesk.cluster import Cluster
from bot.helpdesk.preparation import Preparation
from bot.sandbox import Command

CLUSTER_SECONDS = 1  # no answer waits longer for its buttons
# A word that stands for another, and the name of a pod that some deployment once had.
PLACEHOLDER = re.compile(
    r"(?:^|[\s=/:,])(?:<[^>\s]*>|[A-Z][A-Z0-9_-]+|…|\.\.\.|[a-z0-9-]+-[0-9a-f]{8,10}-[0-9a-z]{5})(?=[\s,]|$)"
)


@dataclass(frozen=True, slots=True)
class Runnable:
    """A line that its button's click runs; ``namespace``: where, "" for one that is about none."""

    line: str
    namespace: str


class Runnables:
    def __init__(self, sandbox: Cluster, preparation: Preparation) -> None:
        self._sandbox = sandbox
        self._preparation = preparation

    async def among(self, lines: Iterable[str], namespace: str) -> dict[str, Runnable]:
        """By the line as it is written. None while the cluster does not answer at once."""
        found: dict[str, Runnable] = {}
        with suppress(Unavailable, TimeoutError):
            self._preparation.check_done()
            async with asyncio.timeout(CLUSTER_SECONDS):
                for line in lines:
                    with suppress(BadRequest, NotAllowed):
                        command = await self._sandbox.parse(line)
                        if self._sandbox.is_open(command) and not PLACEHOLDER.search(line):
                            found[line] = runnable(command, line, namespace)
        return found


def runnable(command: Command, line: str, namespace: str) -> Runnable:
    """A write names its namespace, so that whoever clicks cannot write anywhere else."""
    shown = command.in_namespace(namespace) if namespace else command
    where = shown.namespace if command.namespaced else None
    return Runnable(shown.line if command.writes else line, where or "")
