"""What one write did to one object: enough to say it, to look at it again and to undo it. Nothing but JSON in it."""

from dataclasses import dataclass, replace

from bot.language import Text
from bot.sandbox.objects import Thing, holds
from bot.sandbox.telling import CREATED, DELETED, MADE, TELLINGS, Fields, part, replicas, tell_rest

CHANGED = Text("`{thing}` : {what}", "`{thing}`: {what}")


@dataclass(frozen=True, slots=True)
class Change:
    """The fields that ``verb`` wrote, as they were and as they are; None: the object was not, or is no more.

    Both are patches: an absent field is None in them, and either can be written as it is.
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
        """What kubectl says of it."""
        if self.after is None:
            return f'{self.kind} "{self.name}" deleted from {self.namespace} namespace'
        if self.before is None:
            return f"{self.thing} {MADE[self.verb]}"
        telling = TELLINGS[self.verb]
        notes = telling.notes(self.before, self.after)
        return "\n".join((*notes, f"{self.thing} {telling.word(self.before, self.after)}"))

    @property
    def told(self) -> Text:
        """Before → after."""
        if self.after is None:
            return DELETED.format(thing=self.thing, rest=tell_rest(self.before or {}))
        if self.before is None:
            return CREATED.format(thing=self.thing)
        return CHANGED.format(thing=self.thing, what=TELLINGS[self.verb].told(self.before, self.after))

    @property
    def undo_line(self) -> str:
        """The kubectl line that takes it back."""
        if self.before is None:
            return f"kubectl delete {self.thing} -n {self.namespace}"
        verb, words = TELLINGS[self.verb].command(self.after or {}, self.before)
        return f"kubectl {verb} {self.thing} -n {self.namespace} {words}".rstrip()

    @property
    def inverse(self) -> "Change":
        return replace(self, before=self.after, after=self.before)

    def fits(self, fields: Fields | None, found: Thing) -> bool:
        """Whether ``found`` is as ``fields``, which are those before or after it."""
        telling = TELLINGS.get(self.verb)
        return fields is not None and (telling.holds if telling else holds)(fields, found)

    @property
    def is_one(self) -> bool:
        return self.before != self.after

    @property
    def makes_pods(self) -> bool:
        """It wrote what pods are made from."""
        return bool(part(self.after or {}, "spec", "template"))

    @property
    def can_be_undone(self) -> bool:
        kept = self.verb not in TELLINGS or TELLINGS[self.verb].can_be_undone
        return self.is_one and self.after is not None and kept

    @property
    def destroys(self) -> bool:
        """An object or its last pod would go, or another template takes the place of its own."""
        stops = self.before is not None and self.after is not None and replicas(self.after) == 0
        asks = self.verb in TELLINGS and TELLINGS[self.verb].asks_first
        return self.is_one and (self.after is None or stops or asks)


def asks_first(changes: tuple[Change, ...]) -> bool:
    """Whether a person is to see them and agree before they are made: one destroys, or there are several."""
    return len(changes) > 1 or any(change.destroys for change in changes)
