"""What a row of the table is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.language import Text
from bot.sandbox.person import Role

Scope = Literal["sandbox", "read-only", "cluster"]
"""Where a right holds: the sandbox namespaces (a student: their own), the read-only ones, cluster-scoped objects."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """A resource type as RBAC names it: plural and group ("" is the core group)."""

    resource: str
    group: str = ""

    def __str__(self) -> str:
        return f"{self.resource}.{self.group}" if self.group else self.resource


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One cell of RBAC: an API verb on a kind or on its subresource ("" is the object itself)."""

    verb: str
    group: str
    resource: str
    subresource: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """An API verb that a command uses on each kind it takes, or always on the kind ``on``."""

    verb: str
    subresource: str = ""
    on: Kind | None = None

    def right(self, kind: Kind) -> Right:
        """On ``kind``, or on the one that the need itself names."""
        of = self.on or kind
        return Right(self.verb, of.group, of.resource, self.subresource)


Among = Literal["types", "names", "namespaces"]
"""What a word can be chosen from: the verb's types, the objects of that type, the sandbox's namespaces."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A word behind the verb, called as in its usage. Where it is chosen ``among`` nothing, it may be several words.

    ``alone``: a type says something without a name.
    """

    name: str
    does: Text
    among: Among | None = None
    required: bool = True
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """``value`` is the placeholder shown in help, "" for a switch; ``values`` are the only ones taken, if any.

    A value that ends in `=` is the start of one: `jsonpath=`. Of a flag that takes ``many``, each use adds one.
    ``choices``: values to propose where others are taken too. Without a ``required`` one the command is not complete.
    Lines are shown with ``short``, never with ``letter``. What is not ``built`` can only be typed.
    ``unknown``: kubectl's words on a ``{value}`` that it has not either; ``theirs``: those that it alone takes.
    """

    name: str
    does: Text
    value: str = ""
    short: str = ""
    values: tuple[str, ...] = ()
    many: bool = False
    choices: tuple[str, ...] = ()
    required: bool = False
    built: bool = True
    letter: str = ""
    unknown: str = ""
    theirs: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        starts = tuple(known for known in self.values if known.endswith("="))
        return not self.values or value in self.values or f"{value}=" in starts or value.startswith(starts)


@dataclass(frozen=True, slots=True)
class Verb:
    """One command, of one word or two. ``role`` is the least that is needed: a trainer may do what a student may.

    ``beside``: cluster-wide rights that it uses whatever the kind. ``ours``: kubectl has no such command.
    """

    name: str
    does: Text
    usage: str
    examples: tuple[str, ...]
    role: Role = "student"
    aliases: tuple[str, ...] = ()
    args: tuple[Argument, ...] = ()
    flags: tuple[Flag, ...] = ()
    kinds: Mapping[Scope, tuple[Kind, ...]] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    beside: tuple[Right, ...] = ()
    writes: bool = False
    ours: bool = False

    def takes(self, kind: Kind, scope: Scope) -> bool:
        return kind in self.kinds.get(scope, ())
