"""The containers of a pod, or of the template of one."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.ages import date
from bot.sandbox.describing.page import Page
from bot.sandbox.goprint import go_print
from bot.sandbox.objects import Thing, pick
from bot.sandbox.quantity import Quantity, read_quantity

PROBES = (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"))


def write_containers(
    page: Page, title: str, containers: Sequence[Thing], statuses: Sequence[Thing], pod: Thing | None, indent: str
) -> None:
    """``pod`` is None for a template, where no field can be looked up."""
    by_name = {status["name"]: status for status in statuses}
    page.write(f"{indent}{title}:{'' if containers else ' <none>'}\n")
    for container in containers:
        status = by_name.get(container["name"])
        write_basics(page, container, status, indent)
        write_command(page, container)
        if status:
            write_state(page, status)
        write_resources(page, container.get("resources"), 2)
        for name, key in PROBES:
            if probe := container.get(key):
                page.row(f"{name}:", probe_line(probe), level=2)
        write_env_from(page, container)
        write_env(page, container, pod)
        write_mounts(page, container)


def write_basics(page: Page, container: Thing, status: Thing | None, indent: str) -> None:
    page.write(f"{' ' if indent else ''}{container['name']}:\n", 1)
    if status:
        page.row("Container ID:", status.get("containerID", ""), level=2)
    page.row("Image:", container.get("image", ""), level=2)
    if status:
        page.row("Image ID:", status.get("imageID", ""), level=2)
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = ", ".join(port_line(port, key) for port in container.get("ports") or ())
        page.row(f"{title}s:" if "," in ports else f"{title}:", ports or "<none>", level=2)
    if profile := pick(container, "securityContext.seccompProfile", None):
        page.row("SeccompProfile:", profile["type"], level=2)
        if profile["type"] == "Localhost":
            page.row("LocalhostProfile:", profile.get("localhostProfile", ""), level=3)


def port_line(port: Thing, key: str) -> str:
    name = f" ({port['name']})" if port.get("name") else ""
    return f"{port.get(key, 0)}/{port.get('protocol', '')}{name}"


def write_command(page: Page, container: Thing) -> None:
    for title, key in (("Command", "command"), ("Args", "args")):
        if words := container.get(key):
            page.row(f"{title}:", level=2)
            for line in "\n".join(words).split("\n"):
                page.row(line, level=3)


def write_state(page: Page, status: Thing) -> None:
    write_one_state(page, "State", status.get("state") or {})
    if pick(status, "lastState.terminated", None):
        write_one_state(page, "Last State", status["lastState"])
    page.row("Ready:", "True" if status.get("ready") else "False", level=2)
    page.row("Restart Count:", status.get("restartCount", 0), level=2)


def write_one_state(page: Page, title: str, state: Thing) -> None:
    if running := state.get("running"):
        page.row(f"{title}:", "Running", level=2)
        page.row("Started:", date(running.get("startedAt")), level=3)
    elif ended := state.get("terminated"):
        page.row(f"{title}:", "Terminated", level=2)
        for name, key in (("Reason", "reason"), ("Message", "message")):
            if ended.get(key):
                page.row(f"{name}:", ended[key], level=3)
        page.row("Exit Code:", ended.get("exitCode", 0), level=3)
        if ended.get("signal", 0) > 0:
            page.row("Signal:", ended["signal"], level=3)
        page.row("Started:", date(ended.get("startedAt")), level=3)
        page.row("Finished:", date(ended.get("finishedAt")), level=3)
    else:
        page.row(f"{title}:", "Waiting", level=2)
        if reason := pick(state, "waiting.reason"):
            page.row("Reason:", reason, level=3)


def write_resources(page: Page, resources: Thing | None, level: int) -> None:
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        if amounts := pick(resources, key, {}):
            page.row(f"{title}:", level=level)
            for name, amount in sorted(amounts.items()):
                page.row(f"{name}:", amount, level=level + 1)


def probe_line(probe: Thing) -> str:
    times = "delay={}s timeout={}s period={}s #success={} #failure={}".format(
        *(
            probe.get(key, 0)
            for key in (
                "initialDelaySeconds",
                "timeoutSeconds",
                "periodSeconds",
                "successThreshold",
                "failureThreshold",
            )
        )
    )
    if command := probe.get("exec"):
        return f"exec {go_print(command.get('command') or [])} {times}"
    if http := probe.get("httpGet"):
        path = http.get("path", "")
        address = f"{http.get('scheme', '').lower()}://{http.get('host', '')}:{http.get('port', '')}"
        return f"http-get {address}{path if path.startswith('/') or not path else f'/{path}'} {times}"
    if tcp := probe.get("tcpSocket"):
        return f"tcp-socket {tcp.get('host', '')}:{tcp.get('port', '')} {times}"
    if grpc := probe.get("grpc"):
        return f"grpc <pod>:{grpc.get('port', 0)} {grpc.get('service', '')} {times}"
    return f"unknown {times}"


def write_env_from(page: Page, container: Thing) -> None:
    if not container.get("envFrom"):
        return
    page.row("Environment Variables from:", level=2)
    for source in container["envFrom"]:
        kind, key = ("ConfigMap", "configMapRef") if source.get("configMapRef") else ("Secret", "secretRef")
        prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
        ref = source.get(key) or {}
        page.row(ref.get("name", ""), f"{kind}{prefix}", f"Optional: {go_print(ref.get('optional', False))}", level=3)


def write_env(page: Page, container: Thing, pod: Thing | None) -> None:
    variables = container.get("env") or ()
    page.write("Environment:\n" if variables else "Environment:\t<none>\n", 2)
    for variable in variables:
        source = variable.get("valueFrom")
        if not source:
            first, *more = variable.get("value", "").split("\n")
            page.row(f"{variable['name']}:", first, level=3)
            for line in more:
                page.row("", line, level=3)
        else:
            write_env_source(page, variable["name"], source, container, pod)


def write_env_source(page: Page, name: str, source: Thing, container: Thing, pod: Thing | None) -> None:
    if field := source.get("fieldRef"):
        path = field.get("fieldPath", "")
        page.row(f"{name}:", f"{field_value(pod, path)} ({field.get('apiVersion', 'v1')}:{path})", level=3)
    elif amount := source.get("resourceFieldRef"):
        page.row(f"{name}:", f"{resource_value(amount, container)} ({amount['resource']})", level=3)
    else:
        key = "secretKeyRef" if source.get("secretKeyRef") else "configMapKeyRef"
        ref = source.get(key) or {}
        where = (
            f"in secret '{ref.get('name', '')}'" if key == "secretKeyRef" else f"of config map '{ref.get('name', '')}'"
        )
        optional = f"Optional: {go_print(ref.get('optional', False))}"
        page.row(f"{name}:", f"<set to the key '{ref.get('key', '')}' {where}>", optional, level=3)


def field_value(pod: Thing | None, path: str) -> str:
    """kubectl looks up whole fields of the metadata only."""
    if pod is None or not path.startswith("metadata."):
        return ""
    found: Any = pick(pod, path)
    if isinstance(found, Mapping):
        return "\n".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in sorted(found.items()))
    return str(found)


def resource_value(ref: Thing, container: Thing) -> str:
    amount = read_quantity(str(pick(container.get("resources"), ref["resource"], "0"))) or Quantity()
    divisor = read_quantity(str(ref.get("divisor") or "1")) or Quantity()
    if ref["resource"].endswith(".cpu"):
        value = math.ceil(amount.milli / (divisor.milli or 1000))
    else:
        value = math.ceil(amount.rounded / (divisor.rounded or 1))
    return "node allocatable" if not value and ref["resource"] in ("limits.cpu", "limits.memory") else str(value)


def write_mounts(page: Page, container: Thing) -> None:
    mounts = sorted(container.get("volumeMounts") or (), key=lambda mount: str(mount["mountPath"]))
    page.write("Mounts:\n" if mounts else "Mounts:\t<none>\n", 2)
    for mount in mounts:
        path = f",path={json.dumps(mount['subPath'])}" if mount.get("subPath") else ""
        flags = ("ro" if mount.get("readOnly") else "rw") + path
        page.row(f"{mount['mountPath']} from {mount['name']} ({flags})", level=3)
    if devices := sorted(container.get("volumeDevices") or (), key=lambda device: str(device["devicePath"])):
        page.write("Devices:\n" if mounts else "Devices:\t<none>\n", 2)
        for device in devices:
            page.row(f"{device['devicePath']} from {device['name']}", level=3)
