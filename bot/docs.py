"""The tables of docs/ that are made from the code; ``python -m bot.docs`` writes them, and a test holds them true.

A page keeps its own words: what is written anew stands between ``<!-- NAME, by make docs -->`` and ``<!-- /NAME -->``.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel

from bot import metrics
from bot.sandbox import manual
from bot.settings import VARIABLES, Course

REPOSITORY = Path(__file__).parents[1]
VALUES = REPOSITORY / "helm" / "values.yaml"
TABLE = re.compile(r"(<!-- (\w+), by make docs -->\n).*?(<!-- /\2 -->)", re.S)
KEY = re.compile(r"(?P<indent> *)(?P<key>[\w./-]+):(?: +(?P<value>[^#\s][^#]*?))?(?: +# (?P<comment>.*))?$")


def written() -> dict[Path, str]:
    """Each made page, and what it must hold."""
    pages = {REPOSITORY / "docs" / name: _filled(REPOSITORY / "docs" / name) for name in ("settings.md", "metrics.md")}
    return {**pages, **{path: manual.page(lang) for lang, path in manual.PAGES.items()}}


def _filled(page: Path) -> str:
    return TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", page.read_text(encoding="utf-8"))


def variables() -> str:
    rows = ((f"`{name}`", variable.without, variable.means) for name, variable in VARIABLES.items())
    return _table(("Variable", "Without it", "What it is"), rows)


def fields() -> str:
    return _table(("Field", "Without it", "What it is"), _fields(Course))


def _fields(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        default = json.dumps(field.get_default(call_default_factory=True), default=_plain)
        within = [part for part in (field.annotation, *get_args(field.annotation)) if _is_model(part)]
        if field.description:
            yield f"`{place}{name}`", "" if default == "null" else f"`{default}`", field.description
        for part in within:
            yield from _fields(part, f"{place}{name}.{'ID.' if get_args(field.annotation) else ''}")


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _plain(thing: object) -> object:
    return thing.model_dump() if isinstance(thing, BaseModel) else str(thing)


def values() -> str:
    return _table(("Value", "Default", "What it is"), chart_values(VALUES.read_text(encoding="utf-8")))


def chart_values(text: str) -> Iterator[tuple[str, str, str]]:
    """A row for each key that has a value or a comment: the one behind it, or the lines above it."""
    defaults, above, path = yaml.safe_load(text), list[str](), list[str]()
    for line in text.splitlines():
        if (comment := line.strip()).startswith("#"):
            above.append(comment[1:].strip())
        elif found := KEY.match(line):
            path[len(found["indent"]) // 2 :] = [found["key"]]
            means = " ".join([*above, *filter(None, [found["comment"]])])
            if found["value"] or means:
                default = f"`{json.dumps(_at(defaults, path))}`" if found["value"] else ""
                yield f"`{'.'.join(path)}`", default, means
            above.clear()
        else:
            above.clear()


def _at(tree: Any, path: Iterable[str]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "\n".join((f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *(f"| {row} |" for row in cells)))


TABLES: Mapping[str, Callable[[], str]] = {
    "variables": variables,
    "fields": fields,
    "values": values,
    "metrics": metrics.table,
}


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
