"""The rows of the commands that only look; everyone has them."""

from bot.language import Text
from bot.sandbox.table.arguments import ANY_NAME, SELECTED_NAME, TYPE, TYPE_OF_NAME
from bot.sandbox.table.flags import ALL_NAMESPACES, FIELD_SELECTOR, NAMESPACE, NO_HEADERS, SELECTOR, TEMPLATES, output
from bot.sandbox.table.kinds import (
    AROUND_THEM,
    CONTROLLERS,
    DAEMON_SETS,
    EVENTS,
    JOBS,
    NAMESPACES,
    NODES,
    PODS,
    SERVICES,
    STATEFUL_SETS,
    WITH_THEM,
    WORKLOADS,
)
from bot.sandbox.table.rows import Argument, Flag, Need, Verb

GET = Verb(
    name="get",
    does=Text("affiche des objets du cluster", "shows objects of the cluster"),
    usage="get TYPE [NAME ...] | TYPE/NAME ... | TYPE,TYPE | all",
    examples=(
        "get pods",
        "get deployment demonstration -o wide",
        "get all -n kube-system",
        "get nodes",
        "get deployment demonstration -o jsonpath='{.spec.replicas}'",
    ),
    args=(TYPE, ANY_NAME),
    flags=(
        NAMESPACE,
        ALL_NAMESPACES,
        SELECTOR,
        FIELD_SELECTOR,
        output(
            ("wide", "yaml", "json", "name", "jsonpath=", "jsonpath-as-json=", "custom-columns="),
            ("custom-columns-file", *TEMPLATES),
        ),
        Flag("sort-by", Text("trie selon un champ", "sorts by a field"), value="PATH"),
        Flag(
            "label-columns",
            Text("ajoute une colonne par label", "adds a column for each label"),
            value="KEY",
            short="L",
            many=True,
        ),
        Flag("show-labels", Text("ajoute la colonne des labels", "adds the column of labels")),
        NO_HEADERS,
    ),
    kinds={
        "sandbox": (*WORKLOADS, *WITH_THEM, *AROUND_THEM),
        "read-only": (*WORKLOADS, *WITH_THEM),
        "cluster": (NODES, NAMESPACES),
    },
    needs=(Need("get"), Need("list")),
)

DESCRIBE = Verb(
    name="describe",
    does=Text("raconte un objet en détail, avec ses événements", "tells an object in detail, with its events"),
    usage="describe TYPE [NAME_PREFIX | -l KEY=VALUE] | TYPE/NAME",
    examples=(
        "describe deployment/demonstration",
        "describe pod demonstration",
        "describe node",
        "describe namespace/kube-system",
    ),
    args=(TYPE, ANY_NAME),
    flags=(
        NAMESPACE,
        ALL_NAMESPACES,
        SELECTOR,
        Flag("show-events", Text("avec les événements, ou sans", "with the events, or without")),
    ),
    kinds=GET.kinds,
    needs=(Need("get"), Need("list")),
)

LOGS = Verb(
    name="logs",
    does=Text("affiche ce que les conteneurs ont écrit", "shows what the containers wrote"),
    usage="logs POD | TYPE/NAME | -l KEY=VALUE [-c CONTAINER]",
    examples=(
        "logs deployment/demonstration",
        "logs -l app=demonstration --tail=5 --prefix",
        "logs deploy/demonstration --previous",
    ),
    args=(TYPE_OF_NAME, SELECTED_NAME),
    flags=(
        NAMESPACE,
        SELECTOR,
        Flag("container", Text("le conteneur", "the container"), value="CONTAINER", short="c"),
        Flag("tail", Text("les dernières lignes seulement", "the last lines only"), value="LINES"),
        Flag("since", Text("depuis ce temps : 5m, 1h", "for this long: 5m, 1h"), value="DURATION"),
        Flag("previous", Text("avant le dernier redémarrage", "before the last restart"), short="p"),
        Flag("timestamps", Text("avec l'heure de chaque ligne", "with the time of each line")),
        Flag("prefix", Text("avec le pod et le conteneur de chaque ligne", "with the pod and container of each line")),
        Flag("all-containers", Text("de tous les conteneurs", "of all containers")),
        Flag("all-pods", Text("de tous les pods", "of all pods")),
    ),
    kinds={"sandbox": (PODS, SERVICES, *CONTROLLERS, STATEFUL_SETS, DAEMON_SETS, JOBS)},
    needs=(Need("get"), Need("list", on=PODS), Need("get", "log", on=PODS)),
)

EVENTS_VERB = Verb(
    name="events",
    does=Text("affiche ce qui s'est passé récemment", "shows what happened lately"),
    usage="events [--for TYPE/NAME] [--types=Normal,Warning]",
    examples=("events", "events --for deployment/demonstration", "events --types=Warning"),
    flags=(
        NAMESPACE,
        ALL_NAMESPACES,
        Flag("for", Text("seulement pour cet objet", "about this object only"), value="TYPE/NAME"),
        Flag(
            "types",
            Text("Normal ou Warning", "Normal or Warning"),
            value="TYPE[,TYPE]",
            many=True,
            choices=("Normal", "Warning"),
        ),
        NO_HEADERS,
    ),
    kinds={"sandbox": (EVENTS,), "read-only": (EVENTS,)},
    needs=(Need("list"),),
)
HELP = Verb(
    name="help",
    does=Text("affiche cette aide", "shows this help"),
    usage="help [VERB]",
    examples=("help", "help scale"),
    aliases=("aide", "-h", "--help", "?"),
    args=(Argument("VERB", Text("la commande à expliquer", "the command to explain"), required=False),),
    ours=True,
)
