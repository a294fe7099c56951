"""The rows of the commands that change something."""

from bot.language import Text
from bot.sandbox.table.arguments import NAME, TYPE
from bot.sandbox.table.flags import NAMESPACE
from bot.sandbox.table.kinds import CONTROLLERS, PODS, SERVICES, STATEFUL_SETS
from bot.sandbox.table.rows import Flag, Need, Verb

SCALE = Verb(
    name="scale",
    does=Text("change le nombre de réplicas", "changes the number of replicas"),
    usage="scale TYPE NAME | TYPE/NAME ... --replicas=COUNT",
    examples=(
        "scale deployment demonstration --replicas=5",
        "scale deploy/demonstration --current-replicas=2 --replicas=3",
    ),
    role="trainer",
    args=(TYPE, NAME),
    flags=(
        NAMESPACE,
        Flag("replicas", Text("le nombre voulu", "the number you want"), value="COUNT", required=True),
        Flag(
            "current-replicas",
            Text("seulement si le nombre actuel est celui-ci", "only if this is the number now"),
            value="COUNT",
        ),
    ),
    kinds={"sandbox": (*CONTROLLERS, STATEFUL_SETS)},
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
    args=(TYPE, NAME),
    flags=(
        NAMESPACE,
        Flag("port", Text("le ou les ports du service", "the port or ports of the service"), value="PORT[,PORT]"),
        Flag("target-port", Text("le port du conteneur", "the port of the container"), value="PORT"),
        Flag(
            "type",
            Text("le type de service", "the type of service"),
            value="TYPE",
            choices=("ClusterIP", "NodePort", "LoadBalancer"),
        ),
        Flag("name", Text("le nom du service", "the name of the service"), value="NAME"),
        Flag("protocol", Text("TCP par défaut", "TCP by default"), value="PROTOCOL", choices=("TCP", "UDP", "SCTP")),
        Flag("selector", Text("les pods visés", "the pods behind it"), value="KEY=VALUE[,KEY=VALUE]"),
    ),
    kinds={"sandbox": (PODS, SERVICES, *CONTROLLERS)},
    # To undo it is to delete the service that it made.
    needs=(Need("get"), Need("create", on=SERVICES), Need("delete", on=SERVICES)),
    writes=True,
)
