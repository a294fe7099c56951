"""`describe` of nodes, namespaces and their limits."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from bot.sandbox.ages import date
from bot.sandbox.describing.page import Page
from bot.sandbox.objects import Thing, pick
from bot.sandbox.quantity import Quantity, read_quantity
from bot.sandbox.session import Session
from bot.sandbox.table.kinds import LIMIT_RANGES, QUOTAS

ROLE_PREFIX, ROLE = "node-role.kubernetes.io/", "kubernetes.io/role"
CONDITION_TITLES = ("Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
SYSTEM_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)
LIMITS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
LIMIT_TITLES = ("Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio")
SCOPES = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before "
    "being actively terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually include long running "
    "pods whose container command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a best effort quality "
    "of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These pods have a burstable or "
    "guaranteed quality of service.",
}
NOT_AUTHORIZED = "not authorized"
"""kubectl's word for the pods of all namespaces. It would print the server's 403 for the lease."""


async def describe_node(_: Session, node: Thing, page: Page) -> None:
    spec, status = node.get("spec") or {}, node.get("status") or {}
    page.row("Name:", pick(node, "metadata.name"))
    page.row("Roles:", ",".join(roles(pick(node, "metadata.labels", {}))) or "<none>")
    page.marks(node)
    page.row("CreationTimestamp:", date(pick(node, "metadata.creationTimestamp")))
    taints = sorted(spec.get("taints") or (), key=lambda one: f"{one.get('effect', '')},{one['key']}")
    page.lines("Taints", list(map(taint, taints)))
    page.row("Unschedulable:", spec.get("unschedulable", False))
    page.row("Lease:", NOT_AUTHORIZED)
    if conditions := status.get("conditions"):
        page.row("Conditions:")
        page.table(CONDITION_TITLES, ())
        for one in conditions:
            heartbeat, change = date(one.get("lastHeartbeatTime")), date(one.get("lastTransitionTime"))
            cells = (one["type"], one["status"], heartbeat, change, one.get("reason", ""))
            page.row(*(f"{cell} " for cell in cells), one.get("message", ""), level=1)
    page.row("Addresses:")
    for address in status.get("addresses") or ():
        page.row(f"{address['type']}:", address["address"], level=1)
    for title, key in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        if amounts := status.get(key):
            page.row(f"{title}:")
            for name, amount in sorted(amounts.items()):
                page.row(f"{name}:", amount, level=1)
    page.row("System Info:")
    for title, key in SYSTEM_INFO:
        page.row(f"{title}:", pick(status, f"nodeInfo.{key}"), level=1)
    for title, value in (
        ("PodCIDR", spec.get("podCIDR")),
        ("PodCIDRs", ",".join(spec.get("podCIDRs") or ())),
        ("ProviderID", spec.get("providerID")),
    ):
        if value:
            page.row(f"{title}:", value)
    page.row("Pods:", NOT_AUTHORIZED)


def roles(labels: Thing) -> Iterable[str]:
    found = {key.removeprefix(ROLE_PREFIX) for key in labels if key.startswith(ROLE_PREFIX)}
    return sorted({*found, labels.get(ROLE, "")} - {""})


def taint(found: Thing) -> str:
    value, effect = found.get("value"), found.get("effect")
    return str(found["key"] + (f"={value}" if value else "") + (f":{effect}" if effect else ""))


async def describe_namespace(session: Session, namespace: Thing, page: Page) -> None:
    name = pick(namespace, "metadata.name")
    page.row("Name:", name)
    page.marks(namespace)
    page.row("Status:", pick(namespace, "status.phase"))
    if conditions := pick(namespace, "status.conditions", None):
        page.row("Conditions:")
        rows = [
            (one["type"], one["status"], date(one.get("lastTransitionTime")), one["reason"], one["message"])
            for one in conditions
        ]
        page.table(("Type", "Status", "LastTransitionTime", "Reason", "Message"), rows)
    page.write("\n")
    write_quotas(page, await session.list(session.resource(QUOTAS), name))
    page.write("\n")
    write_limit_ranges(page, await session.list(session.resource(LIMIT_RANGES), name))


def write_quotas(page: Page, quotas: Sequence[Thing]) -> None:
    page.row("Resource Quotas" if quotas else "No resource quota.")
    for quota in sorted(quotas, key=lambda one: str(pick(one, "metadata.name"))):
        page.row("Name:", pick(quota, "metadata.name"), level=1)
        write_scopes(page, quota, "* ", 1)
        page.row("Resource", "Used", "Hard", level=1)
        page.row("--------", "---", "---", level=1)
        used = pick(quota, "status.used", {})
        for name, hard in sorted(pick(quota, "status.hard", {}).items()):
            page.row(name, used.get(name, "0"), hard, level=1)


def write_scopes(page: Page, quota: Thing, bullet: str, level: int) -> None:
    if scopes := sorted(pick(quota, "spec.scopes", ())):
        page.row("Scopes:", ", ".join(scopes), level=level)
        for scope in scopes:
            if scope in SCOPES:
                page.row(f"{bullet}{SCOPES[scope]}", level=level)


def write_limit_ranges(page: Page, ranges: Sequence[Thing]) -> None:
    if not ranges:
        page.row("No LimitRange resource.")
        return
    page.row("Resource Limits")
    page.write(" ")
    page.row(*LIMIT_TITLES)
    page.write(" ")
    page.row(*("-" * len(title) for title in LIMIT_TITLES))
    for one in ranges:
        write_limits(page, one, " ")


def write_limits(page: Page, limit_range: Thing, prefix: str) -> None:
    for item in pick(limit_range, "spec.limits", ()):
        for name in sorted({name for key in LIMITS for name in item.get(key) or {}}):
            amounts = [pick(item, key, {}).get(name, "-") for key in LIMITS]
            page.row(f"{prefix}{item['type']}", name, *amounts)


async def describe_limit_range(_: Session, limit_range: Thing, page: Page) -> None:
    page.head(limit_range)
    page.table(LIMIT_TITLES, (), level=0)
    write_limits(page, limit_range, "")


async def describe_quota(_: Session, quota: Thing, page: Page) -> None:
    page.head(quota)
    write_scopes(page, quota, " * ", 0)
    used = pick(quota, "status.used", {})
    hard = sorted(pick(quota, "status.hard", {}).items())
    rows = [(name, in_form_of(amount, used.get(name, "0")), amount) for name, amount in hard]
    page.table(("Resource", "Used", "Hard"), rows, level=0)


def in_form_of(hard: str, used: str) -> str:
    """With Mi where the limit has Mi."""
    limit, amount = read_quantity(hard), read_quantity(used)
    if limit is None or amount is None or limit.binary == amount.binary:
        return used
    return str(Quantity(Fraction(amount.rounded), limit.binary))
