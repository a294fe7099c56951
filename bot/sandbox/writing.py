"""`scale` and `expose`: kubectl's requests, each write tried with a server-side dry run first.

The dry run tells policy, quota and "already exists" before anything is changed or charged: a create that fails
with AlreadyExists would still be charged to the quota.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.language import Text
from bot.sandbox.api import MERGE_PATCH, STRATEGIC_MERGE_PATCH, Answer, Api, Method, Refused
from bot.sandbox.changes import Change
from bot.sandbox.commands import Expose, Scale, Target
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.person import Person
from bot.sandbox.telling import Fields

LONGEST_SERVICE_NAME = 63
DRY_RUN = ("dryRun", "All")
CONFLICT_PAUSES = (0.1, 0.3, 1.0)  # seconds
SERVICE_FIELDS = ("selector", "ports", "type")

NOT_THAT_MANY = Text(
    "Il y a {actual} réplicas et non {expected} : rien n'a été changé. Regardez avec `/k8s get {kind} {name}`.",
    "There are {actual} replicas, not {expected}: nothing was changed. Look with `/k8s get {kind} {name}`.",
)
NO_PORT = Text(
    "`{name}` ne déclare aucun port : donnez-en un. Exemple : `/k8s expose deployment {name} --port=80`.",
    "`{name}` declares no port: give one. Example: `/k8s expose deployment {name} --port=80`.",
)
NO_SELECTOR = Text(
    "`{name}` n'a pas de labels qui désignent des pods : donnez-les avec `--selector=app=demonstration`.",
    "`{name}` has no labels that point to pods: give them with `--selector=app=demonstration`.",
)


class Writer:
    """Writes for one person in one namespace, or only tries (``dry``). Raises Refused, UsageError, Unavailable."""

    def __init__(self, api: Api, person: Person, namespace: str, *, dry: bool = False) -> None:
        self._api = api
        self._person = person
        self.namespace = namespace
        self.dry = dry

    async def find(self, target: Target) -> Mapping[str, Any]:
        return (await self.send("GET", target.resource.path(self.namespace, target.name))).object

    async def scale(self, command: Scale, target: Target, source: Mapping[str, Any]) -> Change:
        before = source["spec"].get("replicas", 1)
        if command.current is None:
            await self.patch(target.resource, target.name, command.verb.name, with_replicas(command.replicas))
        else:
            before = command.current
            await self._scale_if(command, target)
        return Change(
            verb="scale",
            kind=target.resource.label,
            name=target.name,
            namespace=self.namespace,
            uid=source["metadata"]["uid"],
            before=with_replicas(before),
            after=with_replicas(command.replicas),
        )

    async def expose(self, command: Expose, target: Target, source: Mapping[str, Any]) -> Change:
        service = make_service(command, target, source)
        answer = await self.write("POST", f"/api/v1/namespaces/{self.namespace}/services", service)
        # A dry run makes up a uid and node ports that no service will have.
        made = service if self.dry else answer.object
        return Change(
            verb="expose",
            kind="service",
            name=service["metadata"]["name"],
            namespace=self.namespace,
            uid=made["metadata"].get("uid", ""),
            before=None,
            after={"spec": {name: made["spec"][name] for name in SERVICE_FIELDS if name in made["spec"]}},
        )

    async def patch(self, resource: Resource, name: str, verb: str, fields: Fields) -> Answer:
        """The fields that ``verb`` writes; None takes one away."""
        if verb == "scale":
            path = resource.path(self.namespace, name, "scale")
            return await self.write("PATCH", path, fields, content_type=MERGE_PATCH)
        path = resource.path(self.namespace, name)
        return await self.write("PATCH", path, fields, content_type=STRATEGIC_MERGE_PATCH)

    async def _scale_if(self, command: Scale, target: Target) -> None:
        """Tried again on a conflict, as kubectl does: each change of the status is one."""
        path = target.resource.path(self.namespace, target.name, "scale")
        for pause in CONFLICT_PAUSES:
            try:
                await self.write("PUT", path, await self._scaled(command, target, path))
                return
            except Refused as error:
                if error.reason != "Conflict":
                    raise
            await asyncio.sleep(pause)
        await self.write("PUT", path, await self._scaled(command, target, path))

    async def _scaled(self, command: Scale, target: Target, path: str) -> Mapping[str, Any]:
        """The Scale object with the new number; raises UsageError unless the old one is as expected."""
        scale = (await self.send("GET", path)).object
        actual = scale["spec"].get("replicas", 0)
        if actual != command.current:
            text = NOT_THAT_MANY.format(
                actual=actual, expected=command.current, kind=target.resource.kind.resource, name=target.name
            )
            raise UsageError(text, f"error: Expected replicas to be {command.current}, was {actual}")
        return {**scale, "spec": {**scale["spec"], "replicas": command.replicas}}

    async def write(self, method: Method, path: str, body: object, **how: Any) -> Answer:
        tried = await self.send(method, path, query=[DRY_RUN], body=body, **how)
        return tried if self.dry else await self.send(method, path, body=body, **how)

    async def send(self, method: Method, path: str, **how: Any) -> Answer:
        return await self._api.send(self._person, self.namespace, method, path, **how)


def with_replicas(count: int) -> Fields:
    return {"spec": {"replicas": count}}


def make_service(command: Expose, target: Target, source: Mapping[str, Any]) -> dict[str, Any]:
    """The service that kubectl would make of the flags and, where they are silent, of the object."""
    spec: dict[str, Any] = {
        "selector": command.selector or selector_of(target, source),
        "ports": ports_of(command, target, source),
    }
    if command.type:
        spec["type"] = command.type
    metadata: dict[str, Any] = {"name": command.name or target.name[:LONGEST_SERVICE_NAME]}
    if labels := source["metadata"].get("labels"):
        metadata["labels"] = labels
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def selector_of(target: Target, source: Mapping[str, Any]) -> Mapping[str, str]:
    kind = target.resource.object_kind
    spec = source.get("spec", {})
    if kind == "Pod":
        found, problem = source["metadata"].get("labels"), "the pod has no labels and cannot be exposed"
    elif kind == "Service":
        found, problem = spec.get("selector"), "the service has no pod selector set"
    elif kind == "ReplicationController":
        found, problem = spec.get("selector"), "selector must be specified"
    else:
        selector = spec.get("selector", {})
        found, problem = (
            selector.get("matchLabels"),
            f"invalid {kind.lower()}: no selectors, therefore cannot be exposed",
        )
        if found and selector.get("matchExpressions"):
            found, problem = None, "couldn't convert expressions to map-based selector format"
    if not found:
        stderr = f"error: couldn't retrieve selectors via --selector flag or introspection: {problem}"
        raise UsageError(NO_SELECTOR.format(name=target.name), stderr)
    labels: Mapping[str, str] = found
    return labels


def ports_of(command: Expose, target: Target, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    declared = declared_ports(target, source)
    numbers = command.ports or tuple(declared)
    if not numbers:
        raise UsageError(NO_PORT.format(name=target.name), "error: couldn't find port via --port flag or introspection")
    ports: list[dict[str, Any]] = []
    for place, number in enumerate(numbers, start=1):
        protocols = [command.protocol] if command.protocol else declared.get(number, ["TCP"])
        for protocol in protocols:
            port: dict[str, Any] = {
                "port": number,
                "protocol": protocol,
                "targetPort": number_or_name(command.target_port) or number,
            }
            if len(protocols) > 1:
                port["name"] = f"port-{place}-{protocol.lower()}"
            elif len(numbers) > 1:
                port["name"] = f"port-{place}"
            ports.append(port)
    return ports


def declared_ports(target: Target, source: Mapping[str, Any]) -> dict[int, list[str]]:
    """Port → protocols, in the order of the object."""
    spec = source.get("spec", {})
    if target.resource.object_kind == "Service":
        ports: Sequence[Mapping[str, Any]] = spec.get("ports", ())
        number = "port"
    else:
        pod = spec if target.resource.object_kind == "Pod" else spec.get("template", {}).get("spec", {})
        ports = [port for container in pod.get("containers", ()) for port in container.get("ports", ())]
        number = "containerPort"
    found: dict[int, list[str]] = {}
    for port in ports:
        found.setdefault(port[number], []).append(port.get("protocol", "TCP"))
    return found


def number_or_name(value: str) -> int | str:
    return int(value) if value.isascii() and value.isdigit() else value
