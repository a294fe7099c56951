"""Go's tabwriter: cells that end in a tab are as wide as the widest of the lines around that have one there too."""

LEAST_WIDTH, GAP = 6, 3  # of kubectl's tables
ESCAPES = str.maketrans({"\x1b": "^[", "\r": "\\r"})


def tabulate(text: str, least: int = LEAST_WIDTH, gap: int = GAP) -> str:
    """``text`` with its tabs made into columns."""
    lines = [line.split("\t") for line in text.split("\n")]
    widths: list[list[int]] = [[] for _ in lines]
    blocks = [(0, len(lines), 0)]
    while blocks:
        start, end, column = blocks.pop()
        for first, last in runs(lines, start, end, column):
            width = max(least, gap + max(len(lines[row][column]) for row in range(first, last)))
            for row in range(first, last):
                widths[row].append(width)
            blocks.append((first, last, column + 1))
    return "\n".join(
        "".join(map(str.ljust, line[:-1], sizes)) + line[-1] for line, sizes in zip(lines, widths, strict=True)
    )


def runs(lines: list[list[str]], start: int, end: int, column: int) -> list[tuple[int, int]]:
    """The runs of lines between ``start`` and ``end`` that have a cell in ``column``."""
    found: list[tuple[int, int]] = []
    row = start
    while row < end:
        first = row
        while row < end and len(lines[row]) > column + 1:
            row += 1
        if row > first:
            found.append((first, row))
        row += 1
    return found


def escape(text: str) -> str:
    """What would move a terminal's cursor, made visible."""
    return text.translate(ESCAPES)
