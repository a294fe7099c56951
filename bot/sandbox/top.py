"""`top`: what pods and nodes use, where the cluster measures it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.language import Text
from bot.sandbox.api import Refused
from bot.sandbox.commands import Top
from bot.sandbox.errors import UsageError
from bot.sandbox.quantity import Quantity, read_quantity, total
from bot.sandbox.session import Failure, Said, Session
from bot.sandbox.table.kinds import NODES, POD_METRICS
from bot.sandbox.tabwriter import tabulate

MEBI = 1024 * 1024
NOT_MEASURED = Text(
    "Ce cluster ne mesure pas la consommation : metrics-server n'y est pas installé (k3s l'apporte d'origine, le bac à "
    "sable joué non). Les demandes et limites se lisent avec `/k8s describe pod demonstration`.",
    "This cluster does not measure usage: metrics-server is not installed (k3s brings it along, a played sandbox does "
    "not). Requests and limits can be read with `/k8s describe pod demonstration`.",
)
NOT_YET = Text(
    "Rien n'est encore mesuré : les mesures arrivent une à deux minutes après le démarrage. Réessayez alors.",
    "Nothing is measured yet: measures come one or two minutes after the start. Try again then.",
)

Metrics = Mapping[str, Any]


async def top(session: Session, command: Top) -> Said:
    """Raises NotAllowed before any call, UsageError, Unavailable."""
    resource = session.catalog.find(str(command.kind))
    if resource is None:
        raise UsageError(NOT_MEASURED, "error: Metrics API not available")
    everywhere = command.words.switch("all-namespaces")
    namespaces: Sequence[str | None] = (None,)
    if command.kind == POD_METRICS:
        if not everywhere:
            session.places.check(session.person, command, command.kind, session.namespace)
        where = session.places.where(session.person, command.verb, command.kind)
        namespaces = where if everywhere else (session.namespace,)
    try:
        found = await asyncio.gather(*(measures(session, command, namespace) for namespace in namespaces))
        things = [thing for one in found for thing in one]
        if command.kind == POD_METRICS:
            return Said(print_pods(command, things, everywhere), notes=nothing(session, things, everywhere))
        if not things:
            raise UsageError(NOT_YET, "error: metrics not available yet")
        return Said(print_nodes(command, things, await nodes(session, command)))
    except Refused as error:
        return Said(failures=(Failure(error, resource, namespaces[0]),))


async def measures(session: Session, command: Top, namespace: str | None) -> Sequence[Metrics]:
    resource = session.resource(command.kind)
    if command.name:
        return [await session.read(resource, namespace, command.name)]
    return await session.list(resource, namespace, labels=command.words.flags.get("selector", ""))


async def nodes(session: Session, command: Top) -> Mapping[str, Metrics]:
    """What each node has to give, by name."""
    labels = "" if command.name else command.words.flags.get("selector", "")
    fields = f"metadata.name={command.name}" if command.name else ""
    listed = await session.list(session.resource(NODES), None, labels=labels, fields=fields)
    return {node["metadata"]["name"]: (node.get("status") or {}).get("allocatable") or {} for node in listed}


def nothing(session: Session, things: Sequence[Metrics], everywhere: bool) -> tuple[str, ...]:
    if things:
        return ()
    return ("No resources found" if everywhere else f"No resources found in {session.namespace} namespace.",)


def print_pods(command: Top, pods: Sequence[Metrics], everywhere: bool) -> str:
    containers = command.words.switch("containers")
    titles = ("CPU(cores)", "MEMORY(bytes)")
    rows: list[tuple[str, ...]] = []
    for pod in in_order(command, pods):
        place = ((pod["metadata"]["namespace"],) if everywhere else ()) + ((pod["metadata"]["name"],))
        for container in in_order(command, pod.get("containers") or ()) if containers else ():
            rows.append((*place, container["name"], *usage(container)))
        if not containers:
            rows.append((*place, *usage(pod)))
    head = (*(("NAMESPACE",) if everywhere else ()), *(("POD",) if containers else ()), "NAME", *titles)
    return print_rows(command, head, rows)


def print_nodes(command: Top, measured: Sequence[Metrics], capacity: Mapping[str, Metrics]) -> str:
    rows: list[tuple[str, ...]] = []
    for node in in_order(command, measured):
        name, (cpu, memory) = node["metadata"]["name"], usage(node)
        has = capacity.get(name, {})
        rows.append((name, cpu, share(node, has, "cpu"), memory, share(node, has, "memory")))
    seen = {node["metadata"]["name"] for node in measured}
    rows += [(name, *["<unknown>"] * 4) for name in sorted(capacity.keys() - seen)]
    return print_rows(command, ("NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"), rows)


def print_rows(command: Top, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Here kubectl fills up the last column too."""
    lines = rows if command.words.switch("no-headers") or not rows else [head, *rows]
    return tabulate("".join("".join(f"{cell}\t" for cell in line) + "\n" for line in lines))


def in_order(command: Top, things: Iterable[Metrics]) -> list[Metrics]:
    """The hungriest first, or by name."""
    wanted = command.words.flags.get("sort-by")
    if wanted:
        return sorted(things, key=lambda thing: -amount(thing, wanted).value)
    return sorted(things, key=lambda thing: (thing.get("metadata") or thing).get("name", ""))


def amount(thing: Metrics, resource: str) -> Quantity:
    """Of a node or container, or of a pod's containers together."""
    parts = [thing] if "usage" in thing else thing.get("containers") or ()
    read = (read_quantity(str((part.get("usage") or {}).get(resource, "0"))) for part in parts)
    return total(quantity for quantity in read if quantity)


def usage(thing: Metrics) -> tuple[str, str]:
    return f"{amount(thing, 'cpu').milli}m", f"{amount(thing, 'memory').rounded // MEBI}Mi"


def share(node: Metrics, has: Metrics, resource: str) -> str:
    all_of_it = read_quantity(str(has.get(resource, "0"))) or Quantity()
    return f"{int(amount(node, resource).milli / all_of_it.milli * 100) if all_of_it.milli else 0}%"
