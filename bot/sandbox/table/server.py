"""The rows of the commands about the API server and one's own rights; everyone has them."""

from dataclasses import replace

from bot.language import Text
from bot.sandbox.table.arguments import ANY_NAME
from bot.sandbox.table.flags import ALL_NAMESPACES, NAMESPACE, NO_HEADERS, SELECTOR, output
from bot.sandbox.table.kinds import NODE_METRICS, POD_METRICS
from bot.sandbox.table.rows import Argument, Flag, Need, Right, Verb

EXPLAIN = Verb(
    name="explain",
    does=Text("explique un type et ses champs", "explains a type and its fields"),
    usage="explain TYPE[.FIELD ...]",
    examples=("explain pods", "explain deployment.spec.replicas", "explain pod.spec.containers --recursive"),
    args=(Argument("TYPE[.FIELD ...]", Text("le type, avec ses champs", "the type, with its fields")),),
    flags=(
        Flag("recursive", Text("avec tous les champs, en bref", "with all fields, in brief"), short="R"),
        Flag("api-version", Text("dans cette version", "in this version"), value="GROUP/VERSION"),
        Flag(
            "output",
            Text("la forme habituelle", "the usual form"),
            value="FORMAT",
            short="o",
            values=("plaintext",),
            built=False,
            unknown="unrecognized format: {value}",
            theirs=("plaintext-openapiv2",),
        ),
    ),
)
API_RESOURCES = Verb(
    name="api-resources",
    does=Text("affiche les types d'objets du cluster", "shows the types of objects of the cluster"),
    usage="api-resources",
    examples=("api-resources", "api-resources --namespaced=false", "api-resources --api-group=apps -o wide"),
    flags=(
        output(("wide", "name", "yaml", "json")),
        Flag("api-group", Text("de ce groupe seulement", "of this group only"), value="GROUP"),
        Flag("namespaced", Text("dans un namespace, ou non", "in a namespace, or not")),
        Flag("verbs", Text("qui connaissent ces verbes", "that know these verbs"), value="VERB[,VERB]", many=True),
        Flag("categories", Text("de ces catégories", "of these categories"), value="CATEGORY", many=True),
        Flag(
            "sort-by",
            Text("trie par nom ou par type", "sorts by name or kind"),
            value="FIELD",
            values=("name", "kind"),
            unknown="--sort-by accepts only name or kind",
        ),
        NO_HEADERS,
    ),
)
VERSION = Verb(
    name="version",
    does=Text("affiche la version du cluster", "shows the version of the cluster"),
    usage="version",
    examples=("version",),
)
REVIEWS = Right("create", "authorization.k8s.io", "selfsubjectaccessreviews")
RULES = Right("create", "authorization.k8s.io", "selfsubjectrulesreviews")
MYSELF = Right("create", "authentication.k8s.io", "selfsubjectreviews")
CAN_I = Verb(
    name="auth can-i",
    does=Text("dit si une action vous est permise", "says whether an action is open to you"),
    usage="auth can-i VERB TYPE[/NAME] | --list",
    examples=(
        "auth can-i create deployments",
        "auth can-i get pods -n kube-system",
        "auth can-i patch deployments --subresource=scale",
        "auth can-i --list",
    ),
    args=(
        Argument("VERB", Text("un verbe de l'API : get, create, delete", "a verb of the API: get, create, delete")),
        Argument("TYPE[/NAME]", Text("le type, ou un objet", "the type, or an object")),
    ),
    flags=(
        NAMESPACE,
        ALL_NAMESPACES,
        Flag(
            "subresource",
            Text("une partie du type, comme log ou scale", "a part of the type, such as log or scale"),
            value="NAME",
        ),
        Flag("quiet", Text("sans réponse, pour les scripts", "without an answer, for scripts"), short="q"),
        Flag("list", Text("tous vos droits d'API ici", "all your API rights here"), built=False),
        replace(NO_HEADERS, built=False),
    ),
    beside=(REVIEWS, RULES),
)
WHO_AM_I = Verb(
    name="auth whoami",
    does=Text("dit qui vous êtes pour le cluster", "says who you are for the cluster"),
    usage="auth whoami",
    examples=("auth whoami",),
    beside=(MYSELF,),
)
CAN = Verb(
    name="can",
    does=Text(
        "dit tout ce que vous pouvez faire ici, et ce qui reste du quota",
        "says all that you can do here, and what is left of the quota",
    ),
    usage="can [-n NAMESPACE]",
    examples=("can", "can -n kube-system"),
    aliases=("puis-je", "droits"),
    flags=(NAMESPACE,),
    beside=(RULES,),
    ours=True,
)
SORT_BY = Flag(
    "sort-by",
    Text("les plus gourmands d'abord", "the hungriest first"),
    value="FIELD",
    values=("cpu", "memory"),
    unknown="--sort-by accepts only cpu or memory",
)
TOP_POD = Verb(
    name="top pod",
    does=Text("affiche ce que consomment les pods", "shows what pods use"),
    usage="top pod [NAME | -l KEY=VALUE]",
    examples=("top pod", "top pod -A --sort-by=memory"),
    aliases=("top pods", "top po"),
    args=(ANY_NAME,),
    flags=(
        NAMESPACE,
        ALL_NAMESPACES,
        SELECTOR,
        SORT_BY,
        Flag("containers", Text("par conteneur", "for each container")),
        NO_HEADERS,
    ),
    kinds={"sandbox": (POD_METRICS,), "read-only": (POD_METRICS,)},
    needs=(Need("get"), Need("list")),
)
TOP_NODE = Verb(
    name="top node",
    does=Text("affiche ce que consomment les nœuds", "shows what nodes use"),
    usage="top node [NAME | -l KEY=VALUE]",
    examples=("top node", "top node --sort-by=cpu"),
    aliases=("top nodes", "top no"),
    args=(ANY_NAME,),
    flags=(SELECTOR, SORT_BY, NO_HEADERS),
    kinds={"cluster": (NODE_METRICS,)},
    needs=(Need("get"), Need("list")),
)
