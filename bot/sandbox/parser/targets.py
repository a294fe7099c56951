"""Which types and objects a command line names: every form of kubectl's, Secrets refused in every spelling. Pure."""

from collections.abc import Iterable

from bot.errors import BadRequest, NotAllowed
from bot.language import LANGS, Text
from bot.sandbox.commands import Target
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.grammar import Words, did_you_mean
from bot.sandbox.names import checked_name
from bot.sandbox.table import Verb
from bot.sandbox.table.rows import Kind

SECRETS = ("secret", "secrets")
SHOWN_KINDS = 8

GET_WHAT = """\
You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples"""
DESCRIBE_WHAT = """\
error: You must specify the type of resource to describe. \
Use "kubectl api-resources" for a complete list of supported resources."""
ROLLOUT_WHAT = "error: required resource not specified"
WHAT = {
    "get": GET_WHAT,
    "describe": DESCRIBE_WHAT,
    **{f"rollout {verb}": ROLLOUT_WHAT for verb in ("status", "history", "undo", "restart", "pause", "resume")},
}
WRITE_WHAT = """\
error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""
NOT_FOR = {
    "logs": "cannot get the logs from *{of.version}.{of.object_kind}: "
    "selector for *{of.version}.{of.object_kind} not implemented",
    "expose": "cannot expose a {of.group_kind}",
}
"""kubectl's words of its own on a type that a verb is not for."""
MIXED_FORMS = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
)

NO_SECRETS = Text(
    "Personne ne lit les Secrets par le bot, formateurs compris : une valeur montrée dans Slack n'est plus secrète. "
    "Pour voir ce qui les utilise : `/k8s get deployment demonstration -o yaml` ; les ConfigMaps se lisent avec "
    "`/k8s get configmaps`.",
    "Nobody reads Secrets through the bot, trainers included: a value shown in Slack is no secret any more. "
    "To see what uses them: `/k8s get deployment demonstration -o yaml`; ConfigMaps can be read with "
    "`/k8s get configmaps`.",
)
UNKNOWN_KIND = Text("Le cluster n'a pas de type `{word}`.{near}", "The cluster has no type `{word}`.{near}")
EXAMPLE = Text(" Le type vient d'abord : `/k8s {example}`.", " The type comes first: `/k8s {example}`.")
NOT_THIS_KIND = Text(
    "`{verb}` ne prend pas le type `{kind}`. Il prend : {kinds}.",
    "`{verb}` does not take the type `{kind}`. It takes: {kinds}.",
)
NO_KIND = Text(
    "Il manque le type d'objet. Exemple : `/k8s {example}`.",
    "The type of object is missing. Example: `/k8s {example}`.",
)
NO_NAME = Text(
    "Il manque le nom de l'objet. Exemple : `/k8s {example}`.",
    "The name of the object is missing. Example: `/k8s {example}`.",
)
MIXED = Text(
    "Deux formes se mélangent : écrivez `TYPE NOM` ou `TYPE/NOM`, pas les deux. Exemple : `/k8s {example}`.",
    "Two forms are mixed: write `TYPE NAME` or `TYPE/NAME`, not both. Example: `/k8s {example}`.",
)
ONE_TYPE = Text(
    "`{word}` vaut plusieurs types, et un nom n'en a qu'un. Exemple : `/k8s {example}`.",
    "`{word}` is several types, and a name has one. Example: `/k8s {example}`.",
)
SLASHES = Text(
    "`{word}` devrait être de la forme `TYPE/NOM`, avec un seul `/`. Exemple : `/k8s get pod/demonstration`.",
    "`{word}` should look like `TYPE/NAME`, with one `/`. Example: `/k8s get pod/demonstration`.",
)
NAME_OR_SELECTOR = Text(
    "Un nom et un sélecteur ne vont pas ensemble : gardez l'un ou l'autre.",
    "A name and a selector do not go together: keep one of them.",
)
NAME_OR_ALL = Text(
    "Un nom se cherche dans un seul namespace : remplacez `-A` par `-n NAMESPACE`.",
    "A name is looked up in one namespace: replace `-A` by `-n NAMESPACE`.",
)
OBJECTS_FIRST = Text(
    "Les objets viennent d'abord : `{word}` est trop loin. Exemple : `/k8s {example}`.",
    "The objects come first: `{word}` comes too late. Example: `/k8s {example}`.",
)
AND_MORE = Text(" et d'autres (`/k8s help {verb}`)", " and others (`/k8s help {verb}`)")


Chosen = tuple[tuple[Resource, ...], tuple[Target, ...], frozenset[Kind]]


def read_selection(words: Words, catalog: Catalog) -> Chosen:
    """Whole types, or targets by name; and which types came from a category."""
    if len(words.args) == 1 and "/" not in words.args[0]:
        lists, optional = read_types(words, words.args[0], catalog)
        return lists, (), optional
    targets = read_targets(words, catalog)
    if words.flags.get("selector") or words.flags.get("field-selector"):
        raise name_or_selector(words)
    if words.switch("all-namespaces") and any(target.resource.namespaced for target in targets):
        raise usage_error(NAME_OR_ALL, "a resource cannot be retrieved by name across all namespaces")
    return (), targets, frozenset()


def read_types(words: Words, arg: str, catalog: Catalog) -> tuple[tuple[Resource, ...], frozenset[Kind]]:
    """Each type of `pods,svc` or `all` once; of a category only what the table has."""
    found: dict[Kind, Resource] = {}
    asked: set[Kind] = set()
    for word in arg.split(","):
        if members := catalog.category(word):
            found.update({r.kind: r for r in members if r.kind not in found and offered(words.verb, r.kind)})
        else:
            resource = find_type(words.verb, word, catalog)
            found.setdefault(resource.kind, resource)
            asked.add(resource.kind)
    return tuple(found.values()), frozenset(found.keys() - asked)


