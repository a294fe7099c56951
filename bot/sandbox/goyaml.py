"""YAML as kubectl writes it, which is go-yaml 2's: its order of keys, its quotes, its folding at 80 columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cmp_to_key, lru_cache

WIDTH, INDENT = 80, 2
LONGEST_SIMPLE_KEY = 128

PLAIN_FOR_SURE = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
INDICATOR_FIRST = re.compile(r"[#,\[\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|$)|---|\.\.\.")
INDICATOR_INSIDE = re.compile(r":(?:[ \t]|$)|[ \t\n]#")
UNPRINTABLE = re.compile("[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
WORDS = frozenset(
    form
    for word in ("y", "yes", "true", "on", "n", "no", "false", "off", "null")
    for form in (word, word.capitalize(), word.upper())
) | {"", "~", *(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")), ".nan", ".NaN", ".NAN"}
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
OTHER_BASE = re.compile(r"[-+]?0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
SIGN_INSIDE = re.compile(r"0b[-+][01_]+")
BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?"
)
LARGEST_UINT = 2**64 - 1
ESCAPES = {"\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e"} | {
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def dump(value: object) -> str:
    """``value`` is what JSON can say, mappings with string keys."""
    return "".join(block(value, 0)) + "\n"


def block(value: object, indent: int) -> Iterator[str]:
    """Lines of a node that begins where the cursor is; each piece but the first begins with its line break."""
    if isinstance(value, Mapping) and value:
        for number, key in enumerate(sorted_keys(tuple(value))):
            yield from entry(key, value[key], indent, first=number == 0)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for number, item in enumerate(value):
            yield ("\n" + " " * indent if number else "") + "-"
            yield from after("-", item, indent + INDENT, indent + 1)
    else:
        yield scalar(value, indent, indent)


def entry(key: str, value: object, indent: int, *, first: bool) -> Iterator[str]:
    written = simple_key(key)
    if len(key) > LONGEST_SIMPLE_KEY:
        written = f"? {written}\n{' ' * indent}"
    yield ("" if first else "\n" + " " * indent) + written + ":"
    yield from after(":", value, indent, indent + len(written) + 1)


def after(sign: str, value: object, indent: int, column: int) -> Iterator[str]:
    """What follows `key:` on the lines below it, and what follows `-` on its own line."""
    is_block = isinstance(value, Mapping | list | tuple) and bool(value)
    if not is_block:
        yield " " + scalar(value, indent + INDENT if sign == ":" else indent, column + 1)
    elif sign == "-":
        yield " "
        yield from block(value, indent)
    else:
        deeper = indent + INDENT if isinstance(value, Mapping) else indent
        yield "\n" + " " * deeper
        yield from block(value, deeper)


def scalar(value: object, indent: int, column: int) -> str:
    """``indent``: of the lines that continue it; ``column``: where it begins."""
    if isinstance(value, str):
        return text(value, indent, column)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{}"
    return "[]" if isinstance(value, Sequence) else repr(value)


@lru_cache(maxsize=4096)
def simple_key(key: str) -> str:
    if is_plain(key):
        return key
    if resolves(key) or "\n" in key or UNPRINTABLE.search(key):
        return double_quoted(key)
    return single_quoted(key)


def text(value: str, indent: int, column: int) -> str:
    if PLAIN_FOR_SURE.fullmatch(value) and value not in WORDS:
        return value
    special = UNPRINTABLE.search(value) is not None or " \n" in value
    if "\n" in value:
        return double_quoted(value, indent, column) if special or value.endswith(" ") else literal(value, indent)
    if special or resolves(value):
        return double_quoted(value, indent, column)
    if is_plain(value):
        return folded(value, indent, column)
    return "'" + folded(value.replace("'", "''"), indent, column + 1, edges=False) + "'"


def is_plain(value: str) -> bool:
    awkward = value != value.strip(" ") or INDICATOR_FIRST.match(value) or INDICATOR_INSIDE.search(value)
    return not awkward and not resolves(value) and not UNPRINTABLE.search(value)


def single_quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def double_quoted(value: str, indent: int = 0, column: int | None = None) -> str:
    """Folded where ``column`` is given: a key is not."""
    pieces, column, spaces, last = ['"'], None if column is None else column + 1, False, len(value) - 1
    for place, char in enumerate(value):
        piece = escaped(char)
        if char == " " and column is not None and not spaces and column > WIDTH and 0 < place < last:
            piece = "\n" + " " * indent + ("\\" if value[place + 1] == " " else "")
            column = len(piece) - 1
        elif column is not None:
            column += len(piece)
        spaces = char == " "
        pieces.append(piece)
    return "".join((*pieces, '"'))


def escaped(char: str) -> str:
    if char in ESCAPES:
        return "\\" + ESCAPES[char]
    if not UNPRINTABLE.match(char):
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def folded(value: str, indent: int, column: int, *, edges: bool = True) -> str:
    """``value`` broken at single spaces beyond column 80; without ``edges`` not at its first or last space."""
    if column + len(value) <= WIDTH or " " not in value:
        return value
    pieces: list[str] = []
    spaces, last = False, len(value) - 1
    for place, char in enumerate(value):
        fits = column <= WIDTH or (place < last and value[place + 1] == " ") or (not edges and not 0 < place < last)
        if char == " " and not spaces and not fits:
            pieces.append("\n" + " " * indent)
            column = indent
        else:
            pieces.append(char)
            column += 1
        spaces = char == " "
    return "".join(pieces)


def literal(value: str, indent: int) -> str:
    hint = str(INDENT) if value[0] in " \n" else ""
    ends = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") or value == "\n" else ""
    lines = value.removesuffix("\n").split("\n")
    return f"|{hint}{ends}\n" + "\n".join(" " * indent + line if line else "" for line in lines)


def resolves(value: str) -> bool:
    """Whether a reader would take the bare word for something else than a string."""
    if value in WORDS:
        return True
    if value[0] not in "+-.0123456789":
        return False
    plain = value.replace("_", "") if value[0] != "." else re.sub(r"(?<=\d)_(?=\d)", "", value)
    if FLOAT.fullmatch(plain):
        return "inf" not in repr(float(plain))
    if OTHER_BASE.fullmatch(plain):
        return int(plain, 0) <= LARGEST_UINT
    return any(odd.fullmatch(value) for odd in (BASE_60, SIGN_INSIDE)) or is_date(value)


def is_date(value: str) -> bool:
    found = DATE.fullmatch(value)
    if not found:
        return False
    year, month, day, *time = (int(part) for part in found.groups() if part)
    try:
        hour, minute, second = time or (0, 0, 0)
        datetime(year, month, day, hour, minute, second)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def sorted_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=cmp_to_key(compare)))


def compare(a: str, b: str) -> int:
    """go-yaml's natural order: `port-2` before `port-10`, letters after everything else."""
    place = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if place is None:
        return len(a) - len(b)
    x, y = a[place], b[place]
    if x.isalpha() or y.isalpha():
        return (-1 if x < y else 1) if x.isalpha() and y.isalpha() else (-1 if y.isalpha() else 1)
    lead = "1" if "0" in (x, y) and re.search(r"[1-9]\d*$", a[:place]) else ""
    first, second = (re.match(r"\d*", word[place:]) for word in (a, b))
    digits = [found[0] if found else "" for found in (first, second)]
    values = [int(lead + found or "0") for found in digits]
    if values[0] != values[1]:
        return values[0] - values[1]
    if len(digits[0]) != len(digits[1]):
        return len(digits[0]) - len(digits[1])
    return -1 if x < y else 1
