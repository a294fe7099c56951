"""`get`: one request per list or name, all at once, merged as kubectl prints them."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.access import Places
from bot.sandbox.api import JSON, TABLE, Api, Refused
from bot.sandbox.commands import Get
from bot.sandbox.discovery import Resource
from bot.sandbox.person import Person
from bot.sandbox.printing import Sheet, print_objects, print_tables
from bot.sandbox.redaction import redact, redact_text
from bot.sandbox.table import NAMESPACES

CHUNK, MOST_ROWS = 500, 5000  # kubectl's chunk; beyond the most, the count of the rest is told
TABLES = ("", "wide")


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
    warnings: tuple[str, ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What `get` found: kubectl's output, and the refusals beside it."""

    stdout: str
    notes: tuple[str, ...]
    refusals: tuple[Found, ...]
    left: int


async def read(api: Api, places: Places, command: Get, person: Person, namespace: str) -> Reading:
    """Raises NotAllowed before any call, Unavailable."""
    requests = plan(places, command, person, namespace)
    found = await asyncio.gather(*(fetch(api, command, person, request) for request in requests))
    good = [answer for answer in found if answer.refused is None]
    refusals = tuple(answer for answer in found if answer.refused)
    stdout = show(command, good, refusals)
    notes = [f"Warning: {warning}" for warning in dict.fromkeys(w for answer in good for w in answer.warnings)]
    if not stdout and not refusals and command.output in TABLES:
        notes.append(nothing_found(command, requests, namespace))
    return Reading(stdout, tuple(notes), refusals, sum(answer.left for answer in good))


def plan(places: Places, command: Get, person: Person, namespace: str) -> list[Request]:
    """What to ask, in the order of printing; raises NotAllowed."""
    named = [name_request(places, command, person, namespace, t.resource, t.name) for t in command.targets]
    lists = [r for resource in command.lists for r in list_requests(places, command, person, namespace, resource)]
    return [*named, *lists]


def name_request(
    places: Places, command: Get, person: Person, namespace: str, resource: Resource, name: str
) -> Request:
    if resource.namespaced:
        places.check(person, command, resource.kind, namespace)
        return Request(resource, namespace, name)
    if resource.kind == NAMESPACES:
        places.check_named(person, name)
    return Request(resource, None, name)


def list_requests(
    places: Places, command: Get, person: Person, namespace: str, resource: Resource
) -> Iterable[Request]:
    if resource.kind == NAMESPACES:
        return [Request(resource, None, only=name) for name in places.visible(person)]
    if not resource.namespaced:
        return [Request(resource, None)]
    if command.all_namespaces:
        return [Request(resource, place) for place in places.where(person, command.verb, resource.kind)]
    shown = namespace in places.where(person, command.verb, resource.kind)
    if resource.kind in command.optional and not shown and namespace in places.visible(person):
        return []
    places.check(person, command, resource.kind, namespace)
    return [Request(resource, namespace)]


async def fetch(api: Api, command: Get, person: Person, request: Request) -> Found:
    fetching = fetch_one if request.name else fetch_list
    try:
        return await fetching(api, command, person, request)
    except Refused as error:
        return Found(request, {}, error if request.name else of_list(error, command, request))


def of_list(error: Refused, command: Get, request: Request) -> Refused:
    """kubectl says which list it was."""
    if error.reason not in ("BadRequest", "NotFound"):
        return error
    what = f'"{request.resource.group_version_resource}"'
    if command.selector:
        selector = json.dumps(command.selector, ensure_ascii=False)
        start = f'Unable to find {what} that match label selector {selector}, field selector ""'
    else:
        start = f"Unable to list {what}"
    return Refused({**error.status, "message": f"{start}: {error}"})


async def fetch_one(api: Api, command: Get, person: Person, request: Request) -> Found:
    path = request.resource.path(request.namespace, request.name)
    answer = await api.send(person, request.namespace, "GET", path, accept=accept(command))
    return Found(request, answer.object, warnings=answer.warnings)


async def fetch_list(api: Api, command: Get, person: Person, request: Request) -> Found:
    """All chunks, up to MOST_ROWS."""
    path = request.resource.path(request.namespace)
    group = request.only or request.namespace
    query = [("limit", str(CHUNK))]
    query += [("labelSelector", command.selector)] if command.selector else []
    query += [("fieldSelector", f"metadata.name={request.only}")] if request.only else []
    answer = await api.send(person, group, "GET", path, query=query, accept=accept(command))
    things = "rows" if command.output in TABLES else "items"
    found = list(answer.object.get(things) or ())
    last = answer.object.get("metadata", {})
    while last.get("continue") and len(found) < MOST_ROWS:
        more = await api.send(
            person, group, "GET", path, query=[*query, ("continue", last["continue"])], accept=accept(command)
        )
        found += more.object.get(things) or ()
        last = more.object.get("metadata", {})
    left = int(last.get("remainingItemCount", 0)) if last.get("continue") else 0
    return Found(request, {**answer.object, things: found}, warnings=answer.warnings, left=left)


def accept(command: Get) -> str:
    return TABLE if command.output in TABLES else JSON


def show(command: Get, found: Sequence[Found], refusals: Sequence[Found]) -> str:
    if command.output in TABLES:
        tables = print_tables(
            sheets(found),
            wide=command.output == "wide",
            labels=command.show_labels,
            namespaces=command.all_namespaces,
        )
        return redact_text(tables)
    single = len(command.targets) == 1
    if single and refusals:
        return ""
    things = [thing for answer in found for thing in objects(answer)]
    return print_objects([redact(thing) for thing in things], command.output, single=single)


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


def nothing_found(command: Get, requests: Sequence[Request], namespace: str) -> str:
    in_one = not command.all_namespaces and all(request.resource.namespaced for request in requests)
    return f"No resources found in {namespace} namespace." if in_one else "No resources found"
