"""`describe`: objects in kubectl's own words, each kind with its form, and the events around them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.sandbox.api import Refused
from bot.sandbox.commands import Describe
from bot.sandbox.describing.cluster import (
    describe_limit_range,
    describe_namespace,
    describe_node,
    describe_quota,
)
from bot.sandbox.describing.network import (
    describe_endpoints,
    describe_ingress,
    describe_network_policy,
    describe_service,
    describe_slice,
)
from bot.sandbox.describing.others import describe_any, describe_claim, describe_config_map
from bot.sandbox.describing.page import Page
from bot.sandbox.describing.pods import describe_pod
from bot.sandbox.describing.workloads import (
    describe_autoscaler,
    describe_cron_job,
    describe_daemon_set,
    describe_deployment,
    describe_job,
    describe_replica_set,
    describe_stateful_set,
)
from bot.sandbox.objects import Thing, pick
from bot.sandbox.reading import find, other_types, plan
from bot.sandbox.result import Lesson, teaching
from bot.sandbox.session import Failure, Said, Session
from bot.sandbox.showing import Request
from bot.sandbox.symptoms import learn_from_pods
from bot.sandbox.table.kinds import EVENTS

__all__ = ["describe"]

MOST_DESCRIBED = 50  # at once; the count of the rest is told
FORMS: Mapping[str, Callable[[Session, Thing, Page], Awaitable[None]]] = {
    "ConfigMap": describe_config_map,
    "CronJob": describe_cron_job,
    "DaemonSet": describe_daemon_set,
    "Deployment": describe_deployment,
    "Endpoints": describe_endpoints,
    "EndpointSlice": describe_slice,
    "HorizontalPodAutoscaler": describe_autoscaler,
    "Ingress": describe_ingress,
    "Job": describe_job,
    "LimitRange": describe_limit_range,
    "Namespace": describe_namespace,
    "NetworkPolicy": describe_network_policy,
    "Node": describe_node,
    "PersistentVolumeClaim": describe_claim,
    "Pod": describe_pod,
    "ReplicaSet": describe_replica_set,
    "ReplicationController": describe_replica_set,
    "ResourceQuota": describe_quota,
    "Service": describe_service,
    "StatefulSet": describe_stateful_set,
}
WITHOUT_EVENTS = ("LimitRange", "Namespace", "NetworkPolicy", "ResourceQuota")


async def describe(session: Session, command: Describe) -> Said:
    """Raises NotAllowed before any call, Unavailable."""
    requests = plan(session, command)
    found = await asyncio.gather(*(find(session, command, request) for request in requests))
    failures = tuple(one for one in found if isinstance(one, Failure))
    things = [thing for one in found if not isinstance(one, Failure) for thing in one]
    if len(failures) == 1 and len(command.words.args) == 2 and is_missing(failures[0]):
        return await describe_matching(session, command, requests[0], failures)
    notes, alone = other_types(session, command), len(things) == 1 and not failures
    pages = await write_pages(session, things, events=alone if command.events is None else command.events)
    if not things and not failures:
        where = "" if command.all_namespaces else f" in {session.namespace} namespace."
        return Said(notes=(*notes, f"No resources found{where}"))
    left, lesson = max(0, len(things) - MOST_DESCRIBED), await lesson_of(session, things, pages)
    return Said("\n\n".join(map(str, pages)), notes, failures, left=left, lesson=lesson)


async def describe_matching(
    session: Session, command: Describe, request: Request, failures: tuple[Failure, ...]
) -> Said:
    """There is none of that name: all those whose name begins so."""
    try:
        listed = await session.list(request.resource, request.namespace)
    except Refused:
        listed = []
    things = [thing for thing in listed if pick(thing, "metadata.name").startswith(request.name)]
    if not things:
        return Said(failures=failures)
    pages = await write_pages(session, things, events=bool(command.events))
    left, lesson = max(0, len(things) - MOST_DESCRIBED), await lesson_of(session, things, pages)
    return Said("".join(f"{page}\n" for page in pages), left=left, lesson=lesson)


async def lesson_of(session: Session, things: Iterable[Thing], pages: Iterable[Page]) -> Lesson | None:
    return teaching(page.lesson for page in pages) or await learn_from_pods(session, things)


def is_missing(failure: Failure) -> bool:
    return isinstance(failure.error, Refused) and failure.error.reason == "NotFound"


async def write_pages(session: Session, things: Sequence[Thing], *, events: bool) -> list[Page]:
    return await asyncio.gather(*(write_page(session, thing, events) for thing in things[:MOST_DESCRIBED]))


async def write_page(session: Session, thing: Thing, events: bool) -> Page:
    page = Page()
    await FORMS.get(thing["kind"], describe_any)(session, thing, page)
    if events and thing["kind"] not in WITHOUT_EVENTS:
        page.events(await events_of(session, thing))
    return page


async def events_of(session: Session, thing: Thing) -> Iterable[Thing]:
    """None where they may not be read: those of nodes lie where nobody here looks."""
    metadata = thing["metadata"]
    if "namespace" not in metadata:
        return ()
    fields = [f"involvedObject.{key}={metadata[key]}" for key in ("name", "namespace", "uid")]
    kind = [] if thing["kind"] == "Pod" else [f"involvedObject.kind={thing['kind']}"]
    try:
        return await session.list(session.resource(EVENTS), metadata["namespace"], fields=",".join([*fields, *kind]))
    except Refused:
        return ()
