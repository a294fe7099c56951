"""The same command line through kubectl and through the sandbox, on the same objects: word for word the same."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox
from tests.cluster import TEAMS
from tests.sandbox.kubectl import Said, ask_kubectl, ask_sandbox

pytestmark = pytest.mark.cluster
TEAM = TEAMS[0]
GOLDEN = Path(__file__).parent / "golden"
OBJECTS = GOLDEN / "objects.yaml"
TRIES = 5  # an age or a resourceVersion may move between the two
SHUFFLED = re.compile(r"^logs .*(--prefix|--all-pods|--all-containers)|^events")
WRITES = (GOLDEN / "writes.txt").read_text().splitlines()
READS = [
    line
    for name in ("get", "formats", "describe", "logs", "server", "rights")
    for line in (GOLDEN / f"{name}.txt").read_text().splitlines()
]


@pytest.fixture(scope="module")
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """With the golden objects in the team's namespace, settled."""
    sandbox_cluster.kubectl("create", f"--filename={OBJECTS}", f"--namespace={TEAM}")
    for kind in (
        "deployment/golden-ports",
        "deployment/golden-rich",
        "statefulset/golden-set",
        "daemonset/golden-daemon",
    ):
        sandbox_cluster.kubectl("rollout", "status", kind, f"--namespace={TEAM}", "--timeout=60s")
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", f"--filename={OBJECTS}", f"--namespace={TEAM}", "--wait=false")


@pytest.fixture
def fresh(cluster: Cluster) -> Cluster:
    forget_writes(cluster)
    return cluster


def forget_writes(cluster: Cluster) -> None:
    scale = ("scale", "deployment/demonstration", "deployment/golden-ports", "statefulset/golden-set")
    cluster.kubectl("delete", "service", "vitrine", f"--namespace={TEAM}", "--ignore-not-found")
    cluster.kubectl(*scale, "--replicas=2", f"--namespace={TEAM}")


@pytest.mark.parametrize("line", READS)
async def test_a_read_is_word_for_word_kubectls(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    for _ in range(TRIES):
        theirs = await ask_kubectl(cluster, line, TEAM)
        ours = await ask_sandbox(sandbox, line, TEAM)
        if SHUFFLED.search(line):
            theirs, ours = in_any_order(theirs), in_any_order(ours)
        if ours == theirs:
            break
    assert ours == theirs


def in_any_order(said: Said) -> Said:
    """Go shuffles the streams of several containers, and events of the same second."""
    return replace(said, stdout="".join(sorted(said.stdout.splitlines(keepends=True))))


@pytest.mark.parametrize("line", WRITES)
async def test_a_write_is_word_for_word_kubectls(fresh: Cluster, sandbox: Sandbox, line: str) -> None:
    theirs = await ask_kubectl(fresh, line, TEAM)
    made = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    forget_writes(fresh)
    ours = await ask_sandbox(sandbox, line, TEAM)
    same = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    assert ours == theirs
    assert without_identity(same) == without_identity(made)


def without_identity(service: str) -> list[str]:
    """What the API server makes up for each new service."""
    made_up = ("uid:", "resourceVersion:", "creationTimestamp:", "clusterIP:", "nodePort:", "- nodePort:", "- 10.0.0.")
    return [line for line in service.splitlines() if not line.strip().startswith(made_up)]
