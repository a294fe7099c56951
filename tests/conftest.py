"""What several test files share: the real control plane, started once a session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster, ControlPlane, build, external_cluster

pytest_plugins = ["tests.cluster"]


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An empty cluster with one node; ``TIMONIER_TEST_KUBECONFIG`` puts any other cluster in its place."""
    folder = tmp_path_factory.mktemp("control-plane")
    if kubeconfig := os.environ.get("TIMONIER_TEST_KUBECONFIG"):
        yield external_cluster(build(), folder, Path(kubeconfig))
        return
    with ControlPlane(build(), folder) as cluster:
        yield cluster
