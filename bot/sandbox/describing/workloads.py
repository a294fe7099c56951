"""`describe` of what makes pods: deployments, replica sets and their like, jobs, autoscalers."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.ages import date, read_time, span
from bot.sandbox.api import Refused
from bot.sandbox.describing.page import Page, controller, pairs
from bot.sandbox.describing.pods import write_template
from bot.sandbox.lessons import of_workload
from bot.sandbox.objects import Thing, pick, selector
from bot.sandbox.session import Session
from bot.sandbox.table.kinds import PODS, REPLICA_SETS

CHANGES = "deployment.kubernetes.io/revision"
PHASES = ("Running", "Pending", "Succeeded", "Failed")
UNSET = "<unset>"


async def describe_deployment(session: Session, deployment: Thing, page: Page) -> None:
    page.lesson = of_workload(deployment)
    spec, status = deployment["spec"], deployment.get("status") or {}
    page.head(deployment)
    page.row("CreationTimestamp:", date(pick(deployment, "metadata.creationTimestamp")))
    page.marks(deployment)
    page.row("Selector:", selector(spec.get("selector")))
    counts = (
        (spec.get("replicas", 0), "desired"),
        *((status.get(f"{key}Replicas", 0), key) for key in ("updated",)),
        (status.get("replicas", 0), "total"),
        *((status.get(f"{key}Replicas", 0), key) for key in ("available", "unavailable")),
    )
    page.row("Replicas:", " | ".join(f"{count} {what}" for count, what in counts))
    page.row("StrategyType:", pick(spec, "strategy.type"))
    page.row("MinReadySeconds:", spec.get("minReadySeconds", 0))
    if rolling := pick(spec, "strategy.rollingUpdate", None):
        limits = f"{rolling.get('maxUnavailable', 0)} max unavailable, {rolling.get('maxSurge', 0)} max surge"
        page.row("RollingUpdateStrategy:", limits)
    write_template(page, spec["template"])
    page.conditions(deployment)
    await write_replica_sets(session, deployment, page)


async def write_replica_sets(session: Session, deployment: Thing, page: Page) -> None:
    """The new one has the deployment's own template; the old ones still have pods."""
    try:
        found = await session.list(
            session.resource(REPLICA_SETS),
            session.namespace_of(deployment),
            labels=selector(deployment["spec"]["selector"]),
        )
    except Refused:
        return
    owned = [one for one in found if owner_uid(one) == pick(deployment, "metadata.uid")]
    owned.sort(key=lambda one: (str(pick(one, "metadata.creationTimestamp")), str(pick(one, "metadata.name"))))
    new = [one for one in owned if same_template(one, deployment)][:1]
    old = [one for one in owned if one not in new]
    if owned:
        page.row("OldReplicaSets:", ", ".join(map(replica_set_line, old)) or "<none>")
        page.row("NewReplicaSet:", ", ".join(map(replica_set_line, new)) or "<none>")


def same_template(replica_set: Thing, deployment: Thing) -> bool:
    def without_hash(template: Thing) -> Thing:
        labels = {k: v for k, v in pick(template, "metadata.labels", {}).items() if k != "pod-template-hash"}
        metadata = {**pick(template, "metadata", {}), "labels": labels}
        return {**template, "metadata": metadata}

    return without_hash(replica_set["spec"]["template"]) == without_hash(deployment["spec"]["template"])


def replica_set_line(found: Thing) -> str:
    created = f"{pick(found, 'status.replicas', 0)}/{pick(found, 'spec.replicas', 0)} replicas created"
    return f"{pick(found, 'metadata.name')} ({created})"


def owner_uid(thing: Thing) -> str:
    owners = (owner for owner in pick(thing, "metadata.ownerReferences", ()) if owner.get("controller"))
    return next((str(owner["uid"]) for owner in owners), "")


async def describe_replica_set(session: Session, replica_set: Thing, page: Page) -> None:
    page.lesson = of_workload(replica_set)
    page.head(replica_set)
    wanted = pick(replica_set, "spec.selector", None)
    labelled = replica_set["kind"] == "ReplicationController"
    page.row("Selector:", pairs(wanted) if labelled else selector(wanted) or "<none>")
    page.marks(replica_set)
    if not labelled and (owner := controller(replica_set)):
        page.row("Controlled By:", owner)
    current, desired = pick(replica_set, "status.replicas", 0), pick(replica_set, "spec.replicas", 0)
    page.row("Replicas:", f"{current} current / {desired} desired")
    await write_pods_status(session, replica_set, pairs(wanted) if labelled else selector(wanted), page)
    write_template(page, replica_set["spec"]["template"])
    page.conditions(replica_set)


