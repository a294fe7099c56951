"""`rollout` through kubectl and through the sandbox: looks, and writes that are refused, in the same words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox import Person, Sandbox
from bot.sandbox.rollouts.status import deployment_progress
from tests.cluster import READ_ONLY, TEAMS
from tests.sandbox.conftest import TRAINER
from tests.sandbox.kubectl import ask_kubectl, ask_sandbox

pytestmark = pytest.mark.cluster
BLEUE = TEAMS[1]
STUDENT = Person("U0BLEUE", "student", (BLEUE,))
IN_TEAM = f"--namespace={BLEUE}"
GOLDEN = Path(__file__).parent / "golden"
LINES = (GOLDEN / "rollout.txt").read_text().splitlines()
TRIES = 5  # a rollout goes on between the two
SECOND_VERSION = "kubernetes.io/change-cause=second version"


@pytest.fixture(scope="module")
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """With workloads at every point of a rollout in the team's namespace."""
    objects = f"--filename={GOLDEN / 'rollouts.yaml'}"
    sandbox_cluster.kubectl("create", objects, IN_TEAM)
    sandbox_cluster.kubectl("create", "service", "clusterip", "rolled", "--tcp=80", IN_TEAM)
    update(sandbox_cluster, "main=nginx:1.26", "deployment/rolled", "daemonset/rolled", "statefulset/rolled")
    update(sandbox_cluster, "main=nginx:1.27", "deployment/rolled", "statefulset/part")
    sandbox_cluster.kubectl("set", "image", "deployment/halfway", "main=introuvable/nginx", IN_TEAM)
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", objects, IN_TEAM, "--wait=false")
    sandbox_cluster.kubectl("delete", "service", "rolled", IN_TEAM)


def update(cluster: Cluster, image: str, *things: str) -> None:
    """To a new version, of which the second one has a cause."""
    for thing in things:
        cluster.kubectl("rollout", "status", thing, IN_TEAM, "--timeout=60s")
    cluster.kubectl("annotate", "--overwrite", *things, SECOND_VERSION, IN_TEAM)
    cluster.kubectl("set", "image", *things, image, IN_TEAM)
    for thing in things:
        cluster.kubectl("rollout", "status", thing, IN_TEAM, "--timeout=60s")


@pytest.mark.parametrize("line", LINES)
async def test_what_changes_nothing_is_word_for_word_kubectls(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    for _ in range(TRIES):
        theirs = await ask_kubectl(cluster, without_watching(line), BLEUE)
        ours = await ask_sandbox(sandbox, line, BLEUE)
        if ours == theirs:
            break
    assert ours == theirs


def without_watching(line: str) -> str:
    return line.replace("rollout status ", "rollout status --watch=false ")


async def test_what_goes_on_is_to_be_looked_at_again(cluster: Cluster, sandbox: Sandbox) -> None:
    result = await sandbox.run(await sandbox.parse("rollout status deploy/paused --watch=false"), STUDENT, BLEUE)
    assert result.explanation
    assert f"kubectl rollout status deploy/paused -n {BLEUE}" in result.explanation["fr"]


@pytest.mark.parametrize("name", ["waiting", "stuck"])
async def test_what_does_not_get_ready_teaches_why(cluster: Cluster, sandbox: Sandbox, name: str) -> None:
    result = await sandbox.run(await sandbox.parse(f"rollout status deploy/{name}"), STUDENT, BLEUE)
    assert result.lesson
    assert (result.lesson.topic, result.lesson.command.split("-")[0]) == ("image-pull", f"describe pod {name}")


@pytest.mark.parametrize("line", ["rollout status deploy", "rollout history deploy/coredns"])
async def test_a_student_may_look_where_everyone_may_look(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    result = await sandbox.run(await sandbox.parse(f"{line} -n {READ_ONLY}"), STUDENT, None)
    assert "forbidden" not in result.stderr


@pytest.mark.parametrize("kind", ["deploy", "sts"])
async def test_a_credential_in_an_old_version_is_masked(cluster: Cluster, sandbox: Sandbox, kind: str) -> None:
    result = await sandbox.run(await sandbox.parse(f"rollout history {kind}/guarded --revision=1"), TRAINER, BLEUE)
    assert "********" in result.stdout
    assert "hunter2" not in result.stdout


def deployment(generation: int = 1, **status: int) -> dict[str, Any]:
    metadata = {"name": "web", "generation": generation}
    return {"metadata": metadata, "spec": {"replicas": 3}, "status": {"observedGeneration": 1, **status}}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (deployment(generation=2), "Waiting for deployment spec update to be observed..."),
        (
            deployment(replicas=5, updatedReplicas=3, availableReplicas=3),
            'Waiting for deployment "web" rollout to finish: 2 old replicas are pending termination...',
        ),
    ],
)
def test_what_lasts_a_moment_only_has_kubectls_words_too(found: dict[str, Any], said: str) -> None:
    assert deployment_progress(found, 0) == said
