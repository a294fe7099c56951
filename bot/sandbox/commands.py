"""What a command line asks for, typed and checked. Nothing looks at the words again, except to show the line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from bot.sandbox.discovery import Resource
from bot.sandbox.formats import Column, Order
from bot.sandbox.grammar import Words
from bot.sandbox.jsonpath import Template
from bot.sandbox.table import Verb
from bot.sandbox.table.rows import Kind


@dataclass(frozen=True, slots=True)
class Target:
    resource: Resource
    name: str


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
        return (
            tuple(self.words.flags.get("label-columns", "").split(",")) if "label-columns" in self.words.flags else ()
        )

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
    """``notes`` are kubectl's warnings about what was asked."""

    api_verb: str
    kind: Kind
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def namespaced(self) -> bool:
        return not self.words.switch("all-namespaces")


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


@dataclass(frozen=True, slots=True)
class Write(Command):
    """Changes ``targets``, in one namespace."""

    targets: tuple[Target, ...]

    @property
    def namespaced(self) -> bool:
        return True

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The types that it touches, each once."""
        return tuple(dict.fromkeys(target.resource for target in self.targets))


@dataclass(frozen=True, slots=True)
class WriteMany(Write):
    """Changes ``targets``, or else what ``lists`` hold with the selector."""

    lists: tuple[Resource, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (*self.lists, *super(WriteMany, self).resources)

    @property
    def selector(self) -> str:
        return self.words.flags.get("selector", "")


@dataclass(frozen=True, slots=True)
class RolloutUndo(WriteMany):
    """``revision``: the one to go back to, 0 for the one before."""

    revision: int = 0


@dataclass(frozen=True, slots=True)
class RolloutRestart(WriteMany):
    pass


@dataclass(frozen=True, slots=True)
class RolloutPause(WriteMany):
    """`pause`, or `resume` where not ``paused``."""

    paused: bool = True


@dataclass(frozen=True, slots=True)
class Scale(Write):
    """``current`` is the number there must be now, None for any."""

    replicas: int
    current: int | None = None


@dataclass(frozen=True, slots=True)
class Expose(Write):
    """Empty fields are taken from the object that is exposed."""

    ports: tuple[int, ...] = ()
    target_port: str = ""
    type: str = ""
    name: str = ""
    protocol: str = ""
    selector: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CreateDeployment(Write):
    """The one target is what is to be made. ``port``: of the first container, None for none."""

    images: tuple[str, ...]
    replicas: int = 1
    port: int | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetImage(Write):
    """``images`` by container; `*` is all of them."""

    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Label(WriteMany):
    """``labels``: None takes one away."""

    labels: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def overwrites(self) -> bool:
        return self.words.switch("overwrite")


@dataclass(frozen=True, slots=True)
class Delete(WriteMany):
    @property
    def ignores_missing(self) -> bool:
        """What is chosen by a list may be gone before its turn comes."""
        return bool(self.lists) or self.words.switch("ignore-not-found")
