"""Flags that several commands have in common."""

from bot.language import Text
from bot.sandbox.table.rows import Flag

NAMESPACE = Flag(
    "namespace",
    Text("le namespace visé", "the namespace to act on"),
    value="NAMESPACE",
    short="n",
)
ALL_NAMESPACES = Flag(
    "all-namespaces", Text("tous les namespaces que vous pouvez voir", "all namespaces you may see"), short="A"
)
SELECTOR = Flag("selector", Text("seulement ces labels", "only these labels"), value="KEY=VALUE", short="l")
FIELD_SELECTOR = Flag("field-selector", Text("seulement ces champs", "only these fields"), value="FIELD=VALUE")
NO_HEADERS = Flag("no-headers", Text("sans la ligne de titres", "without the line of titles"))
ALL = Flag("all", Text("tous ceux du namespace", "all of the namespace"))
TEMPLATES = ("go-template", "go-template-file", "jsonpath-file", "template", "templatefile")


def output(ours: tuple[str, ...], theirs: tuple[str, ...] = ()) -> Flag:
    """The formats that a command has here, and those that it has in kubectl alone."""
    theirs = ("kyaml", *theirs)
    allowed = ",".join(sorted({*(format_.removesuffix("=") for format_ in ours), *theirs}))
    unknown = f'unable to match a printer suitable for the output format "{{value}}", allowed formats are: {allowed}'
    return Flag(
        "output",
        Text("le format", "the format"),
        value="FORMAT",
        short="o",
        values=ours,
        unknown=unknown,
        theirs=theirs,
    )
