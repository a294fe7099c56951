"""Whole numbers of flags, as kubectl reads them: in any of Go's bases, with its words for what is none."""

import re

from bot.language import Text
from bot.sandbox.grammar import Words, wrong_argument

OCTAL = re.compile(r"^([+-]?0)(?=_?[0-7])")


def read_integer(words: Words, name: str, default: int, text: Text, bits: int = 64) -> int:
    """The value of the flag ``name``. Raises UsageError, with ``text`` for the person."""
    value = words.flags.get(name)
    if value is None:
        return default
    number, problem = go_integer(value), ""
    if number is None:
        problem = "invalid syntax"
    elif not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        problem = "value out of range"
    else:
        return number
    flag = next(flag for flag in words.verb.flags if flag.name == name)
    raise wrong_argument(words.verb, flag, value, f'strconv.ParseInt: parsing "{value}": {problem}', text)


def go_integer(value: str) -> int | None:
    """`7`, `+7`, `0x7`, `1_000`; `010` is eight. None for anything else."""
    if not value.isascii() or value != value.strip():
        return None
    try:
        return int(OCTAL.sub(r"\1o", value), 0)
    except ValueError:
        return None
