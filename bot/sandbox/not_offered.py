"""What kubectl has and the bot has not: refused by name, with the reason and what to do instead."""

from collections.abc import Mapping

from bot.language import Text


def on_your_machine(line: str) -> Text:
    return Text(
        f"Le bot ne peut pas le faire à votre place : tapez sur votre machine `{line}`.",
        f"The bot cannot do it for you: on your own machine, type `{line}`.",
    )


WRITES_ANYTHING = Text(
    "Il écrirait n'importe quel objet, avec ses secrets et ses droits. Ce que le bot écrit : `create deployment`, "
    "`scale`, `expose`, `set image`, `rollout`, `label`, `delete` (`/k8s help`) ; "
    "pour le reste, tapez-le sur votre machine.",
    "It would write any object, with its secrets and rights. What the bot writes: `create deployment`, "
    "`scale`, `expose`, `set image`, `rollout`, `label`, `delete` (`/k8s help`); "
    "for the rest, type it on your own machine.",
)
ONLY_DEPLOYMENTS = Text(
    "Le bot ne crée que des déploiements, et des services devant eux : "
    "`/k8s create deployment demonstration --image=nginx`, puis `/k8s expose deployment demonstration --port=80`. "
    "Pour le reste, tapez-le sur votre machine.",
    "The bot creates deployments only, and services in front of them: "
    "`/k8s create deployment demonstration --image=nginx`, then `/k8s expose deployment demonstration --port=80`. "
    "For the rest, type it on your own machine.",
)
ONLY_IMAGES = Text(
    "D'un modèle de pod, le bot ne change que l'image : `/k8s set image deployment/demonstration '*=nginx:1.27'`. "
    "Pour le reste, tapez-le sur votre machine.",
    "Of a pod template the bot changes the image only: `/k8s set image deployment/demonstration '*=nginx:1.27'`. "
    "For the rest, type it on your own machine.",
)
NOT_YET = Text(
    "Pas encore. Pour regarder l'état d'un objet : `/k8s describe deployment demonstration`.",
    "Not yet. To look at the state of an object: `/k8s describe deployment demonstration`.",
)
NODES = Text(
    "Le bot ne touche pas aux nœuds : ils sont à tous. Pour les regarder : `/k8s describe node`.",
    "The bot does not touch nodes: they are everybody's. To look at them: `/k8s describe node`.",
)
RUN = Text(
    "Un pod seul ne revient pas quand il s'arrête : créez un déploiement, "
    "`/k8s create deployment demonstration --image=nginx`.",
    "A pod alone does not come back when it stops: create a deployment, "
    "`/k8s create deployment demonstration --image=nginx`.",
)
IDENTITY = Text(
    "Le bot agit avec les droits de votre rôle dans Slack, et aucun autre. Tapez la commande sans cette option.",
    "The bot acts with the rights of your role in Slack, and no others. Type the command without this flag.",
)
FILES = Text(
    "Il n'y a pas de fichiers ici. Nommez l'objet : `/k8s get deployment demonstration`.",
    "There are no files here. Name the object: `/k8s get deployment demonstration`.",
)
WATCH = Text(
    "Slack n'affiche pas un flux : retapez la commande, ou lancez-la avec `-w` sur votre machine.",
    "Slack cannot show a stream: type the command again, or run it with `-w` on your own machine.",
)
FOLLOW = Text(
    "Slack n'affiche pas un flux : retapez la commande, ou lancez-la avec `-f` sur votre machine.",
    "Slack cannot show a stream: type the command again, or run it with `-f` on your own machine.",
)
FOLLOW_ROLLOUT = Text(
    "Slack n'affiche pas un flux : la commande dit où on en est maintenant. Retapez-la, ou suivez sur votre machine : "
    "`kubectl rollout status deployment demonstration`.",
    "Slack cannot show a stream: the command says how far it is now. Type it again, or follow on your own machine: "
    "`kubectl rollout status deployment demonstration`.",
)
HISTORY_FORMAT = Text(
    "Pour une révision en détail : `/k8s rollout history deployment/demonstration --revision=1`. "
    "Pour les objets : `/k8s get replicasets -o yaml`.",
    "For one revision in detail: `/k8s rollout history deployment/demonstration --revision=1`. "
    "For the objects: `/k8s get replicasets -o yaml`.",
)
MISSING_KEYS = "allow-missing-template-keys"
ROLLOUT_FLAGS = ("output", "o", "show-managed-fields", "field-manager", MISSING_KEYS)
ROLLOUT_FORMAT = Text(
    "Il n'y a que la forme habituelle : `/k8s rollout restart deployment/demonstration`.",
    "There is the usual form only: `/k8s rollout restart deployment/demonstration`.",
)
EVENTS_FORMAT = Text(
    "Pour un autre format : `/k8s get events -o yaml`.", "For another format: `/k8s get events -o yaml`."
)
SERVER_VERSION = Text(
    "Le bot ne connaît que la version du cluster : `/k8s version`. Pour votre kubectl : `kubectl version --client`.",
    "The bot knows the version of the cluster only: `/k8s version`. For your own kubectl: `kubectl version --client`.",
)
TYPES = Text(
    "Les types et leurs versions : `/k8s api-resources`.", "The types and their versions: `/k8s api-resources`."
)
CLUSTER = Text(
    "Les nœuds et la version du cluster : `/k8s get nodes`, `/k8s version`.",
    "The nodes and the version of the cluster: `/k8s get nodes`, `/k8s version`.",
)
WHOAMI_FORMAT = Text(
    "Il n'y a que la forme habituelle : `/k8s auth whoami`.", "There is the usual form only: `/k8s auth whoami`."
)
TOP_FORMAT = Text(
    "Choisissez avec un nom, `-l` ou `--sort-by` : `/k8s top pod --sort-by=memory`.",
    "Choose with a name, `-l` or `--sort-by`: `/k8s top pod --sort-by=memory`.",
)
TOP_FLAGS = ("field-selector", "use-protocol-buffers", "sum", "show-swap", "show-capacity")
LAST_LINES = Text(
    "Choisissez les lignes avec `--tail` ou `--since` : `/k8s logs deployment/demonstration --since=10m`.",
    "Choose the lines with `--tail` or `--since`: `/k8s logs deployment/demonstration --since=10m`.",
)
ONE_BY_ONE = Text(
    "Le bot ne change que les objets que vous nommez, un par un : `/k8s scale deployment demonstration --replicas=3`.",
    "The bot changes only objects that you name, one by one: `/k8s scale deployment demonstration --replicas=3`.",
)
NAMED_ONLY = Text(
    "Nommez les objets dont l'image change : `/k8s set image deployment/demonstration '*=nginx:1.27'`.",
    "Name the objects whose image changes: `/k8s set image deployment/demonstration '*=nginx:1.27'`.",
)
FROM_FLAGS = Text(
    "Le déploiement est fait de son nom, de ses images, de `--replicas`, de `--port` et d'une commande, rien d'autre : "
    "`/k8s help create deployment`.",
    "The deployment is made of its name, its images, `--replicas`, `--port` and a command, nothing else: "
    "`/k8s help create deployment`.",
)
RECORD = Text(
    "kubectl l'abandonne, et le bot garde lui-même qui a fait quoi (`/k8s history`) : tapez la commande sans cette "
    "option.",
    "kubectl gives it up, and the bot itself keeps who did what (`/k8s history`): type the command without this flag.",
)
SHOWS_LABELS = Text(
    "Pour voir les labels : `/k8s get pods --show-labels`.", "To see labels: `/k8s get pods --show-labels`."
)
ONE_NAMESPACE = Text(
    "On n'écrit que dans un namespace à la fois : remplacez `-A` par `-n NAMESPACE`.",
    "Writes go to one namespace at a time: replace `-A` by `-n NAMESPACE`.",
)
CHOOSE = Text(
    "Choisissez les objets par leur nom, par `-l` ou par `--all` : `/k8s get pods -l app=demonstration` les montre.",
    "Choose the objects by name, by `-l` or by `--all`: `/k8s get pods -l app=demonstration` shows them.",
)
IN_ORDER = Text(
    "Le bot laisse aux pods le temps de s'arrêter ; forcer peut laisser tourner un conteneur que plus rien ne suit. "
    "Tapez la commande sans cette option.",
    "The bot gives pods the time to stop; to force it may leave a container running that nothing follows any more. "
    "Type the command without this flag.",
)
WHOLE = Text(
    "Le bot supprime l'objet avec ce qu'il a créé, rien ne reste orphelin : tapez la commande sans cette option.",
    "The bot deletes the object with all that it made, nothing is left behind: type the command without this flag.",
)
ASKS_ANYWAY = Text(
    "Le bot demande toujours avant de supprimer, et n'attend pas la fin : tapez la commande sans cette option.",
    "The bot always asks before it deletes, and does not wait for the end: type the command without this flag.",
)
FORMAT = Text(
    "Les formats proposés sont dans `/k8s help get`. Exemple : `/k8s get pods -o wide`.",
    "The formats on offer are in `/k8s help get`. Example: `/k8s get pods -o wide`.",
)
SERVICE_SHAPE = Text(
    "Un service du bac à sable se décrit par ses ports, son type et son sélecteur : `/k8s help expose`.",
    "A service of the sandbox is described by its ports, type and selector: `/k8s help expose`.",
)
FILTER = Text(
    "Filtrez avec `-l` ou donnez un nom : `/k8s get pods -l app=demonstration`.",
    "Filter with `-l` or give a name: `/k8s get pods -l app=demonstration`.",
)
DRY_RUN = Text(
    "Le bot fait déjà un essai à blanc avant chaque écriture : tapez la commande sans cette option.",
    "The bot already does a dry run before each write: type the command without this flag.",
)
VERBOSE = Text(
    "Le bot n'affiche pas les échanges avec l'API : tapez la commande sans cette option.",
    "The bot does not show its traffic with the API: type the command without this flag.",
)

