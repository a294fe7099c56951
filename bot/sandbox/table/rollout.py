"""The rows of `rollout`: how a new version of a workload comes up, and the versions before it."""

from bot.language import Text
from bot.sandbox.table.arguments import ANY_NAME, TYPE
from bot.sandbox.table.flags import NAMESPACE, SELECTOR, TEMPLATES, output
from bot.sandbox.table.kinds import CONTROLLER_REVISIONS, DAEMON_SETS, DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS
from bot.sandbox.table.rows import Flag, Need, Verb

ROLLED = (DEPLOYMENTS, DAEMON_SETS, STATEFUL_SETS)
REVISIONS = (Need("list", on=REPLICA_SETS), Need("list", on=CONTROLLER_REVISIONS))
"""Those of deployments are replica sets; the others have controller revisions, which nothing else reads."""

STATUS = Verb(
    name="rollout status",
    does=Text("dit où en est un déploiement", "says how far a rollout is"),
    usage="rollout status TYPE [NAME] | TYPE/NAME",
    examples=("rollout status deployment/demonstration", "rollout status deployment/coredns -n kube-system"),
    args=(TYPE, ANY_NAME),
    flags=(
        NAMESPACE,
        SELECTOR,
        Flag("revision", Text("seulement si c'est cette révision", "only if it is this revision"), value="NUMBER"),
        Flag(
            "watch",
            Text("`--watch=false` seulement : Slack ne suit pas", "`--watch=false` only: Slack does not follow"),
            short="w",
            built=False,
        ),
    ),
    kinds={"sandbox": ROLLED, "read-only": ROLLED},
    needs=(Need("get"), Need("list")),
)
HISTORY = Verb(
    name="rollout history",
    does=Text("affiche les révisions d'un déploiement", "shows the revisions of a rollout"),
    usage="rollout history TYPE [NAME] | TYPE/NAME [--revision=NUMBER]",
    examples=("rollout history deployment/demonstration", "rollout history deployment/demonstration --revision=1"),
    args=(TYPE, ANY_NAME),
    flags=(
        NAMESPACE,
        SELECTOR,
        Flag("revision", Text("celle-ci en détail", "this one in detail"), value="NUMBER"),
        output(("yaml", "json", "name"), ("jsonpath", "jsonpath-as-json", *TEMPLATES)),
    ),
    kinds={"sandbox": ROLLED, "read-only": ROLLED},
    needs=(Need("get"), Need("list"), *REVISIONS),
)
UNDO = Verb(
    name="rollout undo",
    does=Text("revient à une révision d'avant", "goes back to an earlier revision"),
    usage="rollout undo TYPE [NAME] | TYPE/NAME ... [--to-revision=NUMBER]",
    examples=("rollout undo deployment/demonstration", "rollout undo deployment/demonstration --to-revision=1"),
    role="trainer",
    args=(TYPE, ANY_NAME),
    flags=(
        NAMESPACE,
        SELECTOR,
        Flag("to-revision", Text("celle-ci, et non la dernière", "this one, not the last"), value="NUMBER"),
    ),
    kinds={"sandbox": ROLLED},
    needs=(Need("get"), Need("list"), Need("patch"), *REVISIONS),
    writes=True,
)
RESTART = Verb(
    name="rollout restart",
    does=Text("remplace les pods un à un par des pods neufs", "replaces the pods one by one with new ones"),
    usage="rollout restart TYPE [NAME] | TYPE/NAME ...",
    examples=(
        "rollout restart deployment/demonstration",
        "rollout restart deployments -l app=demonstration",
        "rollout restart deployment demonstration",
    ),
    role="trainer",
    args=(TYPE, ANY_NAME),
    flags=(NAMESPACE, SELECTOR),
    kinds={"sandbox": ROLLED},
    needs=(Need("get"), Need("list"), Need("patch")),
    writes=True,
)
PAUSE = Verb(
    name="rollout pause",
    does=Text("suspend les mises à jour d'un déploiement", "holds the updates of a deployment back"),
    usage="rollout pause TYPE [NAME] | TYPE/NAME ...",
    examples=("rollout pause deployment/demonstration",),
    role="trainer",
    args=(TYPE, ANY_NAME),
    flags=(NAMESPACE, SELECTOR),
    kinds={"sandbox": (DEPLOYMENTS,)},
    needs=(Need("get"), Need("list"), Need("patch")),
    writes=True,
)
RESUME = Verb(
    name="rollout resume",
    does=Text("reprend les mises à jour suspendues", "lets updates that were held back go on"),
    usage="rollout resume TYPE [NAME] | TYPE/NAME ...",
    examples=("rollout resume deployment/demonstration",),
    role="trainer",
    args=(TYPE, ANY_NAME),
    flags=(NAMESPACE, SELECTOR),
    kinds={"sandbox": (DEPLOYMENTS,)},
    needs=(Need("get"), Need("list"), Need("patch")),
    writes=True,
)
