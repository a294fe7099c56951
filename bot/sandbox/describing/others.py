"""`describe` of config maps, volume claims, and of every kind that has no form of its own."""

import re
from collections.abc import Mapping

from bot.sandbox.ages import date, since
from bot.sandbox.describing.page import Page
from bot.sandbox.goprint import go_print
from bot.sandbox.objects import Thing, pick
from bot.sandbox.session import Session
from bot.sandbox.table.kinds import PODS

MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
SHOWN_ALREADY = frozenset(f"metadata.{key}" for key in ("managedFields", "name", "namespace", "labels", "annotations"))
ACRONYMS = ("API", "URL", "UID", "GUID")
LETTERS = re.compile(r"[A-Za-z-]+")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-+")


async def describe_config_map(_: Session, config_map: Thing, page: Page) -> None:
    page.head(config_map)
    page.marks(config_map)
    page.write("\nData\n====\n")
    for key, value in sorted((config_map.get("data") or {}).items()):
        page.write(f"{key}:\n----\n{value}\n\n")
    page.write("\nBinaryData\n====\n")
    for key, value in sorted((config_map.get("binaryData") or {}).items()):
        page.write(f"{key}: {len(value) * 3 // 4 - value.count('=')} bytes\n")
    page.write("\n")


async def describe_claim(session: Session, claim: Thing, page: Page) -> None:
    spec, status = claim["spec"], claim.get("status") or {}
    pods = await session.list(session.resource(PODS), session.namespace_of(claim))
    page.head(claim)
    page.row("StorageClass:", spec.get("storageClassName", ""))
    gone = pick(claim, "metadata.deletionTimestamp")
    page.row("Status:", f"Terminating (lasts {since(gone)})" if gone else status.get("phase", ""))
    page.row("Volume:", spec.get("volumeName", ""))
    page.marks(claim)
    page.row("Finalizers:", pick(claim, "metadata.finalizers", []))
    bound = bool(spec.get("volumeName"))
    page.row("Capacity:", pick(status, "capacity.storage", "0") if bound else "")
    page.row(
        "Access Modes:", ",".join(MODES.get(mode, mode) for mode in status.get("accessModes") or ()) if bound else ""
    )
    if spec.get("volumeMode"):
        page.row("VolumeMode:", spec["volumeMode"])
    if source := spec.get("dataSource"):
        page.row("DataSource:")
        for title, key in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if source.get(key) is not None:
                page.row(f"{title}:", source[key], level=1)
    name = pick(claim, "metadata.name")
    page.lines("Used By", sorted(pick(pod, "metadata.name") for pod in pods if uses(pod, name)))
    if conditions := status.get("conditions"):
        page.row("Conditions:")
        titles = ("Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
        page.row(*titles, level=1)
        page.row(
            *("-" * len(title if place != 2 else "LastHeartbeatTime") for place, title in enumerate(titles)), level=1
        )
        for one in conditions:
            times = (date(one.get("lastProbeTime")), date(one.get("lastTransitionTime")))
            cells = (one["type"], one["status"], *times, one.get("reason", ""))
            page.row(*(f"{cell} " for cell in cells), one.get("message", ""), level=1)


def uses(pod: Thing, claim: str) -> bool:
    """By its name, or as the claim that a volume of the pod's own made."""
    volumes = pick(pod, "spec.volumes", ())
    made = (f"{pick(pod, 'metadata.name')}-{volume['name']}" for volume in volumes if volume.get("ephemeral"))
    return claim in made or any(pick(volume, "persistentVolumeClaim.claimName") == claim for volume in volumes)


async def describe_any(_: Session, thing: Thing, page: Page) -> None:
    page.head(thing)
    page.marks(thing)
    write_fields(page, thing, "", 0)


def write_fields(page: Page, fields: Thing, prefix: str, level: int) -> None:
    for name in sorted(fields):
        value, path = fields[name], f"{prefix}{name}"
        if path in SHOWN_ALREADY:
            continue
        if isinstance(value, Mapping):
            page.row(f"{title(name)}:", level=level)
            write_fields(page, value, f"{path}.", level + 1)
        elif isinstance(value, list):
            page.row(f"{title(name)}:", level=level)
            for item in value:
                if isinstance(item, Mapping):
                    write_fields(page, item, f"{path}.", level + 1)
                else:
                    page.row(go_print(item), level=level + 1)
        else:
            page.row(f"{title(name)}:", value, level=level)


def title(name: str) -> str:
    """`clusterName` is `Cluster Name`, `apiVersion` is `API Version`."""
    if not LETTERS.fullmatch(name):
        return name
    words: list[str] = []
    for word in WORD.findall(name):
        if words and len(words[-1]) > 1 and words[-1].isupper() and word[0].isupper():
            words[-1] += word
        else:
            words.append(word)
    return " ".join(
        word.upper() if word.upper() in ACRONYMS else word.capitalize() if word.islower() else word for word in words
    )
