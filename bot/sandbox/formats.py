"""Objects through a person's own template: `-o jsonpath=`, `-o custom-columns=`, `--sort-by=`."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import repeat
from typing import Any, TypeVar

from bot.sandbox.goprint import escape_json, go_json, go_print
from bot.sandbox.jsonpath import JsonPathError, Template, TooMuch, find, find_fields, parse
from bot.sandbox.quantity import read_quantity
from bot.sandbox.tabwriter import escape, tabulate

RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
LONGEST_OUTPUT = 1_000_000  # characters
FEW = 12  # Go sorts so many by insertion, which shows where values are missing

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    template: Template


@dataclass(frozen=True, slots=True)
class Order:
    """What to sort by; ``path`` is for the error."""

    path: str
    template: Template


def relaxed(path: str) -> str:
    """`metadata.name`, `.metadata.name`, `{metadata.name}` as the full template; raises JsonPathError."""
    found = RELAXED.fullmatch(path)
    if not found:
        raise JsonPathError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
        )
    return f"{{.{found[1] or found[2]}}}"


def read_template(text: str) -> Template:
    """Raises JsonPathError in the words that kubectl has for it."""
    if not text:
        raise JsonPathError("template format specified but no template given")
    try:
        return parse(text)
    except JsonPathError as error:
        raise JsonPathError(f"error parsing jsonpath {text}, {error}") from error


def read_order(path: str) -> Order:
    """Raises JsonPathError."""
    full = relaxed(path)
    return Order(full, parse(full))


def read_columns(spec: str) -> tuple[Column, ...]:
    """`HEADER:path,HEADER:path`; raises JsonPathError."""
    if not spec:
        raise JsonPathError("custom-columns format specified but no custom columns given")
    columns: list[Column] = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise JsonPathError(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        columns.append(Column(header, parse(relaxed(path) if path else "")))
    return tuple(columns)


def print_template(template: Template, document: Mapping[str, Any], *, as_json: bool) -> str:
    """Raises JsonPathError."""
    done, room = [], LONGEST_OUTPUT
    for values in find(template, document):
        printed: list[str] = []
        for text in map(print_value, [values] if as_json else values, repeat(as_json)):
            room -= len(text) + 1
            if room < 0:
                raise TooMuch("the template prints too much")
            printed.append(text)
        done.append(" ".join(printed))
    return "".join(done)


def print_value(value: object, as_json: bool) -> str:
    if as_json:
        return escape_json(json.dumps(value, indent=4, sort_keys=True, ensure_ascii=False)) + "\n"
    if value is None:
        return "null"
    return go_json(value) if isinstance(value, Mapping | list) else go_print(value)


def print_columns(columns: Sequence[Column], objects: Sequence[Mapping[str, Any]], *, headers: bool) -> str:
    """Raises JsonPathError."""
    lines = ["\t".join(column.header for column in columns)] if headers else []
    length = 0
    for thing in objects:
        lines.append("\t".join(print_column(column, thing) for column in columns))
        length += len(lines[-1])
        if length > LONGEST_OUTPUT:
            raise TooMuch("the columns print too much")
    return tabulate("".join(f"{line}\n" for line in lines))


def print_column(column: Column, thing: Mapping[str, Any]) -> str:
    found = [value for values in find(column.template, thing) for value in values]
    return ",".join(escape(go_print(value)) for value in found) or ("" if found else "<none>")


def sort_by(order: Order, things: Sequence[Thing], of: Callable[[Thing], Mapping[str, Any]]) -> list[Thing]:
    """``things`` by a field of the object ``of`` each. Raises JsonPathError where none has it or it has no order."""
    keyed = [(find_fields(order.template, of(thing)), thing) for thing in things]
    if keyed and not any(found for found, _ in keyed):
        raise JsonPathError(no_field(order))
    if len(keyed) <= FEW:
        insert_in_order(keyed)
    else:
        keyed.sort(key=cmp_to_key(by_field))
    return [thing for _, thing in keyed]


def no_field(order: Order) -> str:
    return f"couldn't find any field with path {json.dumps(order.path)} in the list of objects"


def insert_in_order(keyed: list[tuple[list[Any], Thing]]) -> None:
    for place in range(1, len(keyed)):
        while place > 0 and is_less(keyed[place][0], keyed[place - 1][0]):
            keyed[place - 1], keyed[place] = keyed[place], keyed[place - 1]
            place -= 1


def by_field(a: tuple[list[Any], Thing], b: tuple[list[Any], Thing]) -> int:
    return -1 if is_less(a[0], b[0]) else int(is_less(b[0], a[0]))


def is_less(a: list[Any], b: list[Any]) -> bool:
    if not a or not b:
        return not a
    x, y = a[0], b[0]
    if x is None or y is None:
        return x is None and y is not None
    if isinstance(x, str) and isinstance(y, str):
        first, second = read_quantity(x), read_quantity(y)
        return first.value < second.value if first and second else x < y
    if type(x) is type(y) and isinstance(x, int | float) and not isinstance(x, bool):
        return bool(x < y)
    raise JsonPathError("the field has no order: sort by a number, a text or a date")
