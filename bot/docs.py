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
from bot.language import Lang, Text
from bot.sandbox import manual
from bot.settings import VARIABLES, Course

REPOSITORY = Path(__file__).parents[1]
PAGES: Mapping[Lang, tuple[str, ...]] = {
    "fr": ("reglages.md", "metriques.md"),
    "en": ("settings.md", "metrics.md"),
}
VARIABLE, FIELD = Text("Variable", "Variable"), Text("Champ", "Field")
WITHOUT, MEANS = Text("Sans réglage", "Without it"), Text("Ce que c'est", "What it is")
VALUES = REPOSITORY / "helm" / "values.yaml"
TABLE = re.compile(r"(<!-- (\w+), by make docs -->\n).*?(<!-- /\2 -->)", re.S)
KEY = re.compile(r"(?P<indent> *)(?P<key>[\w./-]+):(?: +(?P<value>[^#\s][^#]*?))?(?: +# (?P<comment>.*))?$")


def written() -> dict[Path, str]:
    """Each made page, and what it must hold."""
    pages = {REPOSITORY / "docs" / name: lang for lang, names in PAGES.items() for name in names}
    return {
        **{page: _filled(page, lang) for page, lang in pages.items()},
        **{path: manual.page(lang) for lang, path in manual.PAGES.items()},
    }


def _filled(page: Path, lang: Lang) -> str:
    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{TABLES[found[2]](lang)}\n{found[3]}"

    return TABLE.sub(fill, page.read_text(encoding="utf-8"))


def variables(lang: Lang) -> str:
    rows = ((f"`{name}`", variable.without[lang], variable.means[lang]) for name, variable in VARIABLES.items())
    return _table((VARIABLE[lang], WITHOUT[lang], MEANS[lang]), rows)


def fields(lang: Lang) -> str:
    rows = ((f"`{name}`", default, means[lang]) for name, default, means in fields_of(Course))
    return _table((FIELD[lang], WITHOUT[lang], MEANS[lang]), rows)


def fields_of(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str, Text]]:
    """Name, default and meaning of each field that can be set, those within others by their path."""
    for name, field in model.model_fields.items():
        default = json.dumps(field.get_default(call_default_factory=True), default=_plain)
        within = [part for part in (field.annotation, *get_args(field.annotation)) if _is_model(part)]
        for means in field.metadata:
            if isinstance(means, Text):
                yield f"{place}{name}", "" if default == "null" else f"`{default}`", means
        for part in within:
            yield from fields_of(part, f"{place}{name}.{'ID.' if get_args(field.annotation) else ''}")


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _plain(thing: object) -> object:
    return thing.model_dump() if isinstance(thing, BaseModel) else str(thing)


def values(_: Lang) -> str:
    """In English, as the comments of the chart are."""
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


TABLES: Mapping[str, Callable[[Lang], str]] = {
    "variables": variables,
    "fields": fields,
    "values": values,
    "metrics": metrics.table,
}


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
