"""The rows of the commands about the API server and one's own rights; everyone has them."""

from bot.language import Text
from bot.sandbox.table.flags import NO_HEADERS
from bot.sandbox.table.rows import Flag, Verb

EXPLAIN = Verb(
    name="explain",
    does=Text("explique un type et ses champs", "explains a type and its fields"),
    usage="explain TYPE[.FIELD ...]",
    examples=("explain pods", "explain deployment.spec.replicas", "explain pod.spec.containers --recursive"),
    flags=(
        Flag("recursive", Text("avec tous les champs, en bref", "with all fields, in brief"), short="R"),
        Flag("api-version", Text("dans cette version", "in this version"), value="GROUP/VERSION"),
    ),
)
API_RESOURCES = Verb(
    name="api-resources",
    does=Text("affiche les types d'objets du cluster", "shows the types of objects of the cluster"),
    usage="api-resources",
    examples=("api-resources", "api-resources --namespaced=false", "api-resources --api-group=apps -o wide"),
    flags=(
        Flag("output", Text("le format", "the format"), value="FORMAT", short="o", values=("wide", "name")),
        Flag("api-group", Text("de ce groupe seulement", "of this group only"), value="GROUP"),
        Flag("namespaced", Text("dans un namespace, ou non", "in a namespace, or not")),
        Flag("verbs", Text("qui connaissent ces verbes", "that know these verbs"), value="VERB[,VERB]", many=True),
        Flag("categories", Text("de ces catégories", "of these categories"), value="CATEGORY", many=True),
        Flag(
            "sort-by", Text("trie par nom ou par type", "sorts by name or kind"), value="FIELD", values=("name", "kind")
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
