"""What `get` found, printed: the API server's tables, or the objects in the format that was asked for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.language import Text
from bot.sandbox.api import Refused
from bot.sandbox.commands import Get
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.formats import Order, no_field, print_columns, print_template, sort_by
from bot.sandbox.jsonpath import JsonPathError, TooMuch
from bot.sandbox.printing import Sheet, Style, as_document, print_objects, print_tables
from bot.sandbox.redaction import redact, redact_text

TABLES = ("", "wide")

NO_FIT = Text(
    "Ce chemin ne va pas avec ces objets : {reason}. Regardez leurs champs avec `-o yaml`, par exemple "
    "`/k8s get deployment demonstration -o yaml`.",
    "This path does not fit these objects: {reason}. Look at their fields with `-o yaml`, for instance "
    "`/k8s get deployment demonstration -o yaml`.",
)
ONE_LIST = Text(
    "`--sort-by` trie un seul type à la fois : `/k8s get pods --sort-by=.metadata.creationTimestamp`.",
    "`--sort-by` sorts one type at a time: `/k8s get pods --sort-by=.metadata.creationTimestamp`.",
)
TOO_MUCH = Text(
    "Ce chemin demande trop de travail. Nommez un objet, ou évitez `..` : "
    "`/k8s get deployment demonstration -o jsonpath='{.spec.replicas}'`.",
    "This path is too much work. Name one object, or avoid `..`: "
    "`/k8s get deployment demonstration -o jsonpath='{.spec.replicas}'`.",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A whole list, or one object by ``name``. ``namespace`` None: cluster-scoped."""

    resource: Resource
    namespace: str | None
    name: str = ""
    only: str = ""
    """The single name that a list is limited to, where RBAC allows a list of named objects only."""


@dataclass(frozen=True, slots=True)
class Found:
    """The API server's answer to one request: a Table, a List or an object; or its refusal."""

    request: Request
    document: Mapping[str, Any]
    refused: Refused | None = None
    left: int = 0


def show(command: Get, found: Sequence[Found], *, refused: bool) -> tuple[str, Text | None]:
    """The output, and what kubectl leaves unsaid. Raises UsageError where a template does not fit."""
    try:
        if command.output in TABLES:
            return show_tables(command, found)
        return show_objects(command, found, refused), None
    except JsonPathError as error:
        raise misfit(command, error) from error


def show_tables(command: Get, found: Sequence[Found]) -> tuple[str, Text | None]:
    shown = sheets(found)
    if command.order and len(command.lists) + len(command.targets) > 1:
        raise UsageError(ONE_LIST, f"error: {no_field(command.order)}")
    if command.order and shown and len(shown[0].rows) > 1:
        try:
            shown = [in_order(command.order, shown[0])]
        except JsonPathError as error:  # kubectl says then that there is nothing
            return "", NO_FIT.format(reason=error)
    if command.label_columns:
        shown = [
            replace(sheet, rows=[{**row, "object": redact(row["object"])} for row in sheet.rows]) for sheet in shown
        ]
    style = Style(
        wide=command.output == "wide",
        headers=command.headers,
        namespaces=command.all_namespaces,
        label_columns=command.label_columns,
        show_labels=command.show_labels,
    )
    return redact_text(print_tables(shown, style)), None


def in_order(order: Order, sheet: Sheet) -> Sheet:
    return replace(sheet, rows=sort_by(order, sheet.rows, lambda row: redact(row["object"])))


def show_objects(command: Get, found: Sequence[Found], refused: bool) -> str:
    single = len(command.targets) == 1
    if single and refused:
        return ""
    things: list[Mapping[str, Any]] = [redact(thing) for answer in found for thing in objects(answer)]
    if command.order and not single:
        things = sort_by(command.order, things, lambda thing: thing)
    if command.output == "custom-columns":
        return print_columns(command.columns, things, headers=command.headers)
    if command.template:
        document = as_document(things, single=single)
        return print_template(command.template, document, as_json=command.output == "jsonpath-as-json")
    return print_objects(things, command.output, single=single)


def misfit(command: Get, error: JsonPathError) -> UsageError:
    """kubectl would go on with the whole object, in Go's notation."""
    if isinstance(error, TooMuch):
        return UsageError(TOO_MUCH, f"error: {error}")
    reason = str(error)
    if not command.template or reason.startswith("couldn't find any field"):
        return UsageError(NO_FIT.format(reason=reason), f"error: {reason}")
    template = command.words.flags["output"].partition("=")[2]
    stderr = f"error: error executing jsonpath {json.dumps(template)}: Error executing template: {reason}."
    return UsageError(NO_FIT.format(reason=reason), stderr)


def sheets(found: Sequence[Found]) -> list[Sheet]:
    """One per run of answers of the same type; kubectl starts a new table when the type changes."""
    done: list[Sheet] = []
    for answer in found:
        rows = answer.document.get("rows") or ()
        columns = answer.document.get("columnDefinitions") or ()
        if done and done[-1].resource == answer.request.resource:
            done[-1] = replace(done[-1], rows=[*done[-1].rows, *rows], columns=done[-1].columns or columns)
        else:
            done.append(Sheet(answer.request.resource, columns, list(rows)))
    return done


def objects(found: Found) -> list[Mapping[str, Any]]:
    """The objects of a list say themselves neither their kind nor their version."""
    if found.request.name:
        return [found.document]
    resource = found.request.resource
    kind = {"apiVersion": resource.api_version, "kind": resource.object_kind}
    return [{**kind, **item} for item in found.document.get("items") or ()]
