"""`scale`, `expose` and the brake, typed."""

import re
from collections.abc import Mapping

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox.commands import Brake, Expose, Scale, WritesOfToday
from bot.sandbox.discovery import Catalog
from bot.sandbox.errors import UsageError
from bot.sandbox.grammar import Words
from bot.sandbox.names import DNS_LABEL, DNS_SUBDOMAIN, checked_name
from bot.sandbox.parser.numbers import read_integer
from bot.sandbox.parser.targets import read_targets, usage_error

LARGEST_INT = 2**63 - 1
DECIMAL = re.compile(r"[+-]?[0-9]+")
LABEL, LONGEST_LABEL = re.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?"), 63
TOO_LONG, NO_DOTS = f"must be no more than {LONGEST_LABEL} characters", "must not contain dots"
NOT_A_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    f"an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LABEL.pattern}')"
)

NO_REPLICAS = Text(
    "Il manque le nombre de réplicas : `/k8s scale deployment demonstration --replicas=3`.",
    "The number of replicas is missing: `/k8s scale deployment demonstration --replicas=3`.",
)
WRONG_COUNT = Text(
    "`--{flag}` attend un nombre entier, 0 ou plus, pas `{value}`. Exemple : `/k8s {example}`.",
    "`--{flag}` takes a whole number, 0 or more, not `{value}`. Example: `/k8s {example}`.",
)
WRONG_PORT = Text(
    "`--port` attend un ou plusieurs numéros, pas `{value}`. Exemples : `--port=80`, `--port=80,443`.",
    "`--port` takes one or more numbers, not `{value}`. Examples: `--port=80`, `--port=80,443`.",
)
WRONG_SELECTOR = Text(
    "`--selector` attend des paires `clé=valeur`, pas `{value}`. Exemple : `--selector=app=demonstration`.",
    "`--selector` takes pairs `key=value`, not `{value}`. Example: `--selector=app=demonstration`.",
)

ONE_NAMESPACE = Text(
    "Un seul namespace à la fois, ou aucun pour tous. Exemple : `/k8s {example}`.",
    "One namespace at a time, or none for all of them. Example: `/k8s {example}`.",
)
ONE_NAME = Text(
    "Un seul namespace ou objet à la fois, ou aucun pour tout voir. Exemple : `/k8s {example}`.",
    "One namespace or object at a time, or none to see all. Example: `/k8s {example}`.",
)


def read_scale(words: Words, catalog: Catalog) -> Scale:
    if "replicas" not in words.flags:
        raise usage_error(NO_REPLICAS, 'required flag(s) "replicas" not set')
    targets = read_targets(words, catalog)
    return Scale(words, targets, read_replicas(words), read_current(words))


def read_expose(words: Words, catalog: Catalog) -> Expose:
    flags = words.flags
    return Expose(
        words,
        targets=read_targets(words, catalog),
        ports=read_ports(flags.get("port", "")),
        target_port=flags.get("target-port", ""),
        type=flags.get("type", ""),
        name=service_name(flags.get("name", "")),
        protocol=flags.get("protocol", ""),
        selector=read_pairs(flags.get("selector", "")),
    )


def service_name(name: str) -> str:
    """Empty for the object's own. Raises UsageError, with what the API server would say of it."""
    try:
        return checked_name(name, DNS_LABEL) if name else ""
    except BadRequest as error:
        problems = [TOO_LONG] * (len(name) > LONGEST_LABEL)
        problems += [NO_DOTS if DNS_SUBDOMAIN.fullmatch(name) else NOT_A_LABEL] * (not LABEL.fullmatch(name))
        causes = [f'metadata.name: Invalid value: "{name}": {problem}' for problem in problems]
        told = causes[0] if len(causes) == 1 else "".join(f"\n* {cause}" for cause in causes)
        raise UsageError(error.text, f'The Service "{name}" is invalid: {told}') from error


def read_brake(words: Words, _: Catalog) -> Brake:
    places = [*words.args, *filter(None, [words.namespace])]
    if len(places) > 1:
        raise BadRequest(ONE_NAMESPACE.format(example=words.verb.examples[-1]))
    return Brake(words, checked_name(places[0], DNS_LABEL) if places else "")


def read_writes_of_today(words: Words, _: Catalog) -> WritesOfToday:
    if len(words.args) > 1:
        raise BadRequest(ONE_NAME.format(example=words.verb.examples[-1]))
    return WritesOfToday(words, "".join(words.args))


def read_replicas(words: Words) -> int:
    text = wrong_count(words, "replicas")
    count = read_integer(words, "replicas", -1, text, bits=32)
    if count < 0:
        stderr = "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
        raise usage_error(text, stderr)
    return count


def read_current(words: Words) -> int | None:
    """None for any."""
    text = wrong_count(words, "current-replicas")
    count = read_integer(words, "current-replicas", -1, text)
    if count < -1:
        raise usage_error(text, "The --current-replicas must specify an integer of -1 or greater")
    return count if count >= 0 else None


def wrong_count(words: Words, flag: str) -> Text:
    return WRONG_COUNT.format(flag=flag, value=words.flags.get(flag), example=words.verb.examples[0])


def read_ports(value: str) -> tuple[int, ...]:
    ports = value.split(",") if value else []
    for port in ports:
        if not DECIMAL.fullmatch(port):
            raise usage_error(WRONG_PORT.format(value=value), f'strconv.Atoi: parsing "{port}": invalid syntax')
        if abs(int(port)) > LARGEST_INT:
            raise usage_error(WRONG_PORT.format(value=value), f'strconv.Atoi: parsing "{port}": value out of range')
    return tuple(map(int32, map(int, ports)))


def int32(number: int) -> int:
    """What kubectl makes of a number that is too large: the API server is to say what is wrong with it."""
    return (number + 2**31) % 2**32 - 2**31


def read_pairs(value: str) -> Mapping[str, str] | None:
    pairs = [pair.split("=") for pair in value.split(",")] if value else []
    for pair in pairs:
        if len(pair) != 2 or not pair[0]:
            raise usage_error(WRONG_SELECTOR.format(value=value), f"unexpected label spec: {'='.join(pair)}")
    return {key: text for key, text in pairs} if pairs else None