async def describe_stateful_set(session: Session, stateful_set: Thing, page: Page) -> None:
    spec = stateful_set["spec"]
    page.head(stateful_set)
    page.row("CreationTimestamp:", date(pick(stateful_set, "metadata.creationTimestamp")))
    page.row("Selector:", selector(spec["selector"]))
    page.marks(stateful_set)
    page.row("Replicas:", f"{spec.get('replicas', 0)} desired | {pick(stateful_set, 'status.replicas', 0)} total")
    page.row("Update Strategy:", pick(spec, "updateStrategy.type"))
    rolling = pick(spec, "updateStrategy.rollingUpdate", {})
    if rolling.get("partition") is not None:
        page.row("Partition:", rolling["partition"], level=1)
        if rolling.get("maxUnavailable") is not None:
            page.row("MaxUnavailable:", rolling["maxUnavailable"], level=1)
    await write_pods_status(session, stateful_set, selector(spec["selector"]), page)
    write_template(page, spec["template"])
    write_claims(page, spec.get("volumeClaimTemplates") or ())


def write_claims(page: Page, claims: Sequence[Thing]) -> None:
    page.write("Volume Claims:\n" if claims else "Volume Claims:\t<none>\n")
    for claim in claims:
        page.row("Name:", pick(claim, "metadata.name"), level=1)
        page.row("StorageClass:", pick(claim, "spec.storageClassName"), level=1)
        page.labels("  Labels", pick(claim, "metadata.labels", None))
        page.labels("  Annotations", pick(claim, "metadata.annotations", None))
        page.row("Capacity:", pick(claim, "spec.resources.requests.storage", "<default>"), level=1)
        page.row("Access Modes:", pick(claim, "spec.accessModes", []), level=1)


async def describe_daemon_set(session: Session, daemon_set: Thing, page: Page) -> None:
    spec, status = daemon_set["spec"], daemon_set.get("status") or {}
    page.head(daemon_set)
    page.row("Selector:", selector(spec["selector"]))
    page.row("Node-Selector:", pairs(pick(spec, "template.spec.nodeSelector", None)))
    page.marks(daemon_set)
    for title, key in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        page.row(f"{title}: {status.get(key, 0)}")
    await write_pods_status(session, daemon_set, selector(spec["selector"]), page)
    write_template(page, spec["template"])


async def write_pods_status(session: Session, owner: Thing, labels: str, page: Page) -> None:
    pods = await session.list(session.resource(PODS), session.namespace_of(owner), labels=labels)
    own = [pod for pod in pods if owner_uid(pod) == pick(owner, "metadata.uid")]
    running, waiting, done, failed = (sum(pick(pod, "status.phase") == phase for pod in own) for phase in PHASES)
    page.row("Pods Status:", f"{running} Running / {waiting} Waiting / {done} Succeeded / {failed} Failed")


async def describe_job(_: Session, job: Thing, page: Page) -> None:
    spec, status = job["spec"], job.get("status") or {}
    page.head(job)
    page.row("Selector:", selector(spec.get("selector")))
    page.marks(job)
    if owner := controller(job):
        page.row("Controlled By:", owner)
    if spec.get("parallelism") is not None:
        page.row("Parallelism:", spec["parallelism"])
    page.row("Completions:", spec.get("completions", UNSET))
    for title, key in (
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ):
        if spec.get(key) is not None:
            page.row(f"{title}:", spec[key])
    write_job_times(page, spec, status)
    ready = f" ({status['ready']} Ready)" if status.get("ready") is not None else ""
    active, done, failed = (status.get(key, 0) for key in ("active", "succeeded", "failed"))
    page.row("Pods Statuses:", f"{active} Active{ready} / {done} Succeeded / {failed} Failed")
    if spec.get("completionMode") == "Indexed":
        page.row("Completed Indexes:", status.get("completedIndexes") or "<none>")
    write_template(page, spec["template"])


def write_job_times(page: Page, spec: Thing, status: Thing) -> None:
    start, end = status.get("startTime"), status.get("completionTime")
    if start:
        page.row("Start Time:", date(start))
    if end:
        page.row("Completed At:", date(end))
    if start and end:
        page.row("Duration:", span(read_time(end) - read_time(start)))
    if spec.get("activeDeadlineSeconds") is not None:
        page.row("Active Deadline Seconds:", f"{spec['activeDeadlineSeconds']}s")


