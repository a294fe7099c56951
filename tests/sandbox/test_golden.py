"""The same command line through kubectl and through the sandbox, on the same objects: word for word the same."""

import asyncio
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox, UsageError
from tests.cluster import TEAMS
from tests.sandbox.conftest import TRAINER

pytestmark = pytest.mark.cluster
TEAM = TEAMS[0]
GOLDEN = Path(__file__).parent / "golden"
OBJECTS = GOLDEN / "objects.yaml"
AS_TRAINER = (
    "--as=timonier:trainer",
    "--as-group=timonier:trainers",
    "--as-user-extra=timonier.dev/slack-user-id=U0TRAINER",
)
TRIES = 5  # an age or a resourceVersion may move between the two
CLIENT = re.compile(r"^(Client|Kustomize) Version: .*\n", re.MULTILINE)  # the bot is no client
SHUFFLED = re.compile(r"^logs .*(--prefix|--all-pods|--all-containers)|^events")
LEASE = re.compile(
    r"^(Lease: +)Failed to get lease: .* is forbidden: .*$", re.MULTILINE
)  # the server's words are not shown
WRITES = (GOLDEN / "writes.txt").read_text().splitlines()
READS = [
    line
    for name in ("get", "formats", "describe", "logs", "server", "rights")
    for line in (GOLDEN / f"{name}.txt").read_text().splitlines()
]


@dataclass(frozen=True, slots=True)
class Said:
    stdout: str
    stderr: str
    status: int


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


async def ask_kubectl(cluster: Cluster, line: str) -> Said:
    """An administrator's kubectl with a trainer's rights: the bot's token may not discover as a trainer."""
    words = shlex.split(line)
    verb = 0 if words[0].startswith("-") else 1
    flags = (f"--kubeconfig={cluster.kubeconfig}", *AS_TRAINER, f"--namespace={TEAM}")
    command = (*words[:verb], *flags, *words[verb:])
    process = await asyncio.create_subprocess_exec(
        cluster.binaries / "kubectl", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    stdout, stderr = await process.communicate()
    return Said(
        CLIENT.sub("", LEASE.sub(r"\1not authorized", stdout.decode())), stderr.decode(), process.returncode or 0
    )


async def ask_sandbox(sandbox: Sandbox, line: str) -> Said:
    try:
        result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAM)
    except UsageError as error:
        return Said("", f"{error.stderr}\n", 1)
    return Said(result.stdout, result.stderr, result.status)


@pytest.mark.parametrize("line", READS)
async def test_a_read_is_word_for_word_kubectls(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    for _ in range(TRIES):
        theirs = await ask_kubectl(cluster, line)
        ours = await ask_sandbox(sandbox, line)
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
    theirs = await ask_kubectl(fresh, line)
    made = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    forget_writes(fresh)
    ours = await ask_sandbox(sandbox, line)
    same = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    assert ours == theirs
    assert without_identity(same) == without_identity(made)


def without_identity(service: str) -> list[str]:
    """What the API server makes up for each new service."""
    made_up = ("uid:", "resourceVersion:", "creationTimestamp:", "clusterIP:", "nodePort:", "- nodePort:", "- 10.0.0.")
    return [line for line in service.splitlines() if not line.strip().startswith(made_up)]
