"""`rollout status`: how far a rollout is now. Slack shows no stream, so it is kubectl's with `--watch=false`."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.language import Text
from bot.sandbox.commands import RolloutStatus
from bot.sandbox.errors import UsageError
from bot.sandbox.objects import Thing, pick
from bot.sandbox.rollouts.revisions import number_of
from bot.sandbox.rollouts.showing import NOTHING_FOUND, show_each
from bot.sandbox.session import Said, Session
from bot.sandbox.symptoms import learn_from_pods

ROLLING = "RollingUpdate"
UNDER_WAY = ("Waiting ", "waiting ")  # so begins what kubectl says before the end

GOES_ON = Text(
    "Ce n'est pas fini : retapez la commande dans un moment. Pour suivre jusqu'au bout, sur votre machine : `{line}`.",
    "It is not over yet: type the command again in a moment. To follow it to its end, on your own machine: `{line}`.",
)
OTHER_REVISION = Text(
    "C'est la révision {running} qui tourne, pas la {revision}. Toutes : `/k8s rollout history {thing}`.",
    "Revision {running} is running, not {revision}. All of them: `/k8s rollout history {thing}`.",
)
STUCK = Text(
    "`{name}` n'avance plus : ses nouveaux pods ne deviennent pas prêts à temps. "
    "Regardez pourquoi : `/k8s describe deployment {name}`, `/k8s get pods`.",
    "`{name}` is stuck: its new pods do not become ready in time. "
    "See why: `/k8s describe deployment {name}`, `/k8s get pods`.",
)
BY_HAND = Text(
    "`{name}` n'est pas mis à jour pod par pod (`{strategy}`) : ses pods ne changent que lorsqu'on les supprime. "
    "Regardez-les : `/k8s get pods`.",
    "`{name}` is not updated pod by pod (`{strategy}`): its pods change only when somebody deletes them. "
    "Look at them: `/k8s get pods`.",
)


async def status(session: Session, command: RolloutStatus) -> Said:
    """Raises NotAllowed before any call, Unavailable."""

    seen: list[Thing] = []

    async def show(workload: Thing) -> str:
        seen.append(workload)
        return f"{PROGRESS[workload['kind']](workload, command.revision)}\n"

    said = await show_each(session, command, show)
    if not said.stdout and not said.failures:
        return replace(said, notes=(NOTHING_FOUND.format(session.namespace),))
    lesson = await learn_from_pods(session, seen)
    unfinished = any(line.startswith(UNDER_WAY) for line in said.stdout.splitlines())
    remark = GOES_ON.format(line=command.line) if unfinished and not lesson else None
    return replace(said, remark=remark, lesson=lesson)


def deployment_progress(deployment: Thing, revision: int) -> str:
    name, running = deployment["metadata"]["name"], number_of(deployment)
    if revision and revision != running:
        text = OTHER_REVISION.format(revision=revision, running=running, thing=f"deployment/{name}")
        stderr = f"error: desired revision ({revision}) is different from the running revision ({running})"
        raise UsageError(text, stderr)
    if not is_observed(deployment):
        return "Waiting for deployment spec update to be observed..."
    conditions = pick(deployment, "status.conditions", ())
    if any((one["type"], one.get("reason")) == ("Progressing", "ProgressDeadlineExceeded") for one in conditions):
        raise UsageError(STUCK.format(name=name), f'error: deployment "{name}" exceeded its progress deadline')
    wanted = pick(deployment, "spec.replicas", 0)
    made, updated, available = (
        pick(deployment, f"status.{key}", 0) for key in ("replicas", "updatedReplicas", "availableReplicas")
    )
    waiting = f'Waiting for deployment "{name}" rollout to finish:'
    if updated < wanted:
        return f"{waiting} {updated} out of {wanted} new replicas have been updated..."
    if made > updated:
        return f"{waiting} {made - updated} old replicas are pending termination..."
    if available < updated:
        return f"{waiting} {available} of {updated} updated replicas are available..."
    return f'deployment "{name}" successfully rolled out'


def daemon_set_progress(daemon_set: Thing, _: int) -> str:
    refuse_by_hand(daemon_set)
    name = daemon_set["metadata"]["name"]
    if not is_observed(daemon_set):
        return "Waiting for daemon set spec update to be observed..."
    wanted, updated, available = (
        pick(daemon_set, f"status.{key}", 0)
        for key in ("desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable")
    )
    waiting = f'Waiting for daemon set "{name}" rollout to finish:'
    if updated < wanted:
        return f"{waiting} {updated} out of {wanted} new pods have been updated..."
    if available < wanted:
        return f"{waiting} {available} of {wanted} updated pods are available..."
    return f'daemon set "{name}" successfully rolled out'


def stateful_set_progress(stateful_set: Thing, _: int) -> str:
    refuse_by_hand(stateful_set)
    found = pick(stateful_set, "status", {})
    if not found.get("observedGeneration") or not is_observed(stateful_set):
        return "Waiting for statefulset spec update to be observed..."
    wanted, updated = pick(stateful_set, "spec.replicas", 0), found.get("updatedReplicas", 0)
    if (ready := found.get("readyReplicas", 0)) < wanted:
        return f"Waiting for {wanted - ready} pods to be ready..."
    rolling = pick(stateful_set, "spec.updateStrategy.rollingUpdate", None)
    if rolling is not None:
        behind = wanted - rolling.get("partition", wanted)
        if updated < behind:
            waiting = "Waiting for partitioned roll out to finish:"
            return f"{waiting} {updated} out of {behind} new pods have been updated..."
        return f"partitioned roll out complete: {updated} new pods have been updated..."
    if found.get("updateRevision") != found.get("currentRevision"):
        revision = found.get("updateRevision", "")
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {revision}..."
    current = found.get("currentReplicas", 0), found.get("currentRevision", "")
    return "statefulset rolling update complete {} pods at revision {}...".format(*current)


PROGRESS: Mapping[str, Callable[[Thing, int], str]] = {
    "Deployment": deployment_progress,
    "DaemonSet": daemon_set_progress,
    "StatefulSet": stateful_set_progress,
}


def is_observed(workload: Thing) -> bool:
    """Whether its controller has seen its last change."""
    seen, last = (pick(workload, path, 0) for path in ("status.observedGeneration", "metadata.generation"))
    return bool(seen >= last)


def refuse_by_hand(workload: Thing) -> None:
    strategy = pick(workload, "spec.updateStrategy.type")
    if strategy != ROLLING:
        text = BY_HAND.format(name=workload["metadata"]["name"], strategy=strategy)
        raise UsageError(text, f"error: rollout status is only available for {ROLLING} strategy type")
