"""The text of a JSONPath template, read as client-go reads it."""

import re
from dataclasses import dataclass
from typing import NoReturn

LONGEST, DEEPEST = 1000, 8
TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
DICT_KEY = re.compile(r"'([^']*)'")
SLICE = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?", re.ASCII)
COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)", re.DOTALL)
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|([^\\])", re.DOTALL)


class JsonPathError(ValueError):
    """A template that cannot be read, or not be applied; the text is client-go's."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Constant:
    value: bool | int | float


@dataclass(frozen=True, slots=True)
class Field:
    name: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """`range` or `end`; any other fails when it is applied."""

    name: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    pass


@dataclass(frozen=True, slots=True)
class Recursive:
    pass


@dataclass(frozen=True, slots=True)
class Slice:
    """``single``: `[1]`, whose end follows from its start."""

    start: int | None
    end: int | None
    step: int | None
    single: bool


@dataclass(frozen=True, slots=True)
class Union:
    branches: tuple["Path", ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """``operator`` is "exists" where only the left side is given."""

    left: "Path"
    operator: str
    right: "Path"


Node = Text | Constant | Field | Identifier | Wildcard | Recursive | Slice | Union | Filter
Path = tuple[Node, ...]
Template = tuple[Text | Path, ...]
"""Plain text and actions in turn."""


def parse(text: str) -> Template:
    """Raises JsonPathError."""
    if len(text) > LONGEST:
        fail(f"template is longer than {LONGEST} characters")
    return Reader(text, 0).template()


def fields_of(path: str) -> tuple[str, ...]:
    """The names of `pods.spec.containers`, where `..` is but a dot; raises JsonPathError for anything but names."""
    nodes = parse(f"{{.{path}}}")[0]
    names = [node.name for node in nodes if isinstance(node, Field)] if isinstance(nodes, tuple) else []
    if not isinstance(nodes, tuple) or not all(isinstance(node, Field | Recursive) for node in nodes) or not names:
        fail("invalid jsonpath syntax, first node must be field node")
    return tuple(names)


def fail(message: str) -> NoReturn:
    raise JsonPathError(message)


class Reader:
    """A template from its start to its end. ``depth``: how many filters and unions it stands in."""

    def __init__(self, text: str, depth: int) -> None:
        self._text = text
        self._place = 0
        self._depth = depth
        if depth > DEEPEST:
            fail("template is nested too deep")

    def template(self) -> Template:
        parts: list[Text | Path] = []
        while self._place < len(self._text):
            brace = self._text.find("{", self._place)
            end = len(self._text) if brace < 0 else brace
            if end > self._place:
                parts.append(Text(self._text[self._place : end]))
            self._place = end
            if brace >= 0:
                self._place += 1
                parts.append(tuple(self._action()))
        return tuple(parts)

    def _action(self) -> list[Node]:
        """What stands between braces; the place is behind the closing one then."""
        nodes: list[Node] = []
        while True:
            if self._take("}"):
                return nodes
            if self._take("[?("):
                nodes.append(self._filter())
            elif self._text.startswith("..", self._place):
                nodes += self._recursive(nodes)
            else:
                nodes += self._node()

    def _node(self) -> list[Node]:
        char = self._next()
        if char in ("", "\r", "\n"):
            fail("unclosed action")
        if char in " @$":
            return []
        if char == "[":
            return self._array()
        if char in "\"'":
            return [self._quote(char)]
        if char == ".":
            return [self._field()]
        self._place -= 1
        if char in "+-" or char.isdecimal():
            return [self._number()]
        if char == "_" or char.isalnum():
            word = self._word()
            return [Constant(word == "true") if word in ("true", "false") else Identifier(word)]
        return fail(f"unrecognized character in action: U+{ord(char):04X} '{char}'")

    def _recursive(self, before: list[Node]) -> list[Node]:
        if before and isinstance(before[-1], Recursive):
            fail("invalid multiple recursive descent")
        self._place += 2
        char = self._text[self._place : self._place + 1]
        follows = char == "_" or char.isalnum()
        return [Recursive(), self._field()] if follows else [Recursive()]

    def _field(self) -> Node:
        start = self._place
        while (char := self._text[self._place : self._place + 1]) and char not in TERMINATORS:
            self._place += 2 if char == "\\" else 1
        self._place = min(self._place, len(self._text))
        name = self._text[start : self._place]
        return Wildcard() if name == "*" else Field(name.replace("\\", ""))

    def _word(self) -> str:
        start = self._place
        while (char := self._text[self._place : self._place + 1]) and char not in TERMINATORS:
            self._place += 1
        return self._text[start : self._place]

    def _number(self) -> Node:
        start = self._place
        self._place += self._text[self._place] in "+-"
        while (char := self._text[self._place : self._place + 1]) and (char == "." or char.isdecimal()):
            self._place += 1
        word = self._text[start : self._place]
        try:
            return Constant(int(word) if "." not in word else float(word))
        except ValueError:
            return fail(f"cannot parse number {word}")

    def _array(self) -> list[Node]:
        start = self._place
        while (char := self._next()) != "]":
            if char in ("", "\n"):
                fail("unterminated array")
        return self._index(self._text[start : self._place - 1])

    def _index(self, text: str) -> list[Node]:
        branches = text.split(",")
        if len(branches) > 1:
            return [Union(tuple(self._nested(f"[{branch.strip(' ')}]") for branch in branches))]
        if key := DICT_KEY.fullmatch(text):
            return list(self._nested(f".{key[1]}"))
        found = SLICE.fullmatch(":" if text == "*" else text)
        if not found:
            fail(f"invalid array index {text}")
        start, end, step = (part or "" for part in found.groups())
        if "-" in (start, end[1:], step[1:]):
            fail(f"array index {next(part for part in (start, end[1:], step[1:]) if part == '-')} is not a number")
        first = int(start) if start else None
        last = (first or 0) + 1 if not end else int(end[1:]) if end[1:] else None
        return [Slice(first, last, int(step[1:]) if step[1:] else None, single=not end)]

    def _filter(self) -> Node:
        start, quote = self._place, ""
        closed = False
        while True:
            char = self._next()
            if char in ("", "\n"):
                fail("unterminated filter")
            if char in "\"'" and not quote:
                quote = char
            elif char in "\"'" and char == quote and self._text[self._place - 2] != "\\":
                closed = True
            elif char == ")" and bool(quote) == closed:
                break
        text = self._text[start : self._place - 1]
        if self._next() != "]":
            fail("unclosed array expect ]")
        found = COMPARISON.fullmatch(text)
        if not found:
            return Filter(self._nested(text), "exists", ())
        return Filter(self._nested(found[1]), found[2], self._nested(found[3]))

    def _quote(self, quote: str) -> Node:
        start = self._place - 1
        while True:
            char = self._next()
            if char in ("", "\n"):
                fail("unterminated quoted string")
            if char == quote and self._text[self._place - 2] != "\\":
                break
        text = self._text[start : self._place]
        try:
            return Text(unquote(text[1:-1], quote))
        except ValueError:
            return fail(f"unquote string {text} error invalid syntax")

    def _nested(self, text: str) -> Path:
        parts = Reader(f"{{{text}}}", self._depth + 1).template()
        return parts[0] if parts and isinstance(parts[0], tuple) else ()

    def _take(self, start: str) -> bool:
        taken = self._text.startswith(start, self._place)
        self._place += len(start) if taken else 0
        return taken

    def _next(self) -> str:
        char = self._text[self._place : self._place + 1]
        self._place += len(char)
        return char


def unquote(text: str, quote: str) -> str:
    """As strconv.UnquoteChar; raises ValueError."""
    done, place = "", 0
    while place < len(text):
        found = ESCAPED.match(text, place)
        if not found:
            raise ValueError(text)
        hexadecimal, octal, letter, plain = found[1] or found[2] or found[3], found[4], found[5], found[6]
        if letter and letter not in ESCAPES and letter != quote:
            raise ValueError(text)
        if hexadecimal or octal:
            done += chr(int(hexadecimal, 16) if hexadecimal else int(octal, 8))
        else:
            done += plain or ESCAPES.get(letter, letter)
        place = found.end()
    return done
