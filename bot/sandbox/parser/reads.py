"""The commands that only look, typed."""

from dataclasses import replace

from bot.language import Text
from bot.sandbox.commands import Describe, Events, Get, Logs, Target
from bot.sandbox.discovery import Catalog
from bot.sandbox.durations import read_duration
from bot.sandbox.formats import read_columns, read_order, read_template
from bot.sandbox.grammar import Words
from bot.sandbox.jsonpath import JsonPathError
from bot.sandbox.names import checked_name
from bot.sandbox.parser.numbers import read_integer
from bot.sandbox.parser.targets import find_type, read_selection, read_slashed, usage_error

LABELS_IN_TABLE = Text(
    "`--show-labels` ajoute une colonne au tableau : il va avec `-o wide` ou sans `-o`.",
    "`--show-labels` adds a column to the table: it goes with `-o wide` or without `-o`.",
)
WRONG_TEMPLATE = Text(
    "Ce modèle ne se lit pas : {reason}. Exemples : `-o jsonpath='{{.spec.replicas}}'`, "
    "`-o custom-columns=NOM:.metadata.name`, `--sort-by=.metadata.name`.",
    "This template cannot be read: {reason}. Examples: `-o jsonpath='{{.spec.replicas}}'`, "
    "`-o custom-columns=NAME:.metadata.name`, `--sort-by=.metadata.name`.",
)
LOGS_OF_WHAT = Text(
    "Il manque le pod. Exemples : `/k8s logs deployment/demonstration`, `/k8s logs -l app=demonstration`.",
    "The pod is missing. Examples: `/k8s logs deployment/demonstration`, `/k8s logs -l app=demonstration`.",
)
POD_OR_SELECTOR = Text(
    "Un nom et un sélecteur ne vont pas ensemble : `/k8s logs -l app=demonstration`.",
    "A name and a selector do not go together: `/k8s logs -l app=demonstration`.",
)
ONE_CONTAINER = Text(
    "Le conteneur est nommé deux fois : `/k8s logs POD -c CONTAINER`.",
    "The container is named twice: `/k8s logs POD -c CONTAINER`.",
)
WRONG_LINES = Text(
    "`--tail` attend un nombre de lignes, pas `{value}`. Exemple : `--tail=20`.",
    "`--tail` takes a number of lines, not `{value}`. Example: `--tail=20`.",
)
WRONG_DURATION = Text(
    "`--since` attend une durée, pas `{value}`. Exemples : `--since=90s`, `--since=10m`, `--since=1h30m`.",
    "`--since` takes a duration, not `{value}`. Examples: `--since=90s`, `--since=10m`, `--since=1h30m`.",
)
EVENTS_FOR = Text(
    "Pour un seul objet : `/k8s events --for deployment/demonstration`.",
    "About one object: `/k8s events --for deployment/demonstration`.",
)
WRONG_TYPES = Text(
    "`--types` prend `Normal` et `Warning` : `/k8s events --types=Warning`.",
    "`--types` takes `Normal` and `Warning`: `/k8s events --types=Warning`.",
)
LOGS_USAGE = """\
expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command"""
LOGS_HELP = "\nSee 'kubectl logs -h' for help and examples"


def read_get(words: Words, catalog: Catalog) -> Get:
    """Raises UsageError in kubectl's words, also for templates that cannot be read."""
    if words.switch("show-labels") and words.flags.get("output", "wide") != "wide":
        printer = words.flags["output"]
        raise usage_error(LABELS_IN_TABLE, f"--show-labels option cannot be used with {printer} printer")
    lists, targets, optional = read_selection(words, catalog)
    return with_formats(Get(words, lists, targets, optional))


def read_describe(words: Words, catalog: Catalog) -> Describe:
    return Describe(words, *read_selection(words, catalog))


def with_formats(command: Get) -> Get:
    """With its templates read; raises UsageError in kubectl's words."""
    template = command.words.flags.get("output", "").partition("=")[2]
    try:
        if command.output == "custom-columns":
            command = replace(command, columns=read_columns(template))
        elif command.output.startswith("jsonpath"):
            command = replace(command, template=read_template(template))
        if path := command.words.flags.get("sort-by"):
            command = replace(command, order=read_order(path))
    except JsonPathError as error:
        raise usage_error(WRONG_TEMPLATE.format(reason=error), str(error)) from error
    return command


def read_logs(words: Words, catalog: Catalog) -> Logs:
    args, flags = words.args, words.flags
    if len(args) > 2 or (not args and not flags.get("selector")):
        raise usage_error(LOGS_OF_WHAT, LOGS_USAGE + LOGS_HELP)
    if args and flags.get("selector"):
        raise usage_error(POD_OR_SELECTOR, f"only a selector (-l) or a POD name is allowed{LOGS_HELP}")
    if len(args) == 2 and "container" in flags:
        raise usage_error(ONE_CONTAINER, "only one of -c or an inline [CONTAINER] arg is allowed")
    container = args[1] if len(args) == 2 else flags.get("container", "")
    if container and words.switch("all-containers"):
        stderr = f"--all-containers=true should not be specified with container name {container}"
        raise usage_error(ONE_CONTAINER, stderr)
    tail, since = read_tail(words), read_since(flags.get("since"))
    return Logs(words, read_pod(words, catalog), container, tail, since)


def read_pod(words: Words, catalog: Catalog) -> Target | None:
    """`POD` or `TYPE/NAME`."""
    if not words.args:
        return None
    word = words.args[0]
    if "/" in word:
        return read_slashed(words.verb, word, catalog)
    return Target(find_type(words.verb, "pods", catalog), checked_name(word))


def read_tail(words: Words) -> int | None:
    if "tail" not in words.flags:
        return None
    text = WRONG_LINES.format(value=words.flags["tail"])
    lines = read_integer(words, "tail", -1, text)
    if lines < -1:
        raise usage_error(text, "--tail must be greater than or equal to -1")
    return lines


def read_since(value: str | None) -> int:
    """In seconds, 0 for none."""
    if value is None:
        return 0
    try:
        seconds = round(read_duration(value).total_seconds())
    except ValueError as error:
        stderr = f'invalid argument "{value}" for "--since" flag: {error}\nSee \'kubectl logs --help\' for usage.'
        raise usage_error(WRONG_DURATION.format(value=value), stderr) from error
    if seconds < 0:
        raise usage_error(WRONG_DURATION.format(value=value), "--since must be greater than 0")
    return seconds


def read_events(words: Words, catalog: Catalog) -> Events:
    types = words.flags.get("types", "")
    if types and not {one.lower() for one in types.split(",")} <= {"normal", "warning"}:
        raise usage_error(WRONG_TYPES, "valid --types are Normal or Warning")
    return Events(words, read_for(words, catalog), frozenset(one.lower() for one in types.split(",") if one))


def read_for(words: Words, catalog: Catalog) -> Target | None:
    target = words.flags.get("for")
    if not target:
        return None
    kind, slash, name = target.partition("/")
    if not slash:
        raise usage_error(EVENTS_FOR, "--for must be in resource/name form")
    if not kind:
        raise usage_error(EVENTS_FOR, "a resource must be present, got: /, Resource=")
    if not name:
        find_type(words.verb, kind, catalog, of_verb=False)  # kubectl looks it up first
    return read_slashed(words.verb, target, catalog, of_verb=False)