VERBS: Mapping[str, Text] = {
    **dict.fromkeys(("apply", "edit", "patch", "replace", "autoscale", "kustomize"), WRITES_ANYTHING),
    **dict.fromkeys(("annotate", "certificate"), WRITES_ANYTHING),
    "create": ONLY_DEPLOYMENTS,
    "set": ONLY_IMAGES,
    **dict.fromkeys(("taint", "cordon", "uncordon", "drain"), NODES),
    "run": RUN,
    **dict.fromkeys(("diff", "wait"), NOT_YET),
    "api-versions": TYPES,
    "cluster-info": CLUSTER,
    "auth reconcile": WRITES_ANYTHING,
    "exec": on_your_machine("kubectl exec -it POD -- sh"),
    "attach": on_your_machine("kubectl attach -it POD"),
    "debug": on_your_machine("kubectl debug -it POD --image=busybox"),
    "cp": on_your_machine("kubectl cp POD:/chemin/du/fichier ."),
    "port-forward": on_your_machine("kubectl port-forward service/demonstration 8080:80"),
    "proxy": on_your_machine("kubectl proxy"),
    "config": on_your_machine("kubectl config get-contexts"),
    "plugin": on_your_machine("kubectl plugin list"),
    "completion": on_your_machine("kubectl completion bash"),
    "options": on_your_machine("kubectl options"),
    "kuberc": on_your_machine("kubectl kuberc"),
}