def read_targets(words: Words, catalog: Catalog) -> tuple[Target, ...]:
    """`TYPE NAME...`, `TYPE/NAME...`, `T1,T2 NAME...`; other mixtures raise UsageError with kubectl's words."""
    example = words.verb.examples[0]
    args = words.args
    if not args:
        raise UsageError(NO_KIND.format(example=example), WHAT.get(words.verb.name, WRITE_WHAT))
    if len(args) >= 2 and "," in args[0]:
        args = tuple(f"{kind}/{name}" for kind in args[0].split(",") for name in args[1:])
    slashed = [arg for arg in args if "/" in arg]
    if slashed and len(slashed) < len(args):
        raise usage_error(MIXED.format(example=example), MIXED_FORMS)
    if slashed:
        return tuple(read_slashed(words.verb, arg, catalog) for arg in args)
    if len(args) > 1 and catalog.category(args[0]):
        raise usage_error(ONE_TYPE.format(word=args[0], example=example), "you must specify only one resource")
    resources = [find_type(words.verb, word, catalog) for word in args[0].split(",")]
    if len(args) == 1:
        stderr = "resource(s) were provided, but no name was specified"
        raise usage_error(NO_NAME.format(example=example), stderr)
    return tuple(named(resource, name) for resource in resources for name in args[1:])


def read_slashed(verb: Verb, arg: str, catalog: Catalog, *, of_verb: bool = True) -> Target:
    """``of_verb``: the verb must take the type."""
    kind, _, name = arg.partition("/")
    if "/" in name:
        raise usage_error(SLASHES.format(word=arg), "arguments in resource/name form may not have more than one slash")
    if not kind or not name or "," in kind:
        stderr = "arguments in resource/name form must have a single resource and name"
        raise usage_error(SLASHES.format(word=arg), stderr)
    return named(find_type(verb, kind, catalog, of_verb=of_verb), name)


def named(resource: Resource, name: str) -> Target:
    """Raises UsageError for a name that nothing can have, and of which no path is made."""
    try:
        return Target(resource, checked_name(name))
    except BadRequest as error:
        stderr = f'Error from server (NotFound): {resource.kind} "{name}" not found'
        raise UsageError(error.text, stderr) from error


def find_type(verb: Verb, word: str, catalog: Catalog, *, of_verb: bool = True) -> Resource:
    """Raises NotAllowed for Secrets in every spelling, BadRequest for a type that the cluster or the verb has not."""
    resource = catalog.find(word)
    if word.split(".")[0].lower() in SECRETS or (resource and resource.kind.resource in SECRETS):
        raise NotAllowed(NO_SECRETS)
    if resource is None:
        example = EXAMPLE.format(example=verb.examples[0])
        near = did_you_mean(word, catalog.names(kinds_of(verb))) or example
        raise UnknownType(
            UNKNOWN_KIND.format(word=word, near=near) if word else NO_KIND.format(example=verb.examples[0]),
            f'{"error: " if of_verb else ""}the server doesn\'t have a resource type "{word.split(".")[0]}"',
        )
    if of_verb and not offered(verb, resource.kind):
        text = NOT_THIS_KIND.format(verb=verb.name, kind=resource.kind, kinds=some(verb, kinds_of(verb)))
        if words := NOT_FOR.get(verb.name):
            raise usage_error(text, words.format(of=resource))
        raise WrongKind(text, resource)
    return resource


class UnknownType(UsageError):
    """The catalog has no such type; a fresher one may."""


class WrongKind(BadRequest):
    """The cluster has ``resource``, but the verb is not for it."""

    def __init__(self, text: Text, resource: Resource) -> None:
        super().__init__(text)
        self.resource = resource


def offered(verb: Verb, kind: Kind) -> bool:
    return any(kind in kinds for kinds in verb.kinds.values())


def kinds_of(verb: Verb) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kind for kinds in verb.kinds.values() for kind in kinds))


def listed(kinds: Iterable[Kind]) -> str:
    return ", ".join(f"`{kind.resource}`" for kind in kinds)


def some(verb: Verb, kinds: Iterable[Kind]) -> Text:
    """The first of ``kinds``, and where to find the others."""
    kinds = tuple(kinds)
    more = AND_MORE.format(verb=verb.name) if len(kinds) > SHOWN_KINDS else Text("", "")
    return Text(*(listed(kinds[:SHOWN_KINDS]) + more[lang] for lang in LANGS))


def split_pairs(words: Words, of: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that name objects, and the pairs `KEY=VALUE` or `KEY-` of ``of`` behind them."""
    pairs = [arg for arg in words.args if is_pair(arg)]
    first = words.args.index(pairs[0]) if pairs else len(words.args)
    if late := [arg for arg in words.args[first:] if not is_pair(arg)]:
        text = OBJECTS_FIRST.format(word=late[0], example=words.verb.examples[0])
        raise usage_error(text, f"all resources must be specified before {of} changes: {late[0]}")
    return words.args[:first], tuple(pairs)


def is_pair(word: str) -> bool:
    return ("=" in word and not word.startswith("=")) or (word.endswith("-") and word != "-")


def name_or_selector(words: Words) -> UsageError:
    named, slashed = "name cannot be provided when a selector is specified", "/" in words.args[0]
    other = "selectors and the all flag cannot be used when passing resource/name arguments"
    return usage_error(NAME_OR_SELECTOR, other if slashed else named)


def usage_error(text: Text, stderr: str) -> UsageError:
    return UsageError(text, f"error: {stderr}")
