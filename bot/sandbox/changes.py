"""What one write did to one object: enough to say it, to look at it again and to undo it. Nothing but JSON in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.language import Text

Fields = Mapping[str, Any]
"""A part of an object, as a merge patch would write it."""

REPLICAS = Text("`{thing}` : {before} → {after} réplicas", "`{thing}`: {before} → {after} replicas")
CREATED = Text("`{thing}` : créé", "`{thing}`: created")
DELETED = Text("`{thing}` : supprimé", "`{thing}`: deleted")
SAID = {"scale": "scaled", "expose": "exposed"}


@dataclass(frozen=True, slots=True)
class Change:
    """The fields that ``verb`` wrote, as they were and as they are; None: the object was not, or is no more.

    ``kind`` is kubectl's label (`deployment.apps`). ``uid`` is "" for an object that a dry run would make.
    """

    verb: str
    kind: str
    name: str
    namespace: str
    uid: str
    before: Fields | None
    after: Fields | None

    @property
    def thing(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def line(self) -> str:
        """kubectl's own word for it."""
        if self.after is None:
            return f'{self.kind} "{self.name}" deleted from {self.namespace} namespace'
        return f"{self.thing} {SAID[self.verb]}"

    @property
    def told(self) -> Text:
        """Before → after."""
        if self.after is None:
            return DELETED.format(thing=self.thing)
        if self.before is None:
            return CREATED.format(thing=self.thing)
        return REPLICAS.format(thing=self.thing, before=replicas(self.before), after=replicas(self.after))

    @property
    def inverse(self) -> "Change":
        return replace(self, before=self.after, after=self.before)

    @property
    def is_one(self) -> bool:
        return self.before != self.after

    @property
    def stops_everything(self) -> bool:
        return self.is_one and self.after is not None and replicas(self.after) == 0


def asks_first(changes: tuple[Change, ...]) -> bool:
    """Whether a person is to see them and agree before they are made: no pod would be left, or there are several."""
    return len(changes) > 1 or any(change.stops_everything for change in changes)


def replicas(fields: Fields) -> int | None:
    """None where no number of replicas was written."""
    found: int | None = fields.get("spec", {}).get("replicas")
    return found


def holds(fields: object, found: object) -> bool:
    """Whether ``found`` still is as ``fields`` were written."""
    if isinstance(fields, Mapping):
        return isinstance(found, Mapping) and all(holds(value, found.get(key)) for key, value in fields.items())
    return fields == found
