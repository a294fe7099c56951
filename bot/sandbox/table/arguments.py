"""Words that stand behind several verbs."""

from bot.language import Text
from bot.sandbox.table.rows import Argument

TYPE = Argument("TYPE", Text("le type d'objet", "the type of object"), "types")
TYPE_OF_NAME = Argument("TYPE", TYPE.does, "types", alone=False)
NAME = Argument("NAME", Text("l'objet", "the object"), "names")
ANY_NAME = Argument("NAME", Text("l'objet, ou tous", "the object, or all of them"), "names", required=False)
SELECTED_NAME = Argument(
    "NAME", Text("l'objet, sauf avec un sélecteur", "the object, unless there is a selector"), "names", required=False
)
ANY_NAMESPACE = Argument(
    "NAMESPACE", Text("le namespace, ou tous", "the namespace, or all of them"), "namespaces", required=False
)
