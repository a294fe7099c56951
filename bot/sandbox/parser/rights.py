"""The commands about one's own rights, and about what is used, typed."""

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox.commands import Can, CanI, CanList, Top, WhoAmI
from bot.sandbox.discovery import Catalog
from bot.sandbox.grammar import Words
from bot.sandbox.names import checked_name
from bot.sandbox.parser.targets import usage_error
from bot.sandbox.table.kinds import NODE_METRICS, POD_METRICS
from bot.sandbox.table.rows import Kind

KNOWN_VERBS = frozenset(
    ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "impersonate")
) | {"*", "approve", "sign", "escalate", "attest"}
KNOWN_OF_PATHS = frozenset(("get", "put", "post", "head", "options", "delete", "patch", "*"))
WITHOUT_DISCOVERY = ("users", "groups")

CAN_WHAT = Text(
    "Il faut un verbe de l'API et un type : `/k8s auth can-i create deployments`. Tout d'un coup : `/k8s can`.",
    "It takes a verb of the API and a type: `/k8s auth can-i create deployments`. All at once: `/k8s can`.",
)
LIST_ALONE = Text(
    "`--list` dit tous vos droits d'un namespace, sans verbe ni type : `/k8s auth can-i --list -n kube-system`.",
    "`--list` tells all your rights in a namespace, without a verb or a type: `/k8s auth can-i --list -n kube-system`.",
)
NO_NAME = Text("`{verb}` ne prend pas de nom : `/k8s {verb}`.", "`{verb}` takes no name: `/k8s {verb}`.")
ONE_NAME = Text("`top` prend un nom au plus : `/k8s {example}`.", "`top` takes one name at most: `/k8s {example}`.")
NAME_OR_SELECTOR = Text(
    "Un nom et un sélecteur ne vont pas ensemble : gardez l'un ou l'autre.",
    "A name and a selector do not go together: keep one of them.",
)


def read_can_i(words: Words, catalog: Catalog) -> CanI | CanList:
    if words.switch("list"):
        return read_list(words)
    command = read_question(words, catalog)
    if words.switch("no-headers"):
        raise usage_error(CAN_WHAT, "--no-headers cannot be set without --list specified")
    return command


def read_list(words: Words) -> CanList:
    if words.args:
        raise usage_error(LIST_ALONE, "list option must be specified with no arguments")
    if words.switch("quiet") or words.switch("all-namespaces") or words.flags.get("subresource"):
        stderr = "list option can't be specified with neither quiet, all-namespaces nor subresource options"
        raise usage_error(LIST_ALONE, stderr)
    return CanList(words)


def read_question(words: Words, catalog: Catalog) -> CanI:
    if len(words.args) != 2:
        stderr = "you must specify two arguments: verb resource or verb resource/resourceName."
        raise usage_error(CAN_WHAT, f"{stderr}\nSee 'kubectl auth can-i -h' for help and examples.")
    verb, target = words.args
    if target.startswith("/"):
        return read_path(words, verb, target)
    word, _, name = target.partition("/")
    notes: list[str] = []
    resource = catalog.find(word.lower())
    kind = resource.kind if resource else Kind(word)
    if not resource and word != "*" and word not in WITHOUT_DISCOVERY:
        plural, _, group = word.lower().partition(".")
        where = f" in group '{group}'" if group else ""
        notes.append(f"Warning: the server doesn't have a resource type '{plural}'{where}\n")
    if resource and not words.switch("all-namespaces") and not resource.namespaced:
        where = f" in group '{kind.group}'" if kind.group else ""
        notes.append(f"Warning: resource '{kind.resource}' is not namespace scoped{where}\n")
    if word and not words.switch("all-namespaces") and verb not in KNOWN_VERBS:
        notes.append(f"Warning: verb '{verb}' is not a known verb\n")
    return CanI(words, verb, kind, checked_name(name) if name else "", tuple(notes))


def read_path(words: Words, verb: str, path: str) -> CanI:
    if words.flags.get("subresource"):
        raise usage_error(CAN_WHAT, "--subresource can not be used with NonResourceURL")
    notes = () if verb in KNOWN_OF_PATHS else (f"Warning: verb '{verb}' is not a known verb\n",)
    return CanI(words, verb, Kind(""), notes=notes, path=path)


def read_who_am_i(words: Words, _: Catalog) -> WhoAmI:
    """kubectl takes no notice of what follows."""
    return WhoAmI(words)


def read_can(words: Words, _: Catalog) -> Can:
    if words.args:
        raise BadRequest(NO_NAME.format(verb=words.verb.name))
    return Can(words)


def read_top(words: Words, _: Catalog) -> Top:
    pods = words.verb.name == "top pod"
    if len(words.args) > 1:
        usage = (
            f"{'pod' if pods else 'node'} [NAME | -l label]\nSee 'kubectl {words.verb.name} -h' for help and examples"
        )
        raise usage_error(ONE_NAME.format(example=words.verb.examples[0]), usage)
    if words.args and words.flags.get("selector"):
        what = "selector" if pods else "--selector"
        raise usage_error(NAME_OR_SELECTOR, f"only one of NAME or {what} can be provided")
    name = checked_name(words.args[0]) if words.args else ""
    return Top(words, POD_METRICS if pods else NODE_METRICS, name)
