"""`describe pod`, and the pod templates of all workloads."""

from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.ages import date, since
from bot.sandbox.describing.containers import write_containers, write_resources
from bot.sandbox.describing.page import Page, controller
from bot.sandbox.goprint import go_print
from bot.sandbox.lessons import of_pod
from bot.sandbox.objects import Thing, pick, selector
from bot.sandbox.session import Session
from bot.sandbox.symptoms import reads_logs


async def describe_pod(session: Session, pod: Thing, page: Page) -> None:
    page.lesson = of_pod(pod, described=True, logs=reads_logs(session, session.namespace_of(pod)))
    spec, status = pod["spec"], pod.get("status") or {}
    page.head(pod)
    write_about(page, pod)
    page.marks(pod)
    write_phase(page, pod)
    page.row("IP:", status.get("podIP", ""))
    write_addresses(page, status.get("podIPs") or ())
    if owner := controller(pod):
        page.row("Controlled By:", owner)
    if node := status.get("nominatedNodeName"):
        page.row("NominatedNodeName:", node)
    if spec.get("resources"):
        page.row("Resources:")
        write_resources(page, spec["resources"], 1)
    for title, key, state in CONTAINERS:
        if spec.get(key) or key == "containers":
            write_containers(page, title, spec.get(key) or (), status.get(state) or (), pod, "")
    write_gates(page, spec, status)
    if conditions := status.get("conditions"):
        page.row("Conditions:")
        page.row("Type", "Status", level=1)
        for found in conditions:
            page.row(f"{found['type']} ", f"{found['status']} ", level=1)
    write_volumes(page, spec.get("volumes") or (), "")
    page.row("QoS Class:", status.get("qosClass", ""))
    page.labels("Node-Selectors", spec.get("nodeSelector"))
    write_tolerations(page, "Tolerations", spec.get("tolerations") or ())
    write_spread(page, spec.get("topologySpreadConstraints") or (), "")


CONTAINERS = (
    ("Init Containers", "initContainers", "initContainerStatuses"),
    ("Containers", "containers", "containerStatuses"),
    ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
)


