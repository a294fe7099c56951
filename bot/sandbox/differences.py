"""Where two pod templates differ, field by field, as a person may see it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.sandbox.goprint import go_json, go_print
from bot.sandbox.redaction import redact

NAMES = ("name", "mountPath", "containerPort", "key")
"""What tells the elements of a list apart, in templates."""
LONGEST_VALUE = 100  # characters

Leaves = Mapping[str, str | None]
"""Path → value, masked and shortened; None where the template has no such field."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Leaves, Leaves]:
    """The fields that differ, in each of the two; both have the same paths."""
    was, will_be = dict(leaves(before)), dict(leaves(after))
    paths = [path for path in sorted({*was, *will_be}) if was.get(path) != will_be.get(path)]
    return shown(before, paths), shown(after, paths)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value that holds no other, with the names of list elements in its path."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and (key := naming(value)):
        for item in value:
            rest = {name: one for name, one in item.items() if name != key}
            yield from leaves(rest, f"{path}[{item[key]}]")
    else:
        yield path, go_json(value) if isinstance(value, Mapping | list) else go_print(value)


def naming(elements: list[Any]) -> str:
    """The key that all elements have, "" for a list of other things."""
    return next((key for key in NAMES if elements and all(isinstance(e, Mapping) and key in e for e in elements)), "")


def shown(template: Mapping[str, Any], paths: Iterable[str]) -> Leaves:
    values = dict(leaves(redact(template)))
    return {path: shorten(values[path]) if path in values else None for path in paths}


def matches(leaves: Leaves, template: Mapping[str, Any]) -> bool:
    """Whether the template has just these values there."""
    return shown(template, leaves) == leaves


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
