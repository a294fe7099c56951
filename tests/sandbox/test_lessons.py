"""Failures, played by the real control plane: recognised in what was shown, told, and where to look next."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
import yaml

from bot.playground.controlplane import Cluster
from bot.sandbox import Result, Sandbox, Topic
from bot.sandbox.lessons import of_pod, of_service
from tests.cluster import TEAMS
from tests.sandbox.conftest import STUDENT, TRAINER

TEAM = TEAMS[0]
FAILED = "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}"


def deployment(name: str, image: str = "nginx", **spec: Any) -> dict[str, Any]:
    labels = {"app": name}
    containers = [{"name": "site", "image": image}]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers, **spec}}
    content = {"selector": {"matchLabels": labels}, "template": template}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": content,
    }


def service(name: str) -> dict[str, Any]:
    spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "nulle-part"},
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "nulle-part",
        "resources": {"requests": {"storage": "1Mi"}},
    },
}
OBJECTS = [
    deployment("lesson-image", "introuvable/site:v2"),
    deployment("lesson-loop", "plante"),
    deployment("lesson-node", nodeSelector={"disque": "ssd"}),
    deployment("lesson-volume", volumes=[{"name": "a", "persistentVolumeClaim": {"claimName": "nulle-part"}}]),
    deployment("lesson-security", hostNetwork=True),
    deployment("lesson-good"),
    service("lesson-image"),
    service("lesson-good"),
    CLAIM,
]


@pytest.fixture(scope="module")
def failing(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """The team's namespace with one of each failure."""
    objects = yaml.safe_dump_all(OBJECTS)
    sandbox_cluster.kubectl("create", "-n", TEAM, "-f", "-", stdin=objects)
    waits = {
        "pod -l app=lesson-image": f"{FAILED}=ImagePullBackOff",
        "pod -l app=lesson-loop": f"{FAILED}=CrashLoopBackOff",
        "pod -l app in (lesson-node,lesson-volume)": "--for=condition=PodScheduled=false",
        "deployment lesson-security": "--for=condition=ReplicaFailure",
        "deployment lesson-good": "--for=condition=Available",
    }
    for what, condition in waits.items():
        sandbox_cluster.kubectl("wait", "-n", TEAM, *what.split(" ", 2), condition, "--timeout=30s")
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "-n", TEAM, "-f", "-", "--wait=false", stdin=objects)


async def run(sandbox: Sandbox, line: str) -> Result:
    return await sandbox.run(await sandbox.parse(line), STUDENT, TEAM)


LESSONS: list[tuple[str, Topic, str, str]] = [
    ("get pods", "image-pull", "`introuvable/site:v2`", "describe pod lesson-image-"),
    ("get all", "image-pull", "lesson-image-", "describe pod lesson-image-"),
    ("get pods -A -o wide", "image-pull", "téléchargée", "describe pod lesson-image-"),
    ("describe pod lesson-image", "image-pull", "téléchargée", "events --types=Warning"),
    ("get pods -l app=lesson-loop", "crash-loop", "(code 1)", "logs lesson-loop-"),
    ("describe pods -l app=lesson-loop", "crash-loop", "`site`", "logs lesson-loop-"),
    ("get pods -l app=lesson-node", "pending", "`nodeSelector`", "get nodes --show-labels"),
    ("describe pod lesson-node", "pending", "`nodeSelector`", "get nodes --show-labels"),
    ("get po -l app=lesson-volume", "pending", "PersistentVolumeClaim", f"get pvc -n {TEAM}"),
    ("describe deployment lesson-security", "pod-security", "PodSecurity", "events --types=Warning"),
    ("describe rs -l app=lesson-security", "pod-security", "`hostPath`", "events --types=Warning"),
    ("describe deployment lesson-image", "image-pull", "`introuvable/site:v2`", "describe pod lesson-image-"),
    ("describe rs -l app=lesson-loop", "crash-loop", "(code 1)", "logs lesson-loop-"),
    ("describe service lesson-image", "no-endpoints", "`app=lesson-image`", "get pods -l app=lesson-image"),
    ("get service lesson-image", "no-endpoints", "`app=lesson-image`", "get pods -l app=lesson-image"),
    ("get services", "no-endpoints", "`lesson-image`", "get pods -l app=lesson-image"),
    ("get svc -A", "no-endpoints", "`lesson-image`", "get pods -l app=lesson-image"),
    ("get endpointslices -l kubernetes.io/service-name=lesson-image", "no-endpoints", "lesson-image", "get pods -l"),
    ("get endpoints lesson-image", "no-endpoints", "`lesson-image`", "get pods -l app=lesson-image"),
    ("get deployment lesson-god", "not-found", "`lesson-good`", f"get deployments -n {TEAM}"),
]


