"""A look at a workload whose template changed: how many of its new pods are there and ready, and what stops them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.language import Text
from bot.sandbox.api import Api
from bot.sandbox.changes import Change
from bot.sandbox.discovery import Resource
from bot.sandbox.lessons import without_node
from bot.sandbox.objects import CONTAINERS, Thing, is_ready, pick, selector
from bot.sandbox.person import Person

VERBS = ("set image", "rollout undo", "rollout restart", "rollout resume")
KINDS = ("deployment.apps", "daemonset.apps", "statefulset.apps")
UNDER_WAY = ("ContainerCreating", "PodInitializing")

NEW_READY = (
    Text("{ready} nouveau pod prêt sur {wanted}", "{ready} of {wanted} new pods ready"),
    Text("{ready} nouveaux pods prêts sur {wanted}", "{ready} of {wanted} new pods ready"),
)
STARTING = (
    Text("{count} démarre encore", "{count} still starting"),
    Text("{count} démarrent encore", "{count} still starting"),
)
FAILING = Text(
    "`{pod}` n'y arrive pas : `{reason}` (`/k8s describe pod {pod}`)",
    "`{pod}` does not get there: `{reason}` (`/k8s describe pod {pod}`)",
)
NO_PODS = Text("0 réplica : il n'y a pas de pod à remplacer.", "0 replicas: there are no pods to replace.")
HELD_BACK = Text(
    "En pause : rien ne change avant `/k8s rollout resume {thing}`.",
    "Paused: nothing changes before `/k8s rollout resume {thing}`.",
)
BY_HAND = Text(
    "Ses pods ne changent que lorsqu'on les supprime (`OnDelete`).",
    "Its pods change only when somebody deletes them (`OnDelete`).",
)


@dataclass(frozen=True, slots=True)
class Rolling:
    """New pods of one workload. ``failing``: one that does not get ready, and why; ``held_back``: why none is made."""

    wanted: int
    made: int
    ready: int
    failing: tuple[str, str] | None = None
    held_back: Text | None = None

    @property
    def settled(self) -> bool:
        return self.ready >= self.wanted or bool(self.failing or self.held_back)

    @property
    def told(self) -> Text:
        if self.held_back or not self.wanted:
            return self.held_back or NO_PODS
        parts = [NEW_READY[self.ready > 1].format(ready=self.ready, wanted=self.wanted)]
        if self.failing:
            parts.append(FAILING.format(pod=self.failing[0], reason=self.failing[1]))
        elif starting := self.made - self.ready:
            parts.append(STARTING[starting > 1].format(count=starting))
        return Text(" ; ".join(part.fr for part in parts) + ".", "; ".join(part.en for part in parts) + ".")


def rolls(change: Change) -> bool:
    return change.is_one and change.verb in VERBS and change.kind in KINDS


async def look_at_rollout(api: Api, person: Person, resource: Resource, change: Change) -> Rolling:
    """Raises Refused, Unavailable."""
    workload = (await api.send(person, change.namespace, "GET", resource.path(change.namespace, change.name))).object
    return rolling(workload, await pods_of(api, person, change, workload), change.thing)


async def pods_of(api: Api, person: Person, change: Change, workload: Thing) -> list[Thing]:
    chosen = pick(workload, "spec.selector", {})
    labels = selector(chosen if {"matchLabels", "matchExpressions"} & {*chosen} else {"matchLabels": chosen})
    path, query = f"/api/v1/namespaces/{change.namespace}/pods", [("labelSelector", labels)]
    return list((await api.send(person, change.namespace, "GET", path, query=query)).object.get("items") or ())


def rolling(workload: Thing, pods: Iterable[Thing], thing: str) -> Rolling:
    new = [pod for pod in pods if is_of(pod, workload["spec"]["template"])]
    wanted = pick(workload, "spec.replicas", pick(workload, "status.desiredNumberScheduled", 0))
    return Rolling(wanted, len(new), sum(map(is_ready, new)), first_failing(new), held_back(workload, thing))


def first_failing(pods: Iterable[Thing]) -> tuple[str, str] | None:
    """A pod that does not get ready, and why."""
    return next(((pod["metadata"]["name"], reason) for pod in pods if (reason := waits_for(pod))), None)


def held_back(workload: Thing, thing: str) -> Text | None:
    if pick(workload, "spec.paused"):
        return HELD_BACK.format(thing=thing)
    return BY_HAND if pick(workload, "spec.updateStrategy.type") == "OnDelete" else None


def is_of(pod: Thing, template: Thing) -> bool:
    """Whether it was made from ``template``, by what nobody adds to or takes from a pod, and stays."""
    marks = (f"metadata.{mark}" for mark in ("labels", "annotations"))
    marked = all(pick(template, mark, {}).items() <= pick(pod, mark, {}).items() for mark in marks)
    same = programs(pod["spec"]) == programs(template["spec"])
    return marked and same and not pick(pod, "metadata.deletionTimestamp")


def programs(spec: Thing) -> list[list[object]]:
    """What its containers run."""
    containers = (container for key in CONTAINERS for container in spec.get(key) or ())
    return [[container.get(key) for key in ("name", "image", "command", "args", "env")] for container in containers]


def waits_for(pod: Thing) -> str:
    """Why a container of the pod does not run, in the words of its status or events, "" where all do or will."""
    if without_node(pod):
        return "FailedScheduling"
    states = (*pick(pod, "status.initContainerStatuses", ()), *pick(pod, "status.containerStatuses", ()))
    reasons = (pick(state, "state.waiting.reason") for state in states)
    return next((reason for reason in reasons if reason and reason not in UNDER_WAY), "")
