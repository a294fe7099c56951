"""The rows of the commands that change something."""

from bot.language import Text
from bot.sandbox.table.arguments import NAME, SELECTED_NAME, TYPE
from bot.sandbox.table.flags import ALL, NAMESPACE, SELECTOR
from bot.sandbox.table.kinds import (
    CONTROLLERS,
    DAEMON_SETS,
    DEPLOYMENTS,
    JOBS,
    PODS,
    SERVICES,
    STATEFUL_SETS,
    WORKLOADS,
)
from bot.sandbox.table.rows import Argument, Flag, Need, Verb

CREATE_DEPLOYMENT = Verb(
    name="create deployment",
    does=Text("crée un déploiement", "creates a deployment"),
    usage="create deployment NAME --image=IMAGE ... [--replicas=COUNT] [--port=PORT] [-- COMMAND ...]",
    examples=(
        "create deployment demonstration --image=monachus/rancher-demo --replicas=2",
        "create deployment horloge --image=busybox -- sh -c 'while true; do date; sleep 5; done'",
        "create deployment site --image=nginx:1.27 --port=80",
    ),
    role="trainer",
    aliases=("create deploy",),
    args=(Argument("NAME", Text("le nom du déploiement", "the name of the deployment")),),
    flags=(
        NAMESPACE,
        Flag(
            "image",
            Text("l'image d'un conteneur, autant de fois que de conteneurs", "a container's image, one for each"),
            value="IMAGE",
            many=True,
            required=True,
        ),
        Flag("replicas", Text("1 par défaut", "1 by default"), value="COUNT", letter="r"),
        Flag("port", Text("le port que le conteneur écoute", "the port that the container listens on"), value="PORT"),
    ),
    kinds={"sandbox": (DEPLOYMENTS,)},
    # To undo it is to delete it.
    needs=(Need("get"), Need("create"), Need("delete")),
    writes=True,
)

SET_IMAGE = Verb(
    name="set image",
    does=Text("change l'image des conteneurs", "changes the image of containers"),
    usage="set image TYPE NAME | TYPE/NAME ... CONTAINER=IMAGE ... | '*=IMAGE'",
    examples=(
        "set image deployment/demonstration rancher-demo=monachus/rancher-demo:purple",
        "set image deployment demonstration '*=monachus/rancher-demo:purple'",
    ),
    role="trainer",
    args=(
        TYPE,
        NAME,
        Argument("CONTAINER=IMAGE", Text("le conteneur et sa nouvelle image", "the container and its new image")),
    ),
    flags=(NAMESPACE,),
    kinds={"sandbox": (*CONTROLLERS, STATEFUL_SETS, DAEMON_SETS)},
    needs=(Need("get"), Need("patch")),
    writes=True,
)

LABEL = Verb(
    name="label",
    does=Text("pose, change ou retire des labels", "puts labels on objects, changes or removes them"),
    usage="label TYPE NAME | TYPE/NAME ... | TYPE -l KEY=VALUE | TYPE --all  KEY=VALUE ... KEY- ... [--overwrite]",
    examples=(
        "label deployment demonstration tier=front",
        "label pods -l app=demonstration tier-",
        "label deployment demonstration tier=back --overwrite",
    ),
    role="trainer",
    args=(
        TYPE,
        SELECTED_NAME,
        Argument("KEY=VALUE", Text("le label ; `KEY-` le retire", "the label; `KEY-` removes it")),
    ),
    flags=(
        NAMESPACE,
        Flag("overwrite", Text("change un label qui existe déjà", "changes a label that is there already")),
        SELECTOR,
        ALL,
    ),
    kinds={"sandbox": (PODS, SERVICES, *CONTROLLERS, STATEFUL_SETS, DAEMON_SETS, JOBS)},
    needs=(Need("get"), Need("list"), Need("patch")),
    writes=True,
)

DELETE = Verb(
    name="delete",
    does=Text("supprime des objets, après confirmation", "deletes objects, once you agreed"),
    usage="delete TYPE NAME ... | TYPE/NAME ... | TYPE -l KEY=VALUE | TYPE --all",
    examples=(
        "delete deployment demonstration",
        "delete pods -l app=demonstration",
        "delete deployment/demonstration service/demonstration",
    ),
    role="trainer",
    args=(TYPE, SELECTED_NAME),
    flags=(
        NAMESPACE,
        SELECTOR,
        ALL,
        Flag("ignore-not-found", Text("ce qui manque n'est pas une erreur", "what is missing is no error")),
        Flag(
            "wait",
            Text("sans effet : le bot n'attend jamais la fin", "no effect: the bot never waits for the end"),
            built=False,
        ),
        Flag("now", Text("une seconde pour s'arrêter", "one second to stop"), built=False),
        Flag(
            "grace-period",
            Text("le temps de s'arrêter, 1 au moins", "the time to stop, 1 at least"),
            value="SECONDS",
            built=False,
        ),
    ),
    kinds={"sandbox": WORKLOADS},
    needs=(Need("get"), Need("list"), Need("delete")),
    writes=True,
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
