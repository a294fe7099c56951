"""What all commands have in common, and those that are not the cluster's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.sandbox.changes import Change
from bot.sandbox.discovery import Resource
from bot.sandbox.grammar import Words
from bot.sandbox.table import Verb
from bot.sandbox.table.rows import Kind


@dataclass(frozen=True, slots=True)
class Target:
    """``uid``: of the one object that is meant, "" for whichever has the name."""

    resource: Resource
    name: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. ``words`` are kept to show the line that a student learns."""

    words: Words

    @property
    def verb(self) -> Verb:
        return self.words.verb

    @property
    def writes(self) -> bool:
        return self.verb.writes

    @property
    def namespace(self) -> str | None:
        """The one that was asked for with -n."""
        return self.words.namespace

    @property
    def output(self) -> str:
        """The name of the format, without its template; "" is the usual one."""
        return self.words.flags.get("output", "").partition("=")[0]

    @property
    def line(self) -> str:
        """The kubectl line, with -n where the namespace is known, quoted so that it can be pasted."""
        return self.words.line()

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The types that it names."""
        return ()

    @property
    def chooses(self) -> bool:
        """It writes to what has a label, or to all of a type, whatever that is by then."""
        return False

    def limited_to(self, changes: Sequence[Change]) -> Self:
        """What it would choose is what was shown: nothing that appeared since is touched."""
        return self

    def in_namespace(self, namespace: str) -> Self:
        """The same with -n, unless it has one or needs none."""
        if self.namespace or not self.namespaced:
            return self
        return replace(self, words=replace(self.words, flags={"namespace": namespace, **self.words.flags}))

    @property
    def namespaced(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Help(Command):
    @property
    def about(self) -> str | None:
        return " ".join(self.words.args) or None


@dataclass(frozen=True, slots=True)
class Brake(Command):
    """`freeze` and `unfreeze` of ``where``, "" for all namespaces. The helpdesk's: the cluster knows nothing of it."""

    where: str

    @property
    def line(self) -> str:
        return " ".join(("/k8s", self.verb.name, self.where)).rstrip()


@dataclass(frozen=True, slots=True)
class WritesOfToday(Command):
    """``about``: a namespace or an object, "" for all. The helpdesk's: the journal knows them."""

    about: str

    @property
    def line(self) -> str:
        return " ".join(("/k8s", self.verb.name, self.about)).rstrip()


@dataclass(frozen=True, slots=True)
class Selection(Command):
    """Either ``lists`` of whole types or ``targets`` by name. ``optional`` types came from a category such as `all`."""

    lists: tuple[Resource, ...] = ()
    targets: tuple[Target, ...] = ()
    optional: frozenset[Kind] = frozenset()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (*self.lists, *(target.resource for target in self.targets))

    @property
    def namespaced(self) -> bool:
        return not self.all_namespaces and any(resource.namespaced for resource in self.resources)

    @property
    def all_namespaces(self) -> bool:
        return self.words.switch("all-namespaces")

    @property
    def selector(self) -> str:
        return self.words.flags.get("selector", "")
