"""A JSONPath template applied to an object of the API, with client-go's rules: missing keys are nothing, not an error.

Objects have been redacted before: a path shows a value without the name that would tell that it is a secret.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.sandbox.jsonpath.syntax import (
    Constant,
    Field,
    Filter,
    Identifier,
    JsonPathError,
    Node,
    Path,
    Recursive,
    Slice,
    Template,
    Text,
    Union,
    Wildcard,
)

MOST_STEPS = 300_000  # values looked at: about half a second

Values = list[Any]
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: not a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: not a < b,
}


class TooMuch(JsonPathError):
    """The template is right, but looks at more than we allow."""


def find(template: Template, document: object) -> list[Values]:
    """For each part of the template, and for each turn of a range, what it stands for. Raises JsonPathError."""
    return Walk().template(template, document)


def find_fields(template: Template, document: object) -> Values:
    """The values of a template that is one path; none where it leads nowhere."""
    found = find(template, document)
    return found[0] if found else []


class Walk:
    """One application of a template, with its budget of steps."""

    def __init__(self) -> None:
        self._steps = 0

    def template(self, parts: Sequence[Text | Path], document: object) -> list[Values]:
        results, place = self._block(parts, 0, document, inside=False)
        del place
        return results

    def _block(
        self, parts: Sequence[Text | Path], place: int, document: object, *, inside: bool
    ) -> tuple[list[Values], int]:
        """From ``place`` to the `end` of its range, or to the end of the template; and the place of that."""
        results: list[Values] = []
        while place < len(parts):
            part = parts[place]
            if isinstance(part, Text):
                results.append(self._spend([part.text]))
            elif is_identifier(part, "end"):
                if not inside:
                    raise JsonPathError("not in range, nothing to end")
                return results, place
            elif is_identifier(part, "range"):
                turns = self._path([document], part[1:])
                last = place
                for turn in turns or [None]:
                    found, last = self._block(parts, place + 1, turn, inside=True)
                    results += found if turns else []
                place = last
            else:
                results.append(self._path([document], part))
            place += 1
        return results, place

    def _path(self, values: Values, nodes: Path) -> Values:
        for node in nodes:
            values = self._spend(self._node(values, node))
        return values

    def _spend(self, values: Values) -> Values:
        self._steps += len(values) + 1
        if self._steps > MOST_STEPS:
            raise TooMuch("the template looks at too many values")
        return values

    def _node(self, values: Values, node: Node) -> Values:
        match node:
            case Text(text):
                return [text]
            case Constant(value):
                return [value] * len(values)
            case Field(name):
                return [value[name] for value in values if isinstance(value, Mapping) and name in value]
            case Wildcard():
                return [child for value in values for child in children(value)]
            case Recursive():
                return self._descend(values)
            case Slice():
                return self._slice(values, node)
            case Union(branches):
                return [found for branch in branches for found in self._path(values, branch)]
            case Filter():
                return self._filter(values, node)
            case Identifier(name):
                raise JsonPathError(f"unrecognized identifier {name}")

    def _descend(self, values: Values) -> Values:
        """All that has children, parents first; a stack, so that no object is too deep."""
        found: Values = []
        stack = values[::-1]
        while stack:
            value = stack.pop()
            inner = children(value)
            if inner:
                found.append(value)
                stack += self._spend(inner)[::-1]
        return found

    def _slice(self, values: Values, cut: Slice) -> Values:
        found: Values = []
        for value in values:
            if value is None:
                continue
            if not isinstance(value, list):
                raise JsonPathError(f"{go_type(value)} is not array or slice")
            start, end = bounds(cut, len(value))
            if start == end:
                return found
            check_bounds(start, end, len(value))
            if cut.step is not None and cut.step <= 0:
                raise JsonPathError("step must be > 0")
            found += value[start : end : cut.step or 1]
        return found

    def _filter(self, values: Values, wanted: Filter) -> Values:
        found: Values = []
        for value in values:
            if not isinstance(value, list):
                raise JsonPathError(f"{go_type(value)} is not array or slice and cannot be filtered")
            found += [item for item in value if self._passes(item, wanted)]
        return found

    def _passes(self, item: object, wanted: Filter) -> bool:
        if wanted.operator == "exists":
            try:
                return bool(self._path([item], wanted.left))
            except TooMuch:
                raise
            except JsonPathError:
                return False
        left = self._path([item], wanted.left)
        right = self._path([item], wanted.right) if left else []
        if len(left) > 1 or len(right) > 1:
            raise JsonPathError("can only compare one element at a time")
        return bool(left and right) and compare(left[0], wanted.operator, right[0])


def is_identifier(part: Path, name: str) -> bool:
    return bool(part) and part[0] == Identifier(name)


def children(value: object) -> Values:
    """Of a mapping in the order of its keys (Go's own order is random); of a string its bytes."""
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value)]
    if isinstance(value, list):
        return list(value)
    return list(value.encode()) if isinstance(value, str) else []


def bounds(cut: Slice, length: int) -> tuple[int, int]:
    start = cut.start or 0
    start += length if start < 0 else 0
    end = length if cut.end is None else cut.end
    if end < 0 or (end == 0 and cut.single):
        end += length
    return start, end


def check_bounds(start: int, end: int, length: int) -> None:
    if not 0 <= start < length:
        raise JsonPathError(f"array index out of bounds: index {start}, length {length}")
    if not 0 <= end <= length:
        raise JsonPathError(f"array index out of bounds: index {end - 1}, length {length}")
    if start > end:
        raise JsonPathError(f"starting index {start} is greater than ending index {end}")


def compare(left: object, operator: str, right: object) -> bool:
    if operator not in COMPARISONS:
        raise JsonPathError(f"unrecognized filter operator {operator}")
    if not all(isinstance(side, bool | int | float | str) for side in (left, right)):
        raise JsonPathError("invalid type for comparison")
    if type(left) is not type(right):
        raise JsonPathError("incompatible types for comparison")
    if isinstance(left, bool) and operator not in ("==", "!="):
        raise JsonPathError("invalid type for comparison")
    return COMPARISONS[operator](left, right)


def go_type(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int64"
        case float():
            return "float64"
        case str():
            return "string"
        case list():
            return "[]interface {}"
        case Mapping():
            return "map[string]interface {}"
        case _:
            return "<nil>"
