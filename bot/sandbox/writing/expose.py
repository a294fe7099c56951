"""`expose`: the service that kubectl would make of the flags and, where they are silent, of the object."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from bot.language import Text
from bot.sandbox.changes import Change
from bot.sandbox.commands import Expose, Target
from bot.sandbox.errors import UsageError
from bot.sandbox.goprint import go_print
from bot.sandbox.writing.writer import Writer, Written, each

LONGEST_SERVICE_NAME = 63
SERVICE_FIELDS = ("selector", "ports", "type")

NO_PORT = Text(
    "`{name}` ne déclare aucun port : donnez-en un. Exemple : `/k8s expose deployment {name} --port=80`.",
    "`{name}` declares no port: give one. Example: `/k8s expose deployment {name} --port=80`.",
)
NO_SELECTOR = Text(
    "`{name}` n'a pas de labels qui désignent des pods : donnez-les avec `--selector=app=demonstration`.",
    "`{name}` has no labels that point to pods: give them with `--selector=app=demonstration`.",
)


async def expose(writer: Writer, command: Expose) -> Written:
    return await each(writer, command.targets, partial(expose_one, writer, command))


async def expose_one(writer: Writer, command: Expose, target: Target) -> Change:
    service = make_service(command, target, await writer.find(target))
    answer = await writer.write("POST", f"/api/v1/namespaces/{writer.namespace}/services", service)
    # A dry run makes up a uid and node ports that no service will have.
    made = service if writer.dry else answer.object
    return Change(
        verb=command.verb.name,
        kind="service",
        name=service["metadata"]["name"],
        namespace=writer.namespace,
        uid=made["metadata"].get("uid", ""),
        before=None,
        after={"spec": {name: made["spec"][name] for name in SERVICE_FIELDS if name in made["spec"]}},
    )


def make_service(command: Expose, target: Target, source: Mapping[str, Any]) -> dict[str, Any]:
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
            expressions = go_expressions(selector["matchExpressions"])
            found, problem = None, f'couldn\'t convert expressions - "{expressions}" to map-based selector format'
    if not found:
        stderr = f"error: couldn't retrieve selectors via --selector flag or introspection: {problem}"
        raise UsageError(NO_SELECTOR.format(name=target.name), stderr)
    labels: Mapping[str, str] = found
    return labels


def go_expressions(expressions: Sequence[Mapping[str, Any]]) -> str:
    """As Go prints them."""
    printed = (
        f"{{Key:{one['key']} Operator:{one['operator']} Values:{go_print(one.get('values') or [])}}}"
        for one in expressions
    )
    return f"[{' '.join(printed)}]"


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
