"""`timonier k8s` beside the real kubectl: the same words on stdout, the same on stderr, the same exit status."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from bot.playground.controlplane import Cluster
from tests.cluster import READ_ONLY, TEAMS
from tests.podspec import Pod
from tests.product.process import REPOSITORY

pytestmark = pytest.mark.cluster
RED, BLUE = TEAMS
GROUPS = {"student": f"timonier:students:{RED}", "trainer": "timonier:trainers"}

READS = """
student: get pods
student: get Pod -o wide
student: get deploy,rs --show-labels
student: get po -l app=demonstration -o name
student: get deployment demonstration -o yaml
student: get deploy/demonstration -o json
student: get all
student: get services
student: get nodes
student: get deployment nothing
student: get deployment demonstration nothing -o yaml
student: get nosuch
student: get pods --nosuch
student: get pods -o
student: get
student: frobnicate
trainer: get deployments -n equipe-bleue
trainer: -n kube-system get pods
""".strip().splitlines()

WRITES = """
trainer: scale deployment demonstration --replicas=2
trainer: scale deploy demonstration --replicas=2 --current-replicas=7
trainer: scale deploy/nothing deploy/demonstration --replicas=2
trainer: scale deploy demonstration --replicas=50
trainer: scale deployment demonstration
trainer: expose deployment demonstration --port=80 --name=vitrine
trainer: expose deployment demonstration --port=70000 --name=vitrine
trainer: expose deployment demonstration --name=vitrine
""".strip().splitlines()


AGE = re.compile(r"\b(AGE|(\d+[smhd])+) *(?=\s|$)", re.MULTILINE)  # with its padding, and the header's


@dataclass(frozen=True, slots=True)
class Said:
    stdout: str
    stderr: str
    status: int

    @classmethod
    def by(cls, ran: "subprocess.CompletedProcess[str]") -> "Said":
        """What a process said, ages apart."""
        return cls(AGE.sub("AGE ", ran.stdout), AGE.sub("AGE ", ran.stderr), ran.returncode)


def without_lesson(said: Said) -> Said:
    """What ours says more than kubectl stands below an empty line."""
    return replace(said, stderr=re.sub(r"\n\n[\s\S]*→ [^\n]*\n$", "\n", said.stderr))


@dataclass(frozen=True, slots=True)
class Terminal:
    cluster: Cluster
    env: dict[str, str]

    def timonier(self, role: str, words: list[str], typed: str = "") -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "bot", "k8s", "--as", role, "-n", RED, "--", *words]
        return subprocess.run(
            command, env=self.env, cwd=REPOSITORY, input=typed, capture_output=True, text=True, check=False
        )

    def kubectl(self, role: str, words: list[str]) -> "subprocess.CompletedProcess[str]":
        """An administrator's, with the role's rights: nobody may discover types by the bot's token but the bot."""
        identity = (f"--as=timonier:{role}", f"--as-group={GROUPS[role]}", f"--namespace={RED}")
        place = 0 if words[0].startswith("-") else 1
        return self.cluster.run("kubectl", *words[:place], *identity, *words[place:])

    def both(self, line: str) -> tuple[Said, Said]:
        """What ours and kubectl say; a service that ours made is gone before kubectl makes it."""
        role, _, typed = line.partition(": ")
        words = shlex.split(typed)
        ours = without_lesson(Said.by(self.timonier(role, words)))
        if "expose" in words:
            self.forget_service()
        return ours, Said.by(self.kubectl(role, words))

    def forget_service(self) -> None:
        self.cluster.kubectl("delete", "service", "vitrine", f"--namespace={RED}", "--ignore-not-found")


@pytest.fixture(scope="module")
def terminal(sandbox_cluster: Cluster, bot_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    config = tmp_path_factory.mktemp("terminal") / "config.yaml"
    config.write_text(yaml.safe_dump({"namespaces": [*TEAMS], "read_only_namespaces": [READ_ONLY]}))
    env = {**os.environ, "KUBECONFIG": str(bot_kubeconfig), "TIMONIER_CONFIG": str(config)}
    return Terminal(sandbox_cluster, env)


@pytest.fixture(scope="module")
def reads(terminal: Terminal) -> dict[str, tuple[Said, Said]]:
    """All of them, two at a time: each is two programs to start."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(READS, pool.map(terminal.both, READS), strict=True))


@pytest.fixture
def fresh(terminal: Terminal) -> Iterator[Terminal]:
    yield terminal
    terminal.forget_service()


@pytest.mark.parametrize("line", READS)
def test_a_read_says_what_kubectl_says(reads: dict[str, tuple[Said, Said]], line: str) -> None:
    ours, theirs = reads[line]
    assert ours == theirs


@pytest.mark.parametrize("line", WRITES)
def test_a_write_says_what_kubectl_says(fresh: Terminal, line: str) -> None:
    ours, theirs = fresh.both(line)
    assert ours == theirs


def test_what_destroys_is_asked_first(fresh: Terminal) -> None:
    fresh.cluster.kubectl("create", "service", "clusterip", "vitrine", "--tcp=80", f"--namespace={RED}")
    for typed, status, deleted in (("", 1, False), ("n\n", 1, False), ("y\n", 0, True)):
        ran = fresh.timonier("trainer", ["delete", "service", "vitrine"], typed)
        assert ran.returncode == status
        assert "`service/vitrine` : supprimé\nContinuer ?" in ran.stderr
        assert ran.stdout == (f'service "vitrine" deleted from {RED} namespace\n' if deleted else "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("scale deployment demonstration --replicas=5", "formateurs"),
        ("get secrets", "Secrets"),
        (f"get pods -n {BLUE}", f"`{RED}`"),
    ],
)
def test_what_a_student_may_not_do_fails_with_what_is_allowed(terminal: Terminal, line: str, told: str) -> None:
    ran = terminal.timonier("student", line.split())
    assert (ran.returncode, ran.stdout) == (1, "")
    assert told in ran.stderr


def test_the_result_alone_is_on_stdout(terminal: Terminal) -> None:
    ran = terminal.timonier("student", ["get", "deploy", "demonstration", "nothing", "-o", "json"])
    assert [item["metadata"]["name"] for item in json.loads(ran.stdout)["items"]] == ["demonstration"]
    assert ran.stderr == 'Error from server (NotFound): deployments.apps "nothing" not found\n'


def test_in_the_pod_it_is_the_bots_own_account(cluster: Cluster, pod: Pod, tmp_path: Path) -> None:
    command = pod.command(tmp_path, sys.executable, "-m", "bot", "k8s", "--", "get", "pods", "-o", "name")
    ran = subprocess.run(command, env=pod.env, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert len(ran.stdout.split()) == 2