@pytest.mark.cluster
@pytest.mark.parametrize(("line", "topic", "told", "look"), LESSONS, ids=[line for line, *_ in LESSONS])
async def test_a_failure_that_is_shown_is_a_lesson(
    failing: Cluster, sandbox: Sandbox, line: str, topic: Topic, told: str, look: str
) -> None:
    result = await run(sandbox, line)
    assert result.lesson is not None
    assert result.explanation is not None
    assert result.lesson.topic == topic
    assert told in result.lesson.text["fr"]
    assert result.lesson.text["fr"] in result.explanation["fr"]
    assert result.lesson.command.startswith(look)


@pytest.mark.cluster
@pytest.mark.parametrize("line", [line for line, *_ in LESSONS])
async def test_the_next_look_is_one_that_the_person_may_take(failing: Cluster, sandbox: Sandbox, line: str) -> None:
    first = await run(sandbox, line)
    assert first.lesson is not None
    following = await run(sandbox, first.lesson.command)
    assert (following.status, following.stderr) == (0, "")
    assert following.stdout


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("reason", "kind", "app", "topic"),
    [
        ("Failed", "pod", "lesson-image", "image-pull"),
        ("BackOff", "pod", "lesson-loop", "crash-loop"),
        ("FailedScheduling", "pod", "lesson-node", "pending"),
        ("FailedCreate", "replicaset", "lesson-security", "pod-security"),
    ],
)
async def test_events_teach_what_they_are_about(
    failing: Cluster, sandbox: Sandbox, reason: str, kind: str, app: str, topic: str
) -> None:
    name = failing.kubectl("get", kind, f"--selector=app={app}", "-n", TEAM, "-o=jsonpath={.items[0].metadata.name}")
    result = await run(sandbox, f"get events --field-selector=reason={reason},involvedObject.name={name}")
    assert result.lesson is not None
    assert result.lesson.topic == topic


@pytest.mark.cluster
async def test_the_newest_warning_is_the_lesson_of_events(failing: Cluster, sandbox: Sandbox) -> None:
    result = await run(sandbox, "events --types=Warning")
    assert result.lesson is not None
    assert result.lesson.topic in ("image-pull", "crash-loop", "pending", "pod-security")


@pytest.mark.cluster
@pytest.mark.parametrize(
    "line",
    [
        "get pods -l app=lesson-good",
        "describe pods -l app=lesson-good",
        "get service lesson-good",
        "describe service lesson-good",
        "describe deployment lesson-good",
        "get endpointslices -l kubernetes.io/service-name=lesson-good",
        "get deployments",
        "get nodes",
        "get pods -l app=nobody",
        "get pods -o yaml",
        "get pods -o name",
        "events --for deployment/lesson-good",
    ],
)
async def test_what_is_well_or_not_shown_is_no_lesson(failing: Cluster, sandbox: Sandbox, line: str) -> None:
    result = await run(sandbox, line)
    assert (result.lesson, result.explanation) == (None, None)


@pytest.mark.cluster
async def test_a_failure_in_kube_system_is_looked_at_as_far_as_everyone_may(failing: Cluster, sandbox: Sandbox) -> None:
    name = "lesson-loop"
    failing.kubectl("create", "-n", "kube-system", "-f", "-", stdin=yaml.safe_dump(deployment(name, "plante")))
    failing.kubectl(
        "wait", "-n", "kube-system", "pod", "-l", f"app={name}", f"{FAILED}=CrashLoopBackOff", "--timeout=30s"
    )
    try:
        result = await run(sandbox, f"get pods -l app={name} -n kube-system")
    finally:
        failing.kubectl("delete", "deployment", name, "-n", "kube-system", "--wait=false")
    assert result.lesson is not None
    assert result.lesson.command.startswith(f"describe pod {name}-")


