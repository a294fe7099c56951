"""A look at what was scaled, until its pods are there or what keeps them away is known: three seconds at most."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.language import Text
from bot.sandbox.admission import reason_of
from bot.sandbox.api import Api
from bot.sandbox.changes import Change
from bot.sandbox.discovery import Resource
from bot.sandbox.endpoints import is_new_service, look_behind
from bot.sandbox.person import Person
from bot.sandbox.rolling import FAILING, Rolling, first_failing, look_at_rollout, pods_of, rolls
from bot.sandbox.telling import replicas

PAUSES = (1.0, 1.0, 1.0)  # seconds
RECENT = timedelta(minutes=2)  # of an event; the clocks of two machines may differ

OF = Text("`{thing}` : {look}", "`{thing}`: {look}")
ALL_GONE = Text("Plus aucun pod ne tourne.", "No pod runs any more.")
STOPPING = (
    Text("{count} pod s'arrête encore.", "{count} pod still stopping."),
    Text("{count} pods s'arrêtent encore.", "{count} pods still stopping."),
)
READY = (
    Text("{ready} pod prêt sur {wanted}", "{ready} of {wanted} pods ready"),
    Text("{ready} pods prêts sur {wanted}", "{ready} of {wanted} pods ready"),
)
STARTING = (
    Text("{count} démarre encore", "{count} still starting"),
    Text("{count} démarrent encore", "{count} still starting"),
)
NOT_CREATED = (
    Text("{count} non créé{why}", "{count} not created{why}"),
    Text("{count} non créés{why}", "{count} not created{why}"),
)
WHY = Text(" : {reason}", ": {reason}")


@dataclass(frozen=True, slots=True)
class Look:
    """Pods of one object; ``problem``: the API server's words on those that it did not create.

    ``current``: its controller has seen the change. ``failing``: one that does not get ready, and why.
    """

    wanted: int
    made: int
    ready: int
    problem: str
    current: bool
    failing: tuple[str, str] | None = None

    @property
    def settled(self) -> bool:
        all_known = self.made == self.ready or bool(self.failing)
        return self.current and all_known and (self.made == self.wanted or bool(self.problem))

    @property
    def told(self) -> Text:
        if self.made > self.wanted:
            return counted(STOPPING, self.made - self.wanted, count=self.made - self.wanted)
        if self.wanted == 0:
            return ALL_GONE
        missing, starting = self.wanted - self.made, self.made - self.ready
        parts = [counted(READY, self.ready, ready=self.ready, wanted=self.wanted)]
        if missing:
            why = WHY.format(reason=reason_of(self.problem)) if self.problem else ""
            parts.append(counted(NOT_CREATED, missing, count=missing, why=why))
        if self.failing:
            parts.append(FAILING.format(pod=self.failing[0], reason=self.failing[1]))
        elif starting:
            parts.append(counted(STARTING, starting, count=starting))
        return Text(" ; ".join(part.fr for part in parts) + ".", "; ".join(part.en for part in parts) + ".")


def has_pods(change: Change) -> bool:
    """Whether there is something to look at: it changed pods, or what finds them."""
    return changes_pods(change) or is_new_service(change)


def changes_pods(change: Change) -> bool:
    """Whether it wrote a number of pods, or what they are made from."""
    return rolls(change) or (change.after is not None and replicas(change.after) is not None)


def named(changes: Sequence[Change], looks: Sequence[Text]) -> Sequence[Text]:
    """With the object in front where there are several."""
    if len(changes) == 1:
        return looks
    return [OF.format(thing=change.thing, look=look) for change, look in zip(changes, looks, strict=True)]


async def settle(api: Api, person: Person, resource: Resource, change: Change) -> Text:
    """What became of the pods of a change. Raises Refused, Unavailable."""
    if is_new_service(change):
        return await look_behind(api, person, change)
    seen: Look | Rolling
    for pause in PAUSES:
        await asyncio.sleep(pause)
        seen = await (look_at_rollout if rolls(change) else look)(api, person, resource, change)
        if seen.settled:
            break
    return seen.told


async def look(api: Api, person: Person, resource: Resource, change: Change) -> Look:
    path = resource.path(change.namespace, change.name)
    found = (await api.send(person, change.namespace, "GET", path)).object
    status = found.get("status", {})
    wanted, made = replicas(change.after or {}) or 0, status.get("replicas", 0)
    problem = ""
    if made < wanted:
        problem = failure_of(status) or await last_failure(api, person, change)
    ready = status.get("readyReplicas", 0)
    failing = first_failing(await pods_of(api, person, change, found)) if ready < made else None
    current = status.get("observedGeneration", 0) >= found["metadata"].get("generation", 0)
    return Look(wanted, made, ready, problem, current, failing)


def failure_of(status: Mapping[str, Any]) -> str:
    """Deployments and ReplicaSets say it themselves."""
    failures = (c for c in status.get("conditions", ()) if c["type"] == "ReplicaFailure" and c["status"] == "True")
    return next((str(failure.get("message", "")) for failure in failures), "")


async def last_failure(api: Api, person: Person, change: Change) -> str:
    """StatefulSets leave it to events."""
    query = [("fieldSelector", f"reason=FailedCreate,involvedObject.uid={change.uid}")]
    path = f"/api/v1/namespaces/{change.namespace}/events"
    events = (await api.send(person, change.namespace, "GET", path, query=query)).object.get("items", ())
    since = (datetime.now(UTC) - RECENT).strftime("%Y-%m-%dT%H:%M:%SZ")
    recent = [(when, event) for event in events if (when := event.get("lastTimestamp") or "") >= since]
    return str(max(recent, key=lambda pair: pair[0])[1].get("message", "")) if recent else ""


def counted(forms: tuple[Text, Text], number: int, **fields: object) -> Text:
    return forms[number > 1].format(**fields)
