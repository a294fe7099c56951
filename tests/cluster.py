"""The tests' sandbox: the chart installed as in production, and something to look at in each team's namespace."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster, ControlPlane, build

CHART = Path(__file__).parents[1] / "helm"
RELEASE = "timonier"  # its namespace is called the same
TEAMS = ("equipe-rouge", "equipe-bleue")
READ_ONLY = "kube-system"


class HelmFailed(RuntimeError):
    """Helm ended with an error. The text is what it said."""


def helm(binaries: Path, *args: str | Path) -> str:
    ran = subprocess.run([binaries / "helm", *args], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise HelmFailed(ran.stderr.strip())
    return ran.stdout


def install_chart(cluster: Cluster, *values: str) -> None:
    """Installs or upgrades. No pod is made of the bot: where containers are only played, it would prove nothing."""
    chosen = ("existingSecret=slack", "replicas=0", "persistence.enabled=false", *values)
    helm(
        cluster.binaries,
        "upgrade",
        "--install",
        RELEASE,
        CHART,
        f"--kubeconfig={cluster.kubeconfig}",
        f"--namespace={RELEASE}",
        "--create-namespace",
        *(f"--set={value}" for value in chosen),
    )


def uninstall_chart(cluster: Cluster) -> None:
    helm(cluster.binaries, "uninstall", RELEASE, f"--kubeconfig={cluster.kubeconfig}", f"--namespace={RELEASE}")


def seed(cluster: Cluster) -> None:
    """The course's deployment in each team's namespace, two replicas, running."""
    for team in TEAMS:
        cluster.kubectl(
            "create", "deployment", "demonstration", "--image=monachus/rancher-demo", "--replicas=2", f"--namespace={team}"
        )
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
def older_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server that knows no constrained impersonation, with the chart's legacy rules."""
    folder = tmp_path_factory.mktemp("older-control-plane")
    with ControlPlane(build(), folder, feature_gates="ConstrainedImpersonation=false") as cluster:
        install_chart(cluster, "impersonation=legacy")
        yield cluster