@pytest.mark.cluster
async def test_a_policy_and_a_quota_say_where_to_look(failing: Cluster, sandbox: Sandbox) -> None:
    line = f"scale deployment lesson-good --replicas=11 -n {TEAM}"
    result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAM)
    assert result.lesson is not None
    assert (result.lesson.topic, result.lesson.command) == ("policy", f"can -n {TEAM}")


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("name", "topic"),
    [("lesson-image", "image-pull"), ("lesson-security", "pod-security"), ("lesson-good", None)],
)
async def test_a_write_whose_pods_fail_is_a_lesson_too(
    failing: Cluster, sandbox: Sandbox, name: str, topic: Topic | None
) -> None:
    line = f"scale deployment {name} --replicas=1 -n {TEAM}"
    result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAM)
    lesson = await sandbox.lesson_after(result.changes, TRAINER)
    assert (lesson.topic if lesson else None) == topic


def pod(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A pod whose one container is in ``state``."""
    status = {"containerStatuses": [{"name": "site", "image": "nginx", "restartCount": 0, "state": state, **more}]}
    limits = {"resources": {"limits": {"memory": "128Mi"}}}
    spec = {"containers": [{"name": "site", **limits}]}
    return {"kind": "Pod", "metadata": {"name": "web", "namespace": TEAM}, "spec": spec, "status": status}


def waiting_for(message: str) -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    found = pod({})
    return {**found, "status": {"phase": "Pending", "conditions": [condition]}}


@pytest.mark.parametrize(
    ("failed", "topic", "told", "look"),
    [
        (pod({"waiting": {"reason": "ErrImagePull"}}), "image-pull", "`nginx`", f"describe pod web -n {TEAM}"),
        (
            pod(
                {"waiting": {"reason": "CrashLoopBackOff"}}, lastState={"terminated": {"exitCode": 137}}, restartCount=4
            ),
            "crash-loop",
            "code 137",
            f"logs web -n {TEAM} --previous",
        ),
        (pod({"terminated": {"exitCode": 2, "reason": "Error"}}), "crash-loop", "code 2", f"logs web -n {TEAM}"),
        (
            pod({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}),
            "out-of-memory",
            "(128Mi)",
            f"describe pod web -n {TEAM}",
        ),
        (waiting_for("0/3 nodes are available: 3 Insufficient cpu."), "pending", "`cpu`", "describe nodes"),
        (waiting_for("0/1 nodes: 1 node(s) had untolerated taint {a: b}"), "pending", "taints", "describe nodes"),
        (waiting_for("whatever else"), "pending", "aucun nœud", "describe nodes"),
        (
            waiting_for("pod has unbound immediate PersistentVolumeClaims."),
            "pending",
            "lié à aucun stockage",
            f"get pvc -n {TEAM}",
        ),
    ],
)
def test_each_failure_of_a_pod_has_its_words(failed: dict[str, Any], topic: Topic, told: str, look: str) -> None:
    lesson = of_pod(failed)
    assert lesson is not None
    assert (lesson.topic, lesson.command) == (topic, look)
    assert told in lesson.text["fr"]


@pytest.mark.parametrize(
    "well",
    [
        pod({"running": {}}),
        pod({"waiting": {"reason": "ContainerCreating"}}),
        pod({"terminated": {"exitCode": 0, "reason": "Completed"}}),
        {**pod({"terminated": {"exitCode": 1}}), "spec": {"restartPolicy": "Never", "containers": [{"name": "site"}]}},
        {**pod({"waiting": {"reason": "CrashLoopBackOff"}}), "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}},
        {**pod({}), "status": {"phase": "Pending"}},
    ],
)
def test_a_pod_that_starts_ends_or_goes_is_no_failure(well: dict[str, Any]) -> None:
    assert of_pod(well) is None


def test_a_service_that_chooses_no_pods_is_no_failure() -> None:
    assert of_service({"metadata": {"name": "web"}, "spec": {}}, ()) is None


def test_a_service_with_pods_that_are_not_ready_leads_nowhere() -> None:
    chooses = {"metadata": {"name": "web", "namespace": TEAM}, "spec": {"selector": {"app": "web"}}}
    not_ready = {"endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": False}}]}
    assert of_service(chooses, [not_ready]) is not None
    ready = {"endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}]}
    assert of_service(chooses, [not_ready, ready]) is None


def test_an_images_own_quotes_break_no_code() -> None:
    hostile = pod({"waiting": {"reason": "InvalidImageName"}}, image="a``` <!here>")
    lesson = of_pod(hostile)
    assert lesson is not None
    assert "```" not in lesson.text["fr"]


def test_all_topics_are_told_here_or_in_refusals() -> None:
    assert {topic for _, topic, *_ in LESSONS} < set(get_args(Topic))
