"""The tests' sandbox: the chart installed as in production, and something to look at in each team's namespace."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster, ControlPlane, ToolFailed, build

CHART = str(Path(__file__).parents[1] / "helm")
RELEASE = "timonier"
IN_RELEASE = f"--namespace={RELEASE}"
TEAMS = ("equipe-rouge", "equipe-bleue")
READ_ONLY = "kube-system"


IMAGES = ("busybox", "coredns", "introuvable/", "monachus/", "nginx", "perl", "plante")


def install_chart(cluster: Cluster, *values: str, max_replicas: int = 10) -> None:
    """Installs or upgrades, and waits for the policies. Without a pod of the bot: one that is played proves nothing."""
    chosen = ("existingSecret=slack", "replicas=0", "persistence.enabled=false", f"sandbox.maxReplicas={max_replicas}")
    images = f"sandbox.images={{{','.join(IMAGES)}}}"
    sets = [f"--set={value}" for value in (*chosen, images, *values)]
    cluster.helm("upgrade", "--install", RELEASE, CHART, IN_RELEASE, "--create-namespace", *sets)
    allowed = re.findall(r"sandbox\.images=\{(.*)\}", "\n".join(sets))[-1].replace(",", ", ")
    _wait_for_refusal(cluster, f"at most {max_replicas} replicas", "nginx", max_replicas + 1)
    _wait_for_refusal(cluster, f"allowed are: {allowed}", "refused.invalid/probe", 1)


def _wait_for_refusal(cluster: Cluster, said: str, image: str, replicas: int) -> None:
    """The API server reads new policies about once a second."""
    deadline = time.monotonic() + 30
    probe = ("create", "deployment", "probe", "--dry-run=server", f"--namespace={TEAMS[0]}")
    while time.monotonic() < deadline:
        try:
            cluster.kubectl(*probe, f"--image={image}", f"--replicas={replicas}")
        except ToolFailed as error:
            if said in str(error):
                return
        time.sleep(0.1)
    raise TimeoutError(f"no policy of the chart says {said!r} after 30 s")


def uninstall_chart(cluster: Cluster) -> None:
    cluster.helm("uninstall", RELEASE, IN_RELEASE)


def seed(cluster: Cluster) -> None:
    """The course's deployment in each team's namespace, two replicas, running."""
    create = ("create", "deployment", "demonstration", "--image=monachus/rancher-demo", "--replicas=2")
    for team in TEAMS:
        cluster.kubectl(*create, f"--namespace={team}")
    for team in TEAMS:
        cluster.kubectl("rollout", "status", "deployment/demonstration", f"--namespace={team}", "--timeout=60s")


@pytest.fixture(scope="session")
def sandbox_cluster(control_plane: Cluster) -> Iterator[Cluster]:
    """The chart on the control plane of the session, ``demonstration`` running in both teams' namespaces."""
    install_chart(control_plane)
    seed(control_plane)
    yield control_plane
    uninstall_chart(control_plane)
    control_plane.kubectl("delete", "namespace", RELEASE, *TEAMS, "--wait=false")


@pytest.fixture(scope="session")
def bot_kubeconfig(sandbox_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    token = sandbox_cluster.service_account_token(RELEASE, "timonier")
    return sandbox_cluster.write_kubeconfig(tmp_path_factory.mktemp("bot") / "kubeconfig", token=token)


@pytest.fixture(scope="session")
def older_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server that knows no constrained impersonation, with the chart's legacy rules."""
    folder = tmp_path_factory.mktemp("older-control-plane")
    with ControlPlane(build(), folder, feature_gates="ConstrainedImpersonation=false") as cluster:
        install_chart(cluster, "impersonation=legacy")
        yield cluster
