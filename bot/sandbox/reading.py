"""`get`: one request per list or name, all at once, merged as kubectl prints them."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.sandbox.api import JSON, TABLE, Refused
from bot.sandbox.commands import Get, Selection
from bot.sandbox.discovery import Resource
from bot.sandbox.session import CHUNK, MOST, Failure, Said, Session
from bot.sandbox.showing import TABLES, Found, Request, show
from bot.sandbox.symptoms import learn_from_tables
from bot.sandbox.table.kinds import NAMESPACES


async def get(session: Session, command: Get) -> Said:
    """Raises NotAllowed before any call, UsageError, Unavailable."""
    requests = plan(session, command)
    found = await asyncio.gather(*(fetch(session, command, request) for request in requests))
    good = [answer for answer in found if answer.refused is None]
    failures = tuple(Failure(a.refused, a.request.resource, a.request.namespace) for a in found if a.refused)
    stdout, remark = show(command, good, refused=bool(failures))
    empty = not stdout and not failures and command.output in TABLES
    notes = (*other_types(session, command), *([nothing_found(session, command, requests)] if empty else ()))
    lesson = await learn_from_tables(session, good) if command.output in TABLES else None
    return Said(stdout, notes, failures, remark, left=sum(answer.left for answer in good), lesson=lesson)


async def find(session: Session, command: Selection, request: Request) -> Sequence[Mapping[str, Any]] | Failure:
    """The objects themselves, redacted."""
    try:
        if request.name:
            return [await session.read(request.resource, request.namespace, request.name)]
        return await session.list(request.resource, request.namespace, labels=command.selector, only=request.only)
    except Refused as error:
        return Failure(error, request.resource, request.namespace)


def plan(session: Session, command: Selection) -> list[Request]:
    """What to ask, in the order of printing; raises NotAllowed."""
    named = [name_request(session, command, target.resource, target.name) for target in command.targets]
    return [*named, *(request for resource in command.lists for request in list_requests(session, command, resource))]


def name_request(session: Session, command: Selection, resource: Resource, name: str) -> Request:
    if resource.namespaced:
        session.places.check(session.person, command, resource.kind, session.namespace)
        return Request(resource, session.namespace, name)
    if resource.kind == NAMESPACES:
        session.places.check_named(session.person, name)
    return Request(resource, None, name)


def list_requests(session: Session, command: Selection, resource: Resource) -> Iterable[Request]:
    places, person, namespace = session.places, session.person, session.namespace
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


async def fetch(session: Session, command: Get, request: Request) -> Found:
    fetching = fetch_one if request.name else fetch_list
    try:
        return await fetching(session, command, request)
    except Refused as error:
        return Found(request, {}, error)


async def fetch_one(session: Session, command: Get, request: Request) -> Found:
    path = request.resource.path(request.namespace, request.name)
    answer = await session.send(request.namespace, "GET", path, query=whole(command), accept=accept(command))
    return Found(request, answer.object)


async def fetch_list(session: Session, command: Get, request: Request) -> Found:
    listed = await session.fetch(
        request.resource,
        request.namespace,
        labels=command.selector,
        fields=command.field_selector,
        only=request.only,
        query=whole(command),
        accept=accept(command),
        most=most(session, command),
    )
    return Found(request, listed.document, left=listed.left)


def accept(command: Get) -> str:
    return TABLE if command.output in TABLES else JSON


def most(session: Session, command: Get) -> int:
    """A table is read by its beginning, where it is in no other order than the server's."""
    return CHUNK if not session.whole and command.output in TABLES and not command.order else MOST


def whole(command: Get) -> list[tuple[str, str]]:
    """To sort a table takes the objects behind its rows."""
    return [("includeObject", "Object")] if command.order and command.output in TABLES else []


def other_types(session: Session, command: Selection) -> tuple[str, ...]:
    words = (word.partition("/")[0] for arg in command.words.args[:1] for word in arg.split(","))
    return session.catalog.warnings(words)


def nothing_found(session: Session, command: Get, requests: Sequence[Request]) -> str:
    in_one = not command.all_namespaces and all(request.resource.namespaced for request in requests)
    return f"No resources found in {session.namespace} namespace." if in_one else "No resources found"