async def describe_cron_job(_: Session, cron_job: Thing, page: Page) -> None:
    spec, status = cron_job["spec"], cron_job.get("status") or {}
    page.head(cron_job)
    page.marks(cron_job)
    page.row("Schedule:", spec.get("schedule", ""))
    page.row("Concurrency Policy:", spec.get("concurrencyPolicy", ""))
    page.row("Suspend:", {True: "True", False: "False"}.get(spec.get("suspend"), UNSET))
    page.row("Time Zone:", spec.get("timeZone", UNSET))
    page.row("Successful Job History Limit:", spec.get("successfulJobsHistoryLimit", UNSET))
    page.row("Failed Job History Limit:", spec.get("failedJobsHistoryLimit", UNSET))
    deadline = spec.get("startingDeadlineSeconds")
    page.row("Starting Deadline Seconds:", UNSET if deadline is None else f"{deadline}s")
    job = pick(spec, "jobTemplate.spec", {})
    page.row("Selector:", selector(job["selector"]) if job.get("selector") else UNSET)
    page.row("Parallelism:", job.get("parallelism", UNSET))
    page.row("Completions:", job.get("completions", UNSET))
    if job.get("activeDeadlineSeconds") is not None:
        page.row("Active Deadline Seconds:", f"{job['activeDeadlineSeconds']}s")
    write_template(page, job["template"])
    page.row("Last Schedule Time:", date(status["lastScheduleTime"]) if status.get("lastScheduleTime") else UNSET)
    page.row("Active Jobs:", ", ".join(one["name"] for one in status.get("active") or ()) or "<none>")


async def describe_autoscaler(_: Session, scaler: Thing, page: Page) -> None:
    spec, status = scaler["spec"], scaler.get("status") or {}
    page.head(scaler)
    page.marks(scaler)
    page.row("CreationTimestamp:", date(pick(scaler, "metadata.creationTimestamp")))
    target = spec["scaleTargetRef"]
    page.row("Reference:", f"{target['kind']}/{target['name']}")
    page.row("Metrics:", "( current / target )")
    current = status.get("currentMetrics") or []
    for place, metric in enumerate(spec.get("metrics") or ()):
        page.row(*metric_row(metric, current[place] if place < len(current) else {}), level=1)
    page.row("Min replicas:", spec.get("minReplicas", UNSET))
    page.row("Max replicas:", spec.get("maxReplicas", 0))
    for title, key in (("Scale Up", "scaleUp"), ("Scale Down", "scaleDown")):
        if spec.get("behavior"):
            if key == "scaleUp":
                page.row("Behavior:")
            write_behavior(page, title, spec["behavior"].get(key))
    counts = f"{status.get('currentReplicas', 0)} current / {status.get('desiredReplicas', 0)} desired"
    page.row(f"{target['kind']} pods:", counts)
    if conditions := status.get("conditions"):
        page.row("Conditions:")
        rows = [[found.get(key, "") for key in ("type", "status", "reason", "message")] for found in conditions]
        page.table(("Type", "Status", "Reason", "Message"), rows)


def metric_row(metric: Thing, current: Thing) -> tuple[str, str]:
    """What is measured, and `current / target`."""
    kind = metric["type"]
    key = kind[:1].lower() + kind[1:]
    source, now = metric.get(key) or {}, current.get(key) or {}
    target = source.get("target") or {}
    if kind in ("Resource", "ContainerResource"):
        of = f' of container "{source.get("container", "")}"' if kind == "ContainerResource" else ""
        what = f"resource {source.get('name', '')}{of} on pods"
        if target.get("averageValue") is not None:
            return f"{what}:", f"{pick(now, 'current.averageValue', '<unknown>')} / {target['averageValue']}"
        used = pick(now, "current.averageUtilization", None)
        shown = "<unknown>" if used is None else f"{used}% ({pick(now, 'current.averageValue')})"
        wanted = f"{target['averageUtilization']}%" if target.get("averageUtilization") is not None else "<auto>"
        return f"{what}  (as a percentage of request):", f"{shown} / {wanted}"
    name = f'"{pick(source, "metric.name")}"'
    if kind == "Pods":
        return (
            f"{name} on pods:",
            f"{pick(now, 'current.averageValue', '<unknown>')} / {target.get('averageValue', '')}",
        )
    form, word = ("averageValue", "average value") if target.get("averageValue") is not None else ("value", "value")
    on = (
        f" on {pick(source, 'describedObject.kind')}/{pick(source, 'describedObject.name')}" if kind == "Object" else ""
    )
    return f"{name}{on} (target {word}):", f"{pick(now, f'current.{form}', '<unknown>')} / {target.get(form, '')}"


def write_behavior(page: Page, title: str, rules: Any) -> None:
    if not rules:
        return
    page.row(f"{title}:", level=1)
    if rules.get("stabilizationWindowSeconds") is not None:
        page.row(f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds", level=2)
    if policies := rules.get("policies"):
        page.row(f"Select Policy: {rules.get('selectPolicy', 'Max')}", level=2)
        page.row("Policies:", level=2)
        for one in policies:
            page.row(
                f"- Type: {one['type']}", f"Value: {one['value']}", f"Period: {one['periodSeconds']} seconds", level=3
            )