FROM_YOUR_MACHINE = frozenset(("exec", "attach", "debug", "cp", "port-forward"))
"""The target that was typed is worth more than an example."""

KUBECTL = (
    *("create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale"),
    *("certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint", "describe", "logs", "attach"),
    *("exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace", "wait"),
    *("kustomize", "label", "annotate", "completion", "config", "plugin", "version", "api-versions", "api-resources"),
    *("options", "kuberc"),
)
"""All commands of kubectl, in its own order."""

EVERYWHERE: Mapping[str, Text] = {
    **dict.fromkeys(("kubeconfig", "context", "cluster", "user", "server", "token", "username", "password"), IDENTITY),
    **dict.fromkeys(("as", "as-group", "as-uid", "as-user-extra", "insecure-skip-tls-verify", "cache-dir"), IDENTITY),
    **dict.fromkeys(
        ("certificate-authority", "client-certificate", "client-key", "tls-server-name", "kuberc"), IDENTITY
    ),
    **dict.fromkeys(
        ("filename", "kustomize", "recursive", "template", "save-config", "overrides", "override-type"), FILES
    ),
    **dict.fromkeys(("v", "vmodule", "profile", "profile-output", "request-timeout", "warnings-as-errors"), VERBOSE),
    **dict.fromkeys(("log-flush-frequency", "match-server-version", "disable-compression"), VERBOSE),
    "s": IDENTITY,
    "f": FILES,
    "k": FILES,
    "R": FILES,
    "raw": IDENTITY,
    "dry-run": DRY_RUN,
}

