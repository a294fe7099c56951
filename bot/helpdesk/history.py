"""Who did what today, for trainers: the writes of the journal, with what still takes them back."""

import asyncio
import shlex
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import NotAllowed, Unavailable
from bot.helpdesk.brake import Brake
from bot.helpdesk.buttons import changes_of
from bot.helpdesk.cluster import Cluster
from bot.journal import Journal, Offer, Write
from bot.sandbox import Change, Person
from bot.sandbox.table import VERBS

SHOWN = 15
LINES_THAT_WRITE = tuple(f"kubectl {verb.name} " for verb in VERBS.values() if verb.writes)
BEGINNINGS = (*LINES_THAT_WRITE, "/k8s freeze", "/k8s unfreeze")


@dataclass(frozen=True, slots=True)
class Deed:
    """A write and what it changed. ``undo``: the id of a button that would take it back now, if any."""

    write: Write
    changes: tuple[Change, ...]
    undo: str | None = None

    @property
    def undone_by(self) -> str | None:
        return self.write.left.taken_by if self.write.left else None


@dataclass(frozen=True, slots=True)
class Page:
    """``deeds``: the newest of ``total``."""

    deeds: tuple[Deed, ...]
    total: int


class History:
    def __init__(self, sandbox: Cluster, journal: Journal, brake: Brake) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self._brake = brake

    async def since(self, start: datetime, person: Person, about: str) -> Page:
        """``about``: a namespace or an object, "" for all."""
        writes = [write for write in await self._journal.writes.since(start, BEGINNINGS) if concerns(write, about)]
        deeds = await asyncio.gather(*(self._deed(write, person) for write in writes[:SHOWN]))
        return Page(tuple(deeds), len(writes))

    async def _deed(self, write: Write, person: Person) -> Deed:
        holds = write.left is not None and await self._holds(write.left, person)
        return Deed(write, changes_by(write), write.left.id if write.left and holds else None)

    async def _holds(self, offer: Offer, person: Person) -> bool:
        """Whether a click would take it back, as far as can be seen now."""
        if offer.click_id is not None or datetime.now(UTC) > offer.until:
            return False
        with suppress(NotAllowed, Unavailable):
            await self._brake.check(offer.namespace)
            return (await self._sandbox.undo(changes_of(offer), person, dry=True)).status == 0
        return False


def concerns(write: Write, about: str) -> bool:
    """Whether its line names the namespace or the object, whatever its type: `deployment web` is `deployment/web`."""
    return not about or any(name_in(word) == name_in(about) for word in shlex.split(write.line))


def name_in(word: str) -> str:
    return word.rpartition("/")[2]


def changes_by(write: Write) -> tuple[Change, ...]:
    """As it left them to be taken back; else as they were agreed to, or taken back by it."""
    if write.left:
        return changes_of(write.left)
    if not write.used or write.decision == "refused":
        return ()
    changes = changes_of(write.used)
    return tuple(change.inverse for change in changes) if write.used.kind == "undo" else changes
