"""The control plane is real, closed to other machines, and gone when we are."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.controlplane import Cluster, ControlPlane, build
from bot.playground.processes import ProcessDied
from tests.playground.processes_of import eventually, is_running, listening_addresses, programs_of

pytestmark = pytest.mark.cluster

PROGRAMS = {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}
RUN = """
import sys, time
from pathlib import Path
from bot.playground.controlplane import ControlPlane, build
with ControlPlane(build(), Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def namespace(control_plane: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"plane-{abs(hash(request.node.name)) % 10**8}"
    control_plane.kubectl("create", "namespace", name)
    yield name
    control_plane.kubectl("delete", "namespace", name, "--wait=false")


def only_pod(cluster: Cluster, namespace: str) -> dict[str, Any]:
    (pod,) = json.loads(cluster.kubectl("get", "pods", "-n", namespace, "-o", "json"))["items"]
    return dict(pod)


def run_image(cluster: Cluster, namespace: str, image: str) -> None:
    cluster.kubectl("create", "deployment", "web", f"--image={image}", "-n", namespace)
    eventually(lambda: "1 " in cluster.kubectl("get", "rs", "-n", namespace, "--no-headers"), "no replica set")
    eventually(
        lambda: "containerStatuses" in cluster.kubectl("get", "pods", "-n", namespace, "-o", "yaml"),
        "the pod has no state",
    )


def test_the_server_knows_its_version(control_plane: Cluster) -> None:
    version = json.loads(control_plane.kubectl("version", "-o", "json"))
    assert version["serverVersion"]["gitVersion"].startswith("v1.")
    assert version["clientVersion"]["gitVersion"] == "v1.36.3"


def test_a_deployment_runs(control_plane: Cluster, namespace: str) -> None:
    run_image(control_plane, namespace, "monachus/rancher-demo")
    control_plane.kubectl("rollout", "status", "deployment/web", "-n", namespace, "--timeout=20s")
    assert only_pod(control_plane, namespace)["status"]["podIP"].startswith("10.42.")


def test_an_image_that_is_introuvable_cannot_be_pulled(control_plane: Cluster, namespace: str) -> None:
    run_image(control_plane, namespace, "introuvable/site:v2")
    shown = control_plane.kubectl("get", "pods", "-n", namespace, "--no-headers")
    assert shown.split()[1:4] == ["0/1", "ImagePullBackOff", "0"]
    (state,) = only_pod(control_plane, namespace)["status"]["containerStatuses"]
    assert state["state"]["waiting"]["message"] == 'Back-off pulling image "introuvable/site:v2"'
    assert "Error: ImagePullBackOff" in control_plane.kubectl("events", "-n", namespace)


def test_an_image_that_plante_crashes_again_and_again(control_plane: Cluster, namespace: str) -> None:
    run_image(control_plane, namespace, "plante")
    shown = control_plane.kubectl("get", "pods", "-n", namespace, "--no-headers")
    assert shown.split()[1:4] == ["0/1", "CrashLoopBackOff", "1"]


def test_a_pod_with_init_containers_runs(control_plane: Cluster, namespace: str) -> None:
    containers = {"initContainers": [{"name": "before", "image": "a"}], "containers": [{"name": "main", "image": "b"}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": containers}
    control_plane.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(pod))
    control_plane.kubectl("wait", "-n", namespace, "--for=condition=Ready", "pod/web", "--timeout=20s")


def test_a_job_completes(control_plane: Cluster, namespace: str) -> None:
    control_plane.kubectl("create", "job", "count", "--image=busybox", "-n", namespace)
    control_plane.kubectl("wait", "-n", namespace, "--for=condition=Complete", "job/count", "--timeout=20s")


def test_logs_answer(control_plane: Cluster, namespace: str) -> None:
    run_image(control_plane, namespace, "monachus/rancher-demo")
    assert "The containers of this cluster are played" in control_plane.kubectl(
        "logs", "deployment/web", "-n", namespace
    )


def test_a_service_account_gets_a_token_that_counts(control_plane: Cluster, namespace: str, tmp_path: Path) -> None:
    control_plane.kubectl("create", "serviceaccount", "robot", "-n", namespace)
    token_file = tmp_path / "token"
    token_file.write_text(control_plane.service_account_token(namespace, "robot"))
    kubeconfig = control_plane.write_kubeconfig(tmp_path / "kubeconfig", token_file=token_file)
    said = control_plane.run("kubectl", f"--kubeconfig={kubeconfig}", "auth", "whoami")
    assert f"system:serviceaccount:{namespace}:robot" in said.stdout


@pytest.fixture(scope="module")
def own_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A second one beside the session's: they share a machine without a clash."""
    with ControlPlane(build(), tmp_path_factory.mktemp("own") / "plane") as cluster:
        yield cluster


def test_it_listens_on_this_machine_only(own_plane: Cluster) -> None:
    programs = programs_of(own_plane.folder)
    assert set(programs.values()) == PROGRAMS
    eventually(lambda: len(listening_addresses(set(programs))) >= 6, "some do not listen")
    addresses = listening_addresses(set(programs))
    assert {address.partition(":")[0] for address in addresses} == {"0100007F"}


def test_its_secrets_are_its_owners_alone(own_plane: Cluster) -> None:
    assert own_plane.folder.stat().st_mode & 0o777 == 0o700
    for name in ("tokens.csv", "admin.kubeconfig", "sa.key", "server.key"):
        assert (own_plane.folder / name).stat().st_mode & 0o777 == 0o600, name


def test_etcd_tells_nothing_to_a_web_page(own_plane: Cluster) -> None:
    (etcd,) = (pid for pid, name in programs_of(own_plane.folder).items() if name == "etcd")
    command = Path(f"/proc/{etcd}/cmdline").read_text().split("\0")
    (url,) = (flag.partition("=")[2] for flag in command if flag.startswith("--listen-client-urls="))
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}/v3/kv/range", data=b'{"key": "AA==", "range_end": "AA=="}', timeout=5)


def test_its_certificate_is_accepted_by_a_strict_client(own_plane: Cluster) -> None:
    context = ssl.create_default_context(cafile=own_plane.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    for host in ("127.0.0.1", "localhost"):
        url = own_plane.url.replace("127.0.0.1", host)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{url}/api", context=context, timeout=5)


@pytest.mark.slow
def test_a_plane_that_is_left_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "plane"
    with ControlPlane(build(), folder, feature_gates="ConstrainedImpersonation=false"):
        programs = programs_of(folder)
        assert set(programs.values()) == PROGRAMS
    assert not any(map(is_running, programs))


def test_a_program_that_dies_is_named_with_what_it_said(tmp_path: Path) -> None:
    folder = tmp_path / "plane"
    plane = ControlPlane(build(), folder, feature_gates="NoSuchGate=true")
    with pytest.raises(ProcessDied, match=r"(?s)kube-apiserver ended with status 1.*NoSuchGate"):
        plane.__enter__()
    assert programs_of(folder) == {}


@pytest.mark.slow
def test_a_killed_parent_leaves_nothing_running(tmp_path: Path) -> None:
    folder = tmp_path / "plane"
    with subprocess.Popen([sys.executable, "-c", RUN, str(folder)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        ready = parent.stdout.readline()
        programs = programs_of(folder)
        parent.kill()
    assert ready == "ready\n"
    assert set(programs.values()) > PROGRAMS  # and their parent
    eventually(lambda: not any(map(is_running, programs)), "something still runs")


@pytest.mark.slow
def test_pods_are_ready_again_after_their_node_was_away(tmp_path: Path) -> None:
    folder = tmp_path / "plane"
    with ControlPlane(build(), folder) as cluster:
        run_image(cluster, "default", "monachus/rancher-demo")
        (kwok,) = (pid for pid, name in programs_of(folder).items() if name == "kwok")
        os.kill(kwok, signal.SIGSTOP)
        eventually(lambda: "NotReady" in cluster.kubectl("get", "nodes"), "the node is not missed", 120)
        eventually(lambda: "0/1" in cluster.kubectl("get", "deployment", "web"), "its pods are not missed", 30)
        os.kill(kwok, signal.SIGCONT)
        eventually(lambda: "1/1" in cluster.kubectl("get", "deployment", "web"), "its pods are not ready", 60)
        time.sleep(10)
        assert "1/1" in cluster.kubectl("get", "deployment", "web")