FLAGS: Mapping[str, Mapping[str, Text]] = {
    "get": {
        **dict.fromkeys(("watch", "w", "watch-only", "output-watch-events"), WATCH),
        **dict.fromkeys(("chunk-size", "ignore-not-found", "show-kind", "subresource", "server-print"), FILTER),
        **dict.fromkeys(("show-managed-fields", "allow-missing-template-keys"), FORMAT),
    },
    "describe": {"chunk-size": FILTER},
    "rollout status": {"timeout": FOLLOW_ROLLOUT},
    "rollout history": dict.fromkeys(("show-managed-fields", MISSING_KEYS), HISTORY_FORMAT),
    **dict.fromkeys(
        ("rollout undo", "rollout restart", "rollout pause", "rollout resume"),
        dict.fromkeys(ROLLOUT_FLAGS, ROLLOUT_FORMAT),
    ),
    "logs": {
        **dict.fromkeys(("follow", "f"), FOLLOW),
        **dict.fromkeys(("since-time", "limit-bytes", "max-log-requests", "ignore-errors"), LAST_LINES),
        **dict.fromkeys(("pod-running-timeout", "all-namespaces", "A"), LAST_LINES),
        "insecure-skip-tls-verify-backend": IDENTITY,
    },
    "events": {
        **dict.fromkeys(("watch", "w"), WATCH),
        **dict.fromkeys(("output", "o", "show-managed-fields", "allow-missing-template-keys"), EVENTS_FORMAT),
        "chunk-size": EVENTS_FORMAT,
    },
    "version": {**dict.fromkeys(("client", "output", "o"), SERVER_VERSION)},
    "auth whoami": {**dict.fromkeys(("output", "o", "show-managed-fields"), WHOAMI_FORMAT)},
    **dict.fromkeys(("top pod", "top node"), dict.fromkeys(TOP_FLAGS, TOP_FORMAT)),
    "scale": {
        **dict.fromkeys(("all", "selector", "l", "all-namespaces", "A"), ONE_BY_ONE),
        **dict.fromkeys(("resource-version", "timeout", "output", "o", "record", "show-managed-fields"), ONE_BY_ONE),
    },
    "expose": {
        **dict.fromkeys(
            ("external-ip", "load-balancer-ip", "cluster-ip", "session-affinity", "labels", "l"), SERVICE_SHAPE
        ),
        **dict.fromkeys(("output", "o", "record", "field-manager", "show-managed-fields"), SERVICE_SHAPE),
        **dict.fromkeys(("all-namespaces", "A"), ONE_BY_ONE),
    },
    "create deployment": dict.fromkeys(
        ("output", "o", "save-config", "validate", "field-manager", "show-managed-fields", MISSING_KEYS), FROM_FLAGS
    ),
    "set image": {
        **dict.fromkeys(("all", "selector", "l"), NAMED_ONLY),
        "record": RECORD,
        **dict.fromkeys(("local", "output", "o", "field-manager", "show-managed-fields", MISSING_KEYS), NAMED_ONLY),
    },
    "label": {
        **dict.fromkeys(("list", "output", "o", "show-managed-fields", MISSING_KEYS), SHOWS_LABELS),
        **dict.fromkeys(("field-selector", "local", "resource-version", "field-manager"), CHOOSE),
        **dict.fromkeys(("all-namespaces", "A"), ONE_NAMESPACE),
    },
    "delete": {
        "force": IN_ORDER,
        **dict.fromkeys(("timeout", "interactive", "i", "output", "o"), ASKS_ANYWAY),
        "cascade": WHOLE,
        "field-selector": CHOOSE,
        **dict.fromkeys(("all-namespaces", "A"), ONE_NAMESPACE),
    },
}


def flag_refusal(verb: str, flag: str) -> Text | None:
    """Why kubectl's ``flag`` (without dashes) is not taken with ``verb``; None for one that kubectl has not either."""
    return FLAGS.get(verb, {}).get(flag) or EVERYWHERE.get(flag)
