"""From choices to the line that `/k8s` takes. Pure."""

import shlex
from collections.abc import Iterable, Mapping

from bot.sandbox.grammar import written
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.flags import ALL_NAMESPACES, NAMESPACE

Chosen = Mapping[str, str]
"""What was chosen, by field: VERB, an argument's name, `--flag`, SWITCHES (names apart by spaces).

A type is chosen by its plural and its singular: the one stands alone, the other in front of a name.
"""

VERB, SWITCHES = "verb", "switches"


def line_of(chosen: Chosen) -> str:
    """As it would be typed behind `/k8s`; what is still missing is left out."""
    verb = VERBS[chosen[VERB]]
    return shlex.join((*verb.name.split(), *words(verb, chosen), *flags(verb, chosen)))


def shown(chosen: Chosen) -> str:
    """The whole line, with the program that has such a command."""
    return f"{'/k8s' if VERBS[chosen[VERB]].ours else 'kubectl'} {line_of(chosen)}"


def words(verb: Verb, chosen: Chosen) -> Iterable[str]:
    """One for TYPE and NAME together: `pods`, `pod/web`."""
    plural, singular = "", ""
    for arg in verb.args:
        value = chosen.get(arg.name, "")
        match arg.among:
            case "types":
                plural, _, singular = value.partition(" ")
                plural = plural if arg.alone else ""
            case "names":
                yield from filter(None, [f"{singular}/{value}" if singular and value else value or plural])
            case "namespaces":
                yield from filter(None, [value])
            case None:
                yield from split(value)


def split(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:
        return [value]


def flags(verb: Verb, chosen: Chosen) -> Iterable[str]:
    on = chosen.get(SWITCHES, "").split()
    for flag in verb.flags:
        value = chosen.get(f"--{flag.name}", "") if flag.value else str(flag.name in on).lower()
        if value and not (flag is NAMESPACE and ALL_NAMESPACES.name in on):
            yield from written(flag, value)
