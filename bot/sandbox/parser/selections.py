"""`label` and `delete`, typed: objects by name, or whole types by selector."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.language import Text
from bot.sandbox.commands import Delete, Label, Target
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.grammar import Words
from bot.sandbox.parser.numbers import read_integer
from bot.sandbox.parser.targets import NO_KIND, name_or_selector, read_targets, read_types, split_pairs, usage_error

LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
LONGEST_VALUE = 63
TOO_LONG = "must be no more than 63 bytes"
NOT_A_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    f"'{LABEL_VALUE.pattern}')"
)

ALL_OR_SELECTOR = Text(
    "`--all` et `-l` ne vont pas ensemble : gardez l'un ou l'autre.",
    "`--all` and `-l` do not go together: keep one of them.",
)
WRONG_GRACE = Text(
    "`--grace-period` attend un nombre de secondes, pas `{value}`. Exemple : `--grace-period=5`.",
    "`--grace-period` takes a number of seconds, not `{value}`. Example: `--grace-period=5`.",
)
NOW_OR_GRACE = Text(
    "`--now` vaut déjà `--grace-period=1` : gardez l'un ou l'autre.",
    "`--now` is `--grace-period=1` already: keep one of them.",
)
NO_LABEL = Text(
    "Il manque le label : `CLÉ=VALEUR` le pose, `CLÉ-` le retire. Exemple : `/k8s {example}`.",
    "The label is missing: `KEY=VALUE` puts it, `KEY-` removes it. Example: `/k8s {example}`.",
)
WRONG_LABEL = Text(
    "`{label}` n'est pas un label : `CLÉ=VALEUR` le pose, `CLÉ-` le retire. Une valeur a 63 caractères au plus : "
    "lettres, chiffres, `-`, `_` et `.`. Exemple : `tier=front`.",
    "`{label}` is no label: `KEY=VALUE` puts it, `KEY-` removes it. A value has at most 63 characters: "
    "letters, digits, `-`, `_` and `.`. Example: `tier=front`.",
)
BOTH = Text(
    "`{key}` ne peut pas être posé et retiré par la même commande.", "One command cannot both put and remove `{key}`."
)


def read_label(words: Words, catalog: Catalog) -> Label:
    things, pairs = split_pairs(words, "label")
    labels = read_labels(pairs)
    if words.switch("all") and words.flags.get("selector"):
        raise usage_error(ALL_OR_SELECTOR, "cannot set --all and --selector at the same time")
    example = words.verb.examples[0]
    if not things:
        stderr = "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        raise usage_error(NO_KIND.format(example=example), stderr)
    if not labels:
        raise usage_error(NO_LABEL.format(example=example), "at least one label update is required")
    targets, lists = read_objects(replace(words, args=things), catalog, all_with_names=True)
    return Label(words, targets, lists, labels)


def read_delete(words: Words, catalog: Catalog) -> Delete:
    grace = read_grace(words)
    if words.switch("all") and words.flags.get("selector"):
        raise usage_error(ALL_OR_SELECTOR, "setting 'all' parameter but found a non empty selector. ")
    if not words.args and (words.switch("all") or words.flags.get("selector")):
        text = NO_KIND.format(example=words.verb.examples[0])
        raise usage_error(text, "at least one resource must be specified to use a selector")
    return Delete(words, *read_objects(words, catalog), grace)


def read_grace(words: Words) -> int | None:
    """kubectl makes 1 of 0 unless one forces, which one may not here; a negative number is none."""
    value = words.flags.get("grace-period", "")
    period = read_integer(words, "grace-period", -1, WRONG_GRACE.format(value=value))
    if not words.switch("now"):
        return max(1, period) if period >= 0 else None
    if period != -1:
        raise usage_error(NOW_OR_GRACE, "--now and --grace-period cannot be specified together")
    return 1


def read_objects(
    words: Words, catalog: Catalog, *, all_with_names: bool = False
) -> tuple[tuple[Target, ...], tuple[Resource, ...]]:
    """Targets by name, or whole types with --all or a selector."""
    chosen = bool(words.flags.get("selector")) or (words.switch("all") and not all_with_names)
    if len(words.args) == 1 and "/" not in words.args[0] and (chosen or words.switch("all")):
        return (), read_types(words, words.args[0], catalog)[0]
    targets = read_targets(words, catalog)
    if chosen:
        raise name_or_selector(words)
    return targets, ()


def read_labels(pairs: tuple[str, ...]) -> Mapping[str, str | None]:
    put: dict[str, str | None] = {}
    removed: dict[str, str | None] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if equals:
            put[key] = checked_value(pair, value)
        else:
            removed[pair[:-1]] = None
    if both := put.keys() & removed.keys():
        stderr = "can not both modify and remove a label in the same command"
        raise usage_error(BOTH.format(key=min(both)), stderr)
    return {**put, **removed}


def checked_value(pair: str, value: str) -> str:
    text = WRONG_LABEL.format(label=pair)
    if "=" in value:
        raise usage_error(text, f"invalid label spec: {pair}")
    if problems := label_problems(value):
        raise usage_error(text, f'invalid label value: "{pair}": {";".join(problems)}')
    return value


def label_problems(value: str) -> list[str]:
    """kubectl's words on what keeps ``value`` from being a label's."""
    return [TOO_LONG] * (len(value.encode()) > LONGEST_VALUE) + [NOT_A_VALUE] * (not LABEL_VALUE.fullmatch(value))