def write_about(page: Page, pod: Thing) -> None:
    spec, status = pod["spec"], pod.get("status") or {}
    if spec.get("priority") is not None:
        page.row("Priority:", spec["priority"])
    for title, key in (
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if spec.get(key):
            page.row(f"{title}:", spec[key])
    node = spec.get("nodeName")
    page.row("Node:", f"{node}/{status.get('hostIP', '')}" if node else "<none>")
    if status.get("startTime"):
        page.row("Start Time:", date(status["startTime"]))


def write_phase(page: Page, pod: Thing) -> None:
    status, gone = pod.get("status") or {}, pick(pod, "metadata.deletionTimestamp")
    if gone and status.get("phase") not in ("Failed", "Succeeded"):
        page.row("Status:", f"Terminating (lasts {since(gone)})")
        page.row("Termination Grace Period:", f"{pick(pod, 'metadata.deletionGracePeriodSeconds', 0)}s")
    else:
        page.row("Status:", status.get("phase", ""))
    for title, key in (("Reason", "reason"), ("Message", "message")):
        if status.get(key):
            page.row(f"{title}:", status[key])
    if profile := pick(pod, "spec.securityContext.seccompProfile", None):
        page.row("SeccompProfile:", profile["type"])
        if profile["type"] == "Localhost":
            page.row("LocalhostProfile:", profile.get("localhostProfile", ""))


def write_addresses(page: Page, addresses: Sequence[Thing]) -> None:
    page.write("IPs:\n" if addresses else "IPs:\t<none>\n")
    for address in addresses:
        page.row("IP:", address["ip"], level=1)


def write_gates(page: Page, spec: Thing, status: Thing) -> None:
    if not spec.get("readinessGates"):
        return
    states = {found["type"]: found["status"] for found in status.get("conditions") or ()}
    page.row("Readiness Gates:")
    page.row("Type", "Status", level=1)
    for gate in spec["readinessGates"]:
        page.row(f"{gate['conditionType']} ", f"{states.get(gate['conditionType'], '<none>')} ", level=1)


def write_template(page: Page, template: Thing) -> None:
    spec = template.get("spec") or {}
    page.row("Pod Template:")
    page.labels("  Labels", pick(template, "metadata.labels", None))
    if annotations := pick(template, "metadata.annotations", None):
        page.annotations("  Annotations", annotations)
    if account := spec.get("serviceAccountName"):
        page.row("Service Account:", account, level=1)
    for title, key, _ in CONTAINERS[:2]:
        if spec.get(key) or key == "containers":
            write_containers(page, title, spec.get(key) or (), (), None, "  ")
    write_volumes(page, spec.get("volumes") or (), "  ")
    write_spread(page, spec.get("topologySpreadConstraints") or (), "  ")
    if priority := spec.get("priorityClassName"):
        page.row("Priority Class Name:", priority, level=1)
    page.labels("  Node-Selectors", spec.get("nodeSelector"))
    write_tolerations(page, "  Tolerations", spec.get("tolerations") or ())


def write_tolerations(page: Page, title: str, tolerations: Sequence[Thing]) -> None:
    page.lines(title, [toleration(found) for found in sorted(tolerations, key=lambda found: str(found.get("key", "")))])


def toleration(found: Thing) -> str:
    key, value, effect = (found.get(name) or "" for name in ("key", "value", "effect"))
    text = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if found.get("operator") == "Exists" and not value:
        text += " op=Exists" if text else "op=Exists"
    seconds = found.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def write_spread(page: Page, constraints: Sequence[Thing], indent: str) -> None:
    if not constraints:
        return
    lines = []
    for found in sorted(constraints, key=lambda one: str(one["topologyKey"])):
        of = f" for selector {selector(found['labelSelector']) or '<none>'}" if found.get("labelSelector") else ""
        skew = f"when max skew {found['maxSkew']} is exceeded{of}"
        lines.append(f"{found['topologyKey']}:{found['whenUnsatisfiable']} {skew}")
    page.write(f"{indent}Topology Spread Constraints:\t" + f"{indent}\t".join(f"{line}\n" for line in lines))


def write_volumes(page: Page, volumes: Sequence[Thing], indent: str) -> None:
    page.write(f"{indent}Volumes:{'' if volumes else chr(9) + '<none>'}\n")
    for volume in volumes:
        page.write(f"{' ' if indent else ''}{volume['name']}:\n", 1)
        source = next((key for key in SOURCES if volume.get(key) is not None), None)
        if source:
            for row in SOURCES[source](volume[source]):
                page.row(*row, level=2)
        else:
            page.row("<unknown>", level=1)


Rows = Sequence[tuple[object, ...]]
SOURCE_FIELDS = {"apiGroup": "APIGroup", "kind": "Kind", "name": "Name"}


def of_claim(claim: Thing) -> Rows:
    kind = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"
    return [("Type:", kind), ("ClaimName:", claim["claimName"]), ("ReadOnly:", claim.get("readOnly", False))]


def of_projected(projected: Thing) -> Rows:
    rows: list[tuple[object, ...]] = [
        ("Type:", "Projected (a volume that contains injected data from multiple sources)")
    ]
    for source in projected.get("sources") or ():
        for name, key in (("SecretName:", "secret"), ("ConfigMapName:", "configMap")):
            if found := source.get(key):
                rows += [(name, found.get("name", "")), ("Optional:", found.get("optional", False))]
        if source.get("downwardAPI"):
            rows.append(("DownwardAPI:", True))
        if token := source.get("serviceAccountToken"):
            rows.append(("TokenExpirationSeconds:", token.get("expirationSeconds", 0)))
    return rows


def of_downward_api(source: Thing) -> Rows:
    paths = [
        (pick(item, "fieldRef.fieldPath") or pick(item, "resourceFieldRef.resource"), item["path"])
        for item in source.get("items") or ()
    ]
    title = "DownwardAPI (a volume populated by information about the pod)"
    return [("Type:", title), ("Items:",), *((f"  {field} -> {path}",) for field, path in paths)]


def of_ephemeral(ephemeral: Thing) -> Rows:
    """As a claim that nothing is bound to."""
    claim = ephemeral["volumeClaimTemplate"]
    spec, source = claim["spec"], claim["spec"].get("dataSource") or {}
    return [
        ("Type:", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"),
        ("StorageClass:", spec.get("storageClassName", "")),
        ("Volume:", ""),
        *marks("Labels:", "=", pick(claim, "metadata.labels", {})),
        *marks("Annotations:", ": ", pick(claim, "metadata.annotations", {})),
        ("Capacity:", ""),
        ("Access Modes:", ""),
        ("VolumeMode:", spec.get("volumeMode", "")),
        *([("DataSource:",)] if source else []),
        *((f"  {title}:", source[key]) for key, title in SOURCE_FIELDS.items() if source.get(key)),
    ]


def marks(title: str, sign: str, found: Mapping[str, str]) -> Rows:
    lines = [f"{key}{sign}{value}" for key, value in sorted(found.items())] or ["<none>"]
    return [(title if line is lines[0] else "", "  ", line) for line in lines]


def of_other(kind: str) -> Callable[[Thing], Rows]:
    """A kind that no course uses: its fields as they are called in the object."""
    return lambda source: [("Type:", kind), *((f"{key}:", go_print(source[key])) for key in sorted(source))]


SOURCES: Mapping[str, Callable[[Thing], Rows]] = {
    "hostPath": lambda source: [
        ("Type:", "HostPath (bare host directory volume)"),
        ("Path:", source["path"]),
        ("HostPathType:", source.get("type", "<none>")),
    ],
    "emptyDir": lambda source: [
        ("Type:", "EmptyDir (a temporary directory that shares a pod's lifetime)"),
        ("Medium:", source.get("medium", "")),
        ("SizeLimit:", source.get("sizeLimit") or "<unset>"),
    ],
    "secret": lambda source: [
        ("Type:", "Secret (a volume populated by a Secret)"),
        ("SecretName:", source.get("secretName", "")),
        ("Optional:", source.get("optional", False)),
    ],
    "configMap": lambda source: [
        ("Type:", "ConfigMap (a volume populated by a ConfigMap)"),
        ("Name:", source.get("name", "")),
        ("Optional:", source.get("optional", False)),
    ],
    "persistentVolumeClaim": of_claim,
    "projected": of_projected,
    "downwardAPI": of_downward_api,
    "ephemeral": of_ephemeral,
    "nfs": lambda source: [
        ("Type:", "NFS (an NFS mount that lasts the lifetime of a pod)"),
        ("Server:", source.get("server", "")),
        ("Path:", source.get("path", "")),
        ("ReadOnly:", source.get("readOnly", False)),
    ],
    **{kind: of_other(kind) for kind in ("csi", "image", "iscsi")},
}
