"""A cluster of one's own: nothing is done there unasked, nor to a bot that is not the playground's."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster, NoCluster, Target, ToolFailed
from bot.playground.controlplane.cluster import write_kubeconfig
from bot.playground.installation import NAMESPACES, seed_teams
from bot.playground.own import NotAgreed, OwnCluster

URL = "https://k3s.example:6443"


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    (tmp_path / "ca.crt").write_text("PEM")
    return write_kubeconfig(tmp_path / "k3s.yaml", URL, tmp_path / "ca.crt", token="none")


def own_cluster(kubeconfig: Path, folder: Path, *, values: object = None) -> OwnCluster:
    """One whose helm knows a release with these values, or none."""
    own = OwnCluster(kubeconfig, folder / "cluster", "en")
    said = f"echo '{json.dumps(values)}'" if values else "echo 'Error: release: not found' >&2; exit 1"
    (folder / "helm").write_text(f"#!/bin/sh\n{said}\n")
    (folder / "helm").chmod(0o755)
    own.cluster = Cluster(folder, folder, kubeconfig, own.cluster.url, own.cluster.ca_file)
    return own


def playground(kubeconfig: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "playground", "--kubeconfig", str(kubeconfig)]
    environment = {**os.environ, "LC_ALL": "en_US.UTF-8"}
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_where_nobody_can_be_asked_nothing_begins_but_what_would_be_done_is_shown(kubeconfig: Path) -> None:
    ran = playground(kubeconfig)
    assert ran.returncode == 1
    assert f"context timonier, server {URL}" in ran.stdout
    assert all(namespace in ran.stdout for namespace in ("namespace timonier", *NAMESPACES))
    assert "Add --yes" in ran.stderr
    assert "Page:" not in ran.stdout


def test_a_file_that_is_not_there_is_named_without_a_traceback(tmp_path: Path) -> None:
    ran = playground(tmp_path / "nowhere.yaml")
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"timonier playground: {tmp_path}/nowhere.yaml: No such file")


@pytest.mark.parametrize("text", ["", "[]", "current-context: other\ncontexts: []\n", "a: [", "current-context: [x]"])
def test_a_kubeconfig_that_leads_nowhere_is_told_with_a_right_example(tmp_path: Path, text: str) -> None:
    (tmp_path / "k3s.yaml").write_text(text)
    with pytest.raises(NoCluster, match=r"(?s)k3s\.yaml.*right example"):
        Target.of(tmp_path / "k3s.yaml")


def test_a_release_that_is_not_the_playgrounds_is_left_alone(kubeconfig: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(NotAgreed, match=r"already has a Timonier.*nothing was changed"),
        own_cluster(kubeconfig, tmp_path, values={"existingSecret": "timonier-slack"}),
    ):
        pytest.fail("it went on")


@pytest.mark.parametrize("values", [None, {"existingSecret": "playground-slack"}])
def test_no_release_and_the_playgrounds_own_are_gone_on_with(kubeconfig: Path, tmp_path: Path, values: object) -> None:
    with own_cluster(kubeconfig, tmp_path, values=values) as cluster:
        assert cluster.url == URL


def test_how_to_remove_it_names_the_file_and_all_namespaces(kubeconfig: Path, tmp_path: Path) -> None:
    said = own_cluster(kubeconfig, tmp_path).how_to_remove()
    assert f"helm --kubeconfig {kubeconfig} uninstall timonier --namespace timonier" in said
    assert f"delete namespace timonier {' '.join(NAMESPACES)}" in said


@pytest.mark.parametrize(("reason", "fails"), [("AlreadyExists", False), ("Forbidden", True)])
def test_what_a_team_has_already_is_no_fault(kubeconfig: Path, tmp_path: Path, reason: str, *, fails: bool) -> None:
    kubectl = f"#!/bin/sh\necho 'Warning: restricted' >&2; echo 'Error from server ({reason}): …' >&2; exit 1\n"
    (tmp_path / "kubectl").write_text(kubectl)
    (tmp_path / "kubectl").chmod(0o755)
    cluster = Cluster(tmp_path, tmp_path, kubeconfig, URL, tmp_path / "ca.crt")
    with pytest.raises(ToolFailed, match="Forbidden") if fails else nullcontext():
        seed_teams(cluster)
