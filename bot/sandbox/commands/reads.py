"""The commands that only look."""

from dataclasses import dataclass

from bot.sandbox.commands.command import Command, Selection, Target
from bot.sandbox.discovery import Resource
from bot.sandbox.formats import Column, Order
from bot.sandbox.jsonpath import Template
from bot.sandbox.table.rows import Kind


@dataclass(frozen=True, slots=True)
class Get(Selection):
    template: Template = ()
    columns: tuple[Column, ...] = ()
    order: Order | None = None

    @property
    def field_selector(self) -> str:
        return self.words.flags.get("field-selector", "")

    @property
    def headers(self) -> bool:
        return not self.words.switch("no-headers")

    @property
    def label_columns(self) -> tuple[str, ...]:
        return tuple(columns.split(",")) if (columns := self.words.flags.get("label-columns")) else ()

    @property
    def show_labels(self) -> bool:
        return self.words.switch("show-labels")


@dataclass(frozen=True, slots=True)
class Describe(Selection):
    @property
    def events(self) -> bool | None:
        """None: for a single object only."""
        return None if "show-events" not in self.words.flags else self.words.switch("show-events")


@dataclass(frozen=True, slots=True)
class RolloutStatus(Selection):
    """``revision``: the one that must be running, 0 for any."""

    revision: int = 0


@dataclass(frozen=True, slots=True)
class RolloutHistory(Selection):
    """``revision``: the one to show in detail, 0 for a list of all."""

    revision: int = 0


@dataclass(frozen=True, slots=True)
class Logs(Command):
    """Of ``target``, or (None) of all pods with the selector. ``since``: seconds; ``tail``: None is kubectl's own."""

    target: Target | None
    container: str = ""
    tail: int | None = None
    since: int = 0

    @property
    def namespaced(self) -> bool:
        return True

    @property
    def selector(self) -> str:
        return self.words.flags.get("selector", "")

    @property
    def all_pods(self) -> bool:
        return self.words.switch("all-pods")

    @property
    def all_containers(self) -> bool:
        return self.words.switch("all-containers")

    @property
    def prefix(self) -> bool:
        return self.all_pods or self.words.switch("prefix")


@dataclass(frozen=True, slots=True)
class Events(Command):
    """About ``target`` alone, and of ``types`` (lower case) alone, where they are given."""

    target: Target | None = None
    types: frozenset[str] = frozenset()

    @property
    def namespaced(self) -> bool:
        return not self.words.switch("all-namespaces")


@dataclass(frozen=True, slots=True)
class Explain(Command):
    resource: Resource
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiResources(Command):
    verbs: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    @property
    def sort_by(self) -> str:
        return self.words.flags.get("sort-by", "")

    def wants(self, resource: Resource) -> bool:
        flags = self.words.flags
        return (
            flags.get("api-group", resource.kind.group) == resource.kind.group
            and ("namespaced" not in flags or self.words.switch("namespaced") == resource.namespaced)
            and self.verbs <= set(resource.verbs)
            and self.categories <= set(resource.categories)
        )


@dataclass(frozen=True, slots=True)
class Version(Command):
    pass


@dataclass(frozen=True, slots=True)
class CanI(Command):
    """``path``: of the server, in place of a kind. ``notes`` are kubectl's warnings about what was asked."""

    api_verb: str
    kind: Kind
    name: str = ""
    notes: tuple[str, ...] = ()
    path: str = ""

    @property
    def namespaced(self) -> bool:
        return not self.words.switch("all-namespaces")


@dataclass(frozen=True, slots=True)
class CanList(Command):
    @property
    def namespaced(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class WhoAmI(Command):
    pass


@dataclass(frozen=True, slots=True)
class Can(Command):
    @property
    def line(self) -> str:
        """kubectl has no such command."""
        return ""


@dataclass(frozen=True, slots=True)
class Top(Command):
    kind: Kind
    name: str = ""

    @property
    def namespaced(self) -> bool:
        return self.verb.name == "top pod" and not self.words.switch("all-namespaces")
