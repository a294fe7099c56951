"""kubectl's output: the API server's tables aligned, and objects as YAML, JSON or names."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox import goyaml
from bot.sandbox.discovery import Resource
from bot.sandbox.goprint import escape_json
from bot.sandbox.tabwriter import GAP, LEAST_WIDTH

NEWLINE = re.compile(r"[\f\n\r]")
HEADER = re.compile(r"[A-Z][A-Z0-9()./ -]*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One type's rows, from one table of the API server or several."""

    resource: Resource
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Style:
    """``label_columns``: the labels that get a column each."""

    wide: bool = False
    headers: bool = True
    namespaces: bool = False
    label_columns: tuple[str, ...] = ()
    show_labels: bool = False


def print_tables(sheets: Sequence[Sheet], style: Style) -> str:
    """A table per type, a blank line between; names carry their type as soon as there are several."""
    with_kind = len({sheet.resource.kind for sheet in sheets}) > 1
    tables = (print_table(sheet, style, with_kind) for sheet in sheets if sheet.rows)
    return ("\n" if style.headers else "").join(tables)


def print_table(sheet: Sheet, style: Style, with_kind: bool) -> str:
    namespace = style.namespaces and sheet.resource.namespaced
    shown = [place for place, column in enumerate(sheet.columns) if style.wide or not column.get("priority")]
    name = next(
        (p for p, c in enumerate(sheet.columns) if (c.get("format"), c.get("type")) == ("name", "string")), None
    )
    prefix = f"{sheet.resource.label}/" if with_kind else ""
    header = [str(sheet.columns[place]["name"]).upper() for place in shown]
    labels = [key.rpartition("/")[2].upper() for key in style.label_columns]
    lines = [[*["NAMESPACE"] * namespace, *header, *labels, *["LABELS"] * style.show_labels]] * style.headers
    for row in sheet.rows:
        cells = row["cells"]
        line = [print_cell(cells[p], prefix if p == name else "") if p < len(cells) else "" for p in shown]
        about = (row.get("object") or {}).get("metadata") or {}
        before = [about.get("namespace", "")] * namespace
        its = about.get("labels") or {}
        after = [its.get(key, "") for key in style.label_columns]
        lines.append([*before, *line, *after, *[print_labels(its)] * style.show_labels])
    return align(lines)


def print_cell(cell: object, prefix: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    text = prefix + str(cell)
    broken = NEWLINE.search(text)
    return (text if not broken else text[: broken.start()] + "...").replace("\x1b", "^[")


def print_labels(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "<none>"


def align(lines: Sequence[Sequence[str]]) -> str:
    """Go's tabwriter: every column but the last as wide as its widest cell and three spaces, at least six."""
    columns = list(zip(*lines, strict=True))[:-1]
    widths = [max(LEAST_WIDTH, GAP + max(map(len, column))) for column in columns]
    return "".join("".join(map(str.ljust, line[:-1], widths)) + line[-1] + "\n" for line in lines)


def print_objects(objects: Sequence[Mapping[str, Any]], output: str, *, single: bool) -> str:
    """``single``: one object was asked for by name, and is not wrapped in a List."""
    if output == "name":
        return "".join(f"{label(thing)}/{thing['metadata']['name']}\n" for thing in objects)
    document = as_document([without_managed_fields(thing) for thing in objects], single=single)
    return goyaml.dump(document) if output == "yaml" else print_json(document)


def as_document(objects: Sequence[Mapping[str, Any]], *, single: bool) -> Mapping[str, Any]:
    if single and len(objects) == 1:
        return objects[0]
    return {"apiVersion": "v1", "items": [*objects], "kind": "List", "metadata": {"resourceVersion": ""}}


def label(thing: Mapping[str, Any]) -> str:
    group, _, _ = thing["apiVersion"].rpartition("/")
    return ".".join(filter(None, (thing["kind"].lower(), group)))


def without_managed_fields(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = {key: value for key, value in thing.get("metadata", {}).items() if key != "managedFields"}
    return {**thing, "metadata": metadata}


def print_json(document: Mapping[str, Any]) -> str:
    return escape_json(json.dumps(document, indent=4, sort_keys=True, ensure_ascii=False)) + "\n"


def print_typed(document: Mapping[str, Any]) -> str:
    """JSON in the order of Go's types, which is that of ``document``."""
    return escape_json(json.dumps(document, indent=4, ensure_ascii=False)) + "\n"


def print_error(status: Mapping[str, Any]) -> str:
    """kubectl's line or lines for a Status of the API server."""
    reason, message = status.get("reason", ""), status.get("message", "")
    details = status.get("details") or {}
    causes = tuple(
        dict.fromkeys(f"{cause.get('field', '')}: {cause.get('message', '')}" for cause in details.get("causes", ()))
    )
    if reason != "Invalid":
        return f"Error from server{f' ({reason})' if reason else ''}: {message}"
    if not details:
        return f"The request is invalid{f': {message}' if message else ''}"
    named = details.get("kind") or details.get("name")
    start = (
        f'The {details.get("kind", "")} "{details.get("name", "")}" is invalid' if named else "The request is invalid"
    )
    if len(causes) > 1:
        return "\n".join((f"{start}: ", *(f"* {cause}" for cause in causes)))
    if causes:
        return f"{start}: {causes[0]}"
    return start if named else f"{start}: {message}"


def cut(stdout: str, limit: int, length: Callable[[str], int] = len) -> tuple[str, int, int]:
    """Whole lines of at most ``limit`` characters, the rows in them, and all rows; headers are no rows."""
    lines = stdout.splitlines(keepends=True)
    room, kept = limit, 0
    for line in lines:
        room -= length(line)
        if room < 0:
            break
        kept += 1
    return "".join(lines[:kept]), count_rows(lines[:kept]), count_rows(lines)


def count_rows(lines: Iterable[str]) -> int:
    rows, starts = 0, True
    for line in lines:
        bare = line.rstrip()
        if bare and not (starts and HEADER.fullmatch(bare)):
            rows += 1
        starts = not bare
    return rows
