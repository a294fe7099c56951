"""What was just shown, looked through for a failure; where there is one, its object is read once to tell why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.errors import Unavailable
from bot.sandbox.api import Refused
from bot.sandbox.lessons import CRASHING, NOT_PULLED, OUT_OF_MEMORY, lacks_pods, of_pod, of_service, of_workload
from bot.sandbox.objects import SERVICE_NAME, Thing, pick, selector
from bot.sandbox.result import Lesson, teaching
from bot.sandbox.session import Session
from bot.sandbox.showing import Found
from bot.sandbox.table import VERBS
from bot.sandbox.table.kinds import EVENTS, PODS, REPLICA_SETS, SERVICES, SLICES
from bot.sandbox.table.rows import Kind

ENDPOINTS = Kind("endpoints")
FAILED = {*NOT_PULLED, CRASHING, OUT_OF_MEMORY, "Error"}
WAITING = {"Pending"}
NOWHERE = {"<none>", "<unset>"}
MOST_SERVICES = 50  # named in one request
# Of an event; others, such as a probe that failed once, may be over.
REASONS = {"Failed", "BackOff", "FailedScheduling", "FailedCreate"}
KINDS = {"pod": PODS, "replicaset": REPLICA_SETS}


@dataclass(frozen=True, slots=True)
class Symptom:
    """An object that looks as if it failed."""

    kind: Kind
    namespace: str
    name: str


def in_tables(found: Sequence[Found]) -> Symptom | None:
    """A pod that failed, else one that waits, else what an event or a service without pods is about."""
    pods = [(state.removeprefix("Init:"), metadata) for (state,), metadata in rows_of(found, PODS, "Status")]
    shown = (metadata for states in (FAILED, WAITING) for state, metadata in pods if state in states)
    for metadata in shown:
        return Symptom(PODS, metadata["namespace"], metadata["name"])
    return in_event_rows(found) or in_endpoints(found)


def in_event_rows(found: Iterable[Found]) -> Symptom | None:
    for (type_, reason, thing), metadata in rows_of(found, EVENTS, "Type", "Reason", "Object"):
        kind, _, name = thing.partition("/")
        if is_failure(type_, reason, kind):
            return Symptom(KINDS[kind], metadata["namespace"], name)
    return None


def in_endpoints(found: Iterable[Found]) -> Symptom | None:
    for kind in (ENDPOINTS, SLICES):
        for (addresses,), metadata in rows_of(found, kind, "Endpoints"):
            service = metadata["name"] if kind == ENDPOINTS else metadata.get("labels", {}).get(SERVICE_NAME)
            if addresses in NOWHERE and service:
                return Symptom(SERVICES, metadata["namespace"], service)
    return None


def rows_of(found: Iterable[Found], kind: Kind, *columns: str) -> Iterator[tuple[list[str], Mapping[str, Any]]]:
    """The cells of ``columns`` of each row about ``kind``, and its metadata; nothing where a column is missing."""
    for answer in found:
        rows = answer.document.get("rows") if answer.request.resource.kind == kind else None
        names = [column["name"] for column in answer.document["columnDefinitions"]] if rows else []
        if rows and set(columns) <= set(names):
            places = [names.index(column) for column in columns]
            yield from (([str(row["cells"][place]) for place in places], row["object"]["metadata"]) for row in rows)


def in_events(events: Sequence[Thing]) -> Symptom | None:
    """What the last of them that tells of a failure is about; ``events``: the newest last."""
    for event in reversed(events):
        about = event.get("involvedObject") or {}
        kind = str(about.get("kind", "")).lower()
        if is_failure(str(event.get("type", "")), str(event.get("reason", "")), kind):
            return Symptom(KINDS[kind], about["namespace"], about["name"])
    return None


def is_failure(type_: str, reason: str, kind: str) -> bool:
    return type_ == "Warning" and reason in REASONS and kind in KINDS


async def learn(session: Session, symptom: Symptom | None) -> Lesson | None:
    """At most one request, as the person; nothing where it is gone, away or well by now."""
    if symptom is None:
        return None
    with suppress(Refused, Unavailable):
        thing = await session.read(session.resource(symptom.kind), symptom.namespace, symptom.name)
        return lesson_of(session, thing)
    return None


async def learn_from_tables(session: Session, found: Sequence[Found]) -> Lesson | None:
    """Of what looks as if it failed, else of a service without pods; at most one request."""
    symptom = in_tables(found)
    return await (learn(session, symptom) if symptom else learn_from_services(session, services_in(found)))


def services_in(found: Sequence[Found]) -> list[Thing]:
    """Those of the first namespace that choose pods, as far as their rows tell."""
    rows = [row for row in rows_of(found, SERVICES, "Selector") if row[0][0] not in NOWHERE][:MOST_SERVICES]
    return [
        {"metadata": metadata, "spec": {"selector": dict(pair.split("=", 1) for pair in labels.split(","))}}
        for (labels,), metadata in rows
        if metadata["namespace"] == rows[0][1]["namespace"]
    ]


async def learn_from_services(session: Session, services: Sequence[Thing]) -> Lesson | None:
    """Of the first that leads to no pod; at most one request."""
    if not services:
        return None
    names = [pick(service, "metadata.name") for service in services]
    with suppress(Refused, Unavailable):
        namespace, labels = session.namespace_of(services[0]), f"{SERVICE_NAME} in ({','.join(names)})"
        slices = await session.list(session.resource(SLICES), namespace, labels=labels)
        behind = (
            [one for one in slices if pick(one, "metadata.labels", {}).get(SERVICE_NAME) == name] for name in names
        )
        return teaching(map(of_service, services, behind))
    return None


async def learn_from_pods(session: Session, workloads: Iterable[Thing]) -> Lesson | None:
    """Of the first workload that lacks pods, the first pod that failed; at most one request."""
    short = next(filter(lacks_pods, workloads), None)
    if short is None:
        return None
    with suppress(Refused, Unavailable):
        labels = selector(short["spec"]["selector"])
        pods = await session.list(session.resource(PODS), session.namespace_of(short), labels=labels)
        return teaching(lesson_of(session, pod) for pod in pods)
    return None


def lesson_of(session: Session, thing: Thing) -> Lesson | None:
    match thing["kind"]:
        case "Pod":
            return of_pod(thing, logs=reads_logs(session, pick(thing, "metadata.namespace")))
        case "Service":
            return of_service(thing, ())
        case _:
            return of_workload(thing)


def reads_logs(session: Session, namespace: str) -> bool:
    return namespace in session.places.where(session.person, VERBS["logs"], PODS)
