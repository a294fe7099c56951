"""Quantities of Kubernetes (`100m`, `1Gi`, `2e3`): read, added up, and written in their shortest form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

SHAPE = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?", re.ASCII)
BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
NANO, KIBI = Fraction(1, 10**9), 1024


@dataclass(frozen=True, slots=True)
class Quantity:
    """``binary``: written with Ki, Mi …; otherwise with k, M …"""

    value: Fraction = Fraction(0)
    binary: bool = False

    def __str__(self) -> str:
        return in_powers_of_1024(self.value) if self.binary else in_powers_of_1000(self.value)

    @property
    def rounded(self) -> int:
        """Go's Value: whole, rounded up."""
        return -(-self.value.numerator // self.value.denominator)

    @property
    def milli(self) -> int:
        """Go's MilliValue."""
        thousand = self.value * 1000
        return -(-thousand.numerator // thousand.denominator)

    def plus(self, other: "Quantity") -> "Quantity":
        """In the form of the first that is not zero, as Go adds."""
        return Quantity(self.value + other.value, other.binary if not self.value else self.binary)


def read_quantity(text: str) -> Quantity | None:
    """None for what is no quantity."""
    found = SHAPE.fullmatch(text)
    if not found:
        return None
    number, suffix, exponent = Fraction(found[1]), found[2] or "", found[3]
    if suffix in BINARY:
        return Quantity(number * KIBI ** (BINARY.index(suffix) + 1), binary=True)
    return Quantity(number * Fraction(10) ** (int(exponent) if exponent else DECIMAL[suffix]))


def total(quantities: Iterable[Quantity]) -> Quantity:
    found = Quantity()
    for quantity in quantities:
        found = found.plus(quantity)
    return found


def in_powers_of_1000(value: Fraction) -> str:
    if not value:
        return "0"
    units = -(-value // NANO) if value > 0 else value // NANO  # away from zero
    power = -9
    while units % 1000 == 0 and power < 18:
        units, power = units // 1000, power + 3
    return f"{units}{next(suffix for suffix, of in DECIMAL.items() if of == power)}"


def in_powers_of_1024(value: Fraction) -> str:
    if -KIBI < value < KIBI or value.denominator != 1:
        return in_powers_of_1000(value)
    units, power = int(value), 0
    while units % KIBI == 0 and power < len(BINARY):
        units, power = units // KIBI, power + 1
    return f"{units}{('', *BINARY)[power]}"
