"""The table of commands: what `/k8s` offers, to whom, on which kinds, and which API rights that takes.

Parser, help, refusals, the chart's RBAC and the tests of the rights are all made from it. Data only.
"""

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


@dataclass(frozen=True, slots=True)
class Flag:
    """``value`` is the placeholder shown in help, "" for a switch; ``values`` are the only ones taken, if any."""

    name: str
    does: Text
    value: str = ""
    short: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. ``role`` is the least that is needed: a trainer may do what a student may."""

    name: str
    does: Text
    usage: str
    examples: tuple[str, ...]
    role: Role = "student"
    aliases: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    kinds: Mapping[Scope, tuple[Kind, ...]] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    writes: bool = False

    def takes(self, kind: Kind, scope: Scope) -> bool:
        return kind in self.kinds.get(scope, ())


PODS, SERVICES = Kind("pods"), Kind("services")
NODES, NAMESPACES = Kind("nodes"), Kind("namespaces")
CONTROLLERS = (Kind("deployments", "apps"), Kind("replicasets", "apps"), Kind("replicationcontrollers"))
WORKLOADS = (
    PODS,
    SERVICES,
    *CONTROLLERS,
    Kind("statefulsets", "apps"),
    Kind("daemonsets", "apps"),
    Kind("jobs", "batch"),
    Kind("cronjobs", "batch"),
    Kind("horizontalpodautoscalers", "autoscaling"),
)
AROUND_THEM = (
    Kind("configmaps"),
    Kind("endpoints"),
    Kind("endpointslices", "discovery.k8s.io"),
    Kind("events"),
    Kind("ingresses", "networking.k8s.io"),
    Kind("limitranges"),
    Kind("networkpolicies", "networking.k8s.io"),
    Kind("persistentvolumeclaims"),
    Kind("resourcequotas"),
)

NAMESPACE = Flag(
    "namespace",
    Text("le namespace visé", "the namespace to act on"),
    value="NAMESPACE",
    short="n",
)

GET = Verb(
    name="get",
    does=Text("affiche des objets du cluster", "shows objects of the cluster"),
    usage="get TYPE [NAME ...] | TYPE/NAME ... | TYPE,TYPE | all",
    examples=("get pods", "get deployment demonstration -o wide", "get all -n kube-system", "get nodes"),
    flags=(
        NAMESPACE,
        Flag(
            "all-namespaces", Text("tous les namespaces que vous pouvez voir", "all namespaces you may see"), short="A"
        ),
        Flag("selector", Text("seulement ces labels", "only these labels"), value="KEY=VALUE", short="l"),
        Flag(
            "output",
            Text("le format", "the format"),
            value="FORMAT",
            short="o",
            values=("wide", "yaml", "json", "name"),
        ),
        Flag("show-labels", Text("ajoute la colonne des labels", "adds the column of labels")),
    ),
    kinds={
        "sandbox": (*WORKLOADS, *AROUND_THEM),
        "read-only": WORKLOADS,
        "cluster": (NODES, NAMESPACES),
    },
    needs=(Need("get"), Need("list")),
)

SCALE = Verb(
    name="scale",
    does=Text("change le nombre de réplicas", "changes the number of replicas"),
    usage="scale TYPE NAME | TYPE/NAME ... --replicas=COUNT",
    examples=(
        "scale deployment demonstration --replicas=5",
        "scale deploy/demonstration --current-replicas=2 --replicas=3",
    ),
    role="trainer",
    flags=(
        NAMESPACE,
        Flag("replicas", Text("le nombre voulu", "the number you want"), value="COUNT"),
        Flag(
            "current-replicas",
            Text("seulement si le nombre actuel est celui-ci", "only if this is the number now"),
            value="COUNT",
        ),
    ),
    kinds={"sandbox": (*CONTROLLERS, Kind("statefulsets", "apps"))},
    needs=(Need("get"), Need("get", "scale"), Need("patch", "scale"), Need("update", "scale")),
    writes=True,
)

EXPOSE = Verb(
    name="expose",
    does=Text("crée un service devant un objet", "puts a service in front of an object"),
    usage="expose TYPE NAME | TYPE/NAME [--port=PORT]",
    examples=(
        "expose deployment demonstration --port=80 --target-port=8080",
        "expose deployment demonstration --type=NodePort --port=80 --name=vitrine",
    ),
    role="trainer",
    flags=(
        NAMESPACE,
        Flag("port", Text("le ou les ports du service", "the port or ports of the service"), value="PORT[,PORT]"),
        Flag("target-port", Text("le port du conteneur", "the port of the container"), value="PORT"),
        Flag(
            "type",
            Text("le type de service", "the type of service"),
            value="TYPE",
        ),
        Flag("name", Text("le nom du service", "the name of the service"), value="NAME"),
        Flag("protocol", Text("TCP par défaut", "TCP by default"), value="PROTOCOL"),
        Flag("selector", Text("les pods visés", "the pods behind it"), value="KEY=VALUE[,KEY=VALUE]"),
    ),
    kinds={"sandbox": (PODS, SERVICES, *CONTROLLERS)},
    needs=(Need("get"), Need("create", on=SERVICES)),
    writes=True,
)

HELP = Verb(
    name="help",
    does=Text("affiche cette aide", "shows this help"),
    usage="help [VERB]",
    examples=("help", "help scale"),
    aliases=("aide", "-h", "--help", "?"),
)

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in (GET, SCALE, EXPOSE, HELP)}


def may(role: Role, verb: Verb) -> bool:
    return role == "trainer" or verb.role == "student"


def rights(role: Role, scope: Scope) -> tuple[Right, ...]:
    """The API rights of ``role`` in ``scope``, each once, in order. Namespaces are named one by one (resourceNames)."""
    cells = {
        Right(need.verb, kind.group, kind.resource, need.subresource)
        for verb in VERBS.values()
        if may(role, verb)
        for of_table in verb.kinds.get(scope, ())
        for need in verb.needs
        for kind in (need.on or of_table,)
    }
    return tuple(sorted(cells, key=lambda right: (right.group, right.resource, right.subresource, right.verb)))
