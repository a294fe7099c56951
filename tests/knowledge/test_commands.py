"""The base's commands are typed into bash before a real control plane, entry by entry, as a reader would.

The reader has done the course's lab up to where the entry does it. What that cluster cannot answer, whose pods run no
containers, is ``unproven``, with the reason; kubectl's part of it is tried all the same.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile

import pytest

from bot.knowledge import DEFAULT_FOLDER, load_entries
from bot.playground.controlplane import Cluster

ENTRIES = load_entries(DEFAULT_FOLDER)
PROVEN = {entry.id: [command.run for command in entry.commands if not command.unproven] for entry in ENTRIES}
UNPROVEN = {command.run: command.unproven for entry in ENTRIES for command in entry.commands if command.unproven}

LAB = (
    "kubectl create deployment demonstration --image=monachus/rancher-demo",
    "kubectl rollout status deployment/demonstration",
    "kubectl set env deployment/demonstration TITLE=Rancher",  # a second revision, to go back from
    "kubectl rollout status deployment/demonstration",
    "kubectl run demonstration-7645747fc6-f5z55 --image=monachus/rancher-demo --labels=app=demonstration",
    "kubectl expose deployment demonstration --type=NodePort --port=8080 --name=demonstration-service",
)
LOOKING = tuple(
    f"kubectl {verb}" for verb in ("get", "describe", "explain", "events", "wait", "api-", "auth", "version")
)
SAFE = {"kubectl", "alias", "complete", "echo", "hash", "mkdir", "source", "type"}
SHARED = "lab"
AT_ONCE = 4  # a node takes 110 pods

Bash = Callable[[Sequence[str], int], str]
"""Types lines, for so many seconds at most: "" if each went well, else the one that did not and what it said."""


@pytest.fixture(scope="module")
def bash(control_plane: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bash]:
    """A new home for each call, with its own kubeconfig; in the namespace SHARED the lab is done, to be looked at."""

    def type_lines(lines: Sequence[str], seconds: int) -> str:
        home = tmp_path_factory.mktemp("home")
        kubeconfig = home / "kubeconfig"
        kubeconfig.write_bytes(control_plane.kubeconfig.read_bytes())
        env = {
            "HOME": str(home),
            "PATH": f"{control_plane.binaries}:{os.defpath}",
            "KUBECONFIG": str(kubeconfig),
            "KUBECACHEDIR": str(control_plane.folder / "kubectl"),
            "EDITOR": "true",  # looks at the object and leaves it as it is
        }
        command = ["timeout", str(seconds), "bash", "-exo", "pipefail", "-c", "\n".join(lines)]
        ran = subprocess.run(command, cwd=home, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return "\n".join(ran.stderr.splitlines()[-4:]) if ran.returncode else ""

    def namespaces() -> set[str]:
        return set(control_plane.kubectl("get", "namespaces", "--output=name").split())

    before = namespaces()
    assert not type_lines([*_enter(SHARED), *LAB], 60)
    yield type_lines
    control_plane.kubectl("delete", "--wait=false", "--ignore-not-found", *(namespaces() - before))


@pytest.mark.slow
@pytest.mark.cluster
def test_the_commands_of_each_entry_run_one_after_the_other(bash: Bash) -> None:
    def failure(name: str) -> str:
        lines = PROVEN[name]
        if others := [line for line in lines if line.split()[0] not in SAFE]:
            return f"{others[0]}\nis not run, as it is neither bash's nor kubectl's: say so in `unproven`"
        if all(line.startswith(LOOKING) for line in lines):
            return bash([_use(SHARED), *lines], 60)
        own = f"lab-{name}"
        return bash([*_enter(own), *_before(lines), *lines, f"kubectl delete namespace {own} --wait=false"], 60)

    names = [name for name, lines in PROVEN.items() if lines]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        said = dict(zip(names, readers.map(failure, names), strict=True))
    failures = [f"{name}:\n{words}" for name, words in said.items() if words]
    assert not failures, "\n".join(failures)


@pytest.mark.slow
@pytest.mark.cluster
@pytest.mark.skipif("TIMONIER_TEST_KUBECONFIG" in os.environ, reason="another cluster may well be able to run them")
def test_kubectl_cannot_run_what_is_unproven_here(bash: Bash) -> None:
    """Less what would do harm, as its reason then says."""
    ours = ("kubectl ", "source <(kubectl ")
    lines = [line for line, reason in UNPROVEN.items() if line.startswith(ours) and not reason.startswith("would ")]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        said = dict(zip(lines, readers.map(lambda line: bash([_use(SHARED), line], 5), lines), strict=True))
    assert [line for line, words in said.items() if not words] == []


def test_what_is_unproven_says_why() -> None:
    assert [line for line, reason in UNPROVEN.items() if len(reason.split()) < 4] == []


def _enter(namespace: str) -> list[str]:
    return [f"kubectl create namespace {namespace}", _use(namespace)]


def _use(namespace: str) -> str:
    return f"kubectl config set-context --current --namespace={namespace}"


def _before(lines: Sequence[str]) -> list[str]:
    """The lab up to what the lines do themselves, if they speak of it, and a namespace that they delete."""
    typed = "\n".join(lines)
    lab = takewhile(lambda step: step not in lines, LAB if "demonstration" in typed else ())
    return [*lab, *(f"kubectl create {thing}" for thing in re.findall(r"kubectl delete (namespace \S+)", typed))]
