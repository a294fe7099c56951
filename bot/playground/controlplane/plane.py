"""Our control plane: etcd, API server, controllers, scheduler and a node played by kwok, on free ports of 127.0.0.1."""

import http
import http.client
import json
import secrets
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import yaml

from bot.playground.controlplane.certificates import make_certificates
from bot.playground.controlplane.cluster import Cluster, write_kubeconfig
from bot.playground.processes import Processes, free_ports

MODULE = Path(__file__).parent
START_SECONDS = 60.0  # 3 s on an idle machine
LOCAL = "--bind-address=127.0.0.1"
CONTROLLERS, SCHEDULER = "system:kube-controller-manager", "system:kube-scheduler"


class StartTimeout(RuntimeError):
    """The control plane did not become ready in time. The text says what was missing and where the logs are."""


class ControlPlane:
    """``with ControlPlane(build(), folder) as cluster``: an empty cluster with one node, gone when the block is left.

    It always starts empty; ``folder`` takes its state and a log file per program. ``feature_gates`` are the API
    server's: ``"ConstrainedImpersonation=false"`` makes it an older one.
    """

    def __init__(self, binaries: Path, folder: Path, feature_gates: str = "") -> None:
        self._binaries = binaries
        self._folder = folder
        self._feature_gates = feature_gates
        self._processes = Processes(folder)

    def __enter__(self) -> Cluster:
        try:
            return self._start()
        except BaseException:
            self._processes.stop()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._processes.stop()

    def check(self) -> None:
        """Raises ProcessDied when one of its programs has ended."""
        self._processes.check()

    def _start(self) -> Cluster:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        etcd, etcd_peer, api, controllers, scheduler, kubelet = free_ports(6)
        self._start_etcd(etcd, etcd_peer)
        tokens = {user: secrets.token_hex(16) for user in ("admin", CONTROLLERS, SCHEDULER)}
        self._start_api_server(api, etcd, tokens)
        cluster = self._cluster(api, tokens["admin"])
        connection = Connection(cluster, tokens["admin"])
        self._wait("the API server", lambda: connection.get("/readyz") is not None)

        self._start_controllers(cluster, controllers, tokens[CONTROLLERS])
        self._start_scheduler(cluster, scheduler, tokens[SCHEDULER])
        self._start_kwok(cluster, kubelet)
        node = json.loads((MODULE / "node.json").read_text())
        connection.post("/api/v1/nodes", node)
        self._wait("the node", lambda: is_ready(connection.get(f"/api/v1/nodes/{node['metadata']['name']}")))
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self._wait("the controllers", lambda: connection.get(account) is not None)
        return cluster

    def _wait(self, part: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self._processes.check()
            if time.monotonic() > deadline:
                raise StartTimeout(f"{part} is not ready after {START_SECONDS:.0f} s; the logs are in {self._folder}")
            time.sleep(0.05)

    def _run(self, program: str, *flags: str) -> None:
        self._processes.start(program, self._binaries / program, *flags)

    def _start_etcd(self, port: int, peer_port: int) -> None:
        url, peer_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
        self._run(
            "etcd",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={url}",
            f"--advertise-client-urls={url}",
            f"--listen-peer-urls={peer_url}",
            f"--initial-advertise-peer-urls={peer_url}",
            f"--initial-cluster=default={peer_url}",
            "--unsafe-no-fsync",
            "--enable-grpc-gateway=false",  # it answers any web page, without a password
            "--log-level=warn",
        )

    def _start_api_server(self, port: int, etcd_port: int, tokens: dict[str, str]) -> None:
        certificates = make_certificates(self._folder)
        token_file = self._folder / "tokens.csv"
        token_file.touch(mode=0o600)
        groups = {"admin": '"system:masters"'}
        lines = [f"{token},{user},{user},{groups.get(user, '')}" for user, token in tokens.items()]
        token_file.write_text("\n".join(lines))
        gates = [f"--feature-gates={self._feature_gates}"] if self._feature_gates else []
        self._run(
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{etcd_port}",
            LOCAL,
            f"--secure-port={port}",
            f"--tls-cert-file={certificates.server}",
            f"--tls-private-key-file={certificates.server_key}",
            f"--client-ca-file={certificates.ca}",
            f"--token-auth-file={token_file}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={certificates.accounts}",
            f"--service-account-signing-key-file={certificates.accounts_key}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--allow-privileged=true",
            "--endpoint-reconciler-type=none",
            "--kubelet-preferred-address-types=InternalIP",
            *gates,
        )

    def _cluster(self, port: int, token: str) -> Cluster:
        url = f"https://127.0.0.1:{port}"
        ca_file = self._folder / "ca.crt"
        kubeconfig = write_kubeconfig(self._folder / "admin.kubeconfig", url, ca_file, token=token)
        return Cluster(self._binaries, self._folder, kubeconfig, url, ca_file)

    def _start_controllers(self, cluster: Cluster, port: int, token: str) -> None:
        kubeconfig = cluster.write_kubeconfig(self._folder / "controllers.kubeconfig", token=token)
        self._run(
            "kube-controller-manager",
            f"--kubeconfig={kubeconfig}",
            "--use-service-account-credentials=true",  # RBAC refuses its work without
            f"--service-account-private-key-file={self._folder / 'sa.key'}",
            f"--root-ca-file={cluster.ca_file}",
            "--leader-elect=false",
            "--kube-api-qps=500",  # its own limit of 20 makes it take 5 s for its first 40 tokens
            "--kube-api-burst=500",
            LOCAL,
            f"--secure-port={port}",
        )

    def _start_scheduler(self, cluster: Cluster, port: int, token: str) -> None:
        kubeconfig = cluster.write_kubeconfig(self._folder / "scheduler.kubeconfig", token=token)
        self._run(
            "kube-scheduler", f"--kubeconfig={kubeconfig}", "--leader-elect=false", LOCAL, f"--secure-port={port}"
        )

    def _start_kwok(self, cluster: Cluster, port: int) -> None:
        self._run(
            "kwok",
            f"--kubeconfig={cluster.kubeconfig}",
            f"--config={self._write_stages()}",
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=40",  # without a lease every pod is NotReady for good after a minute
            f"--server-address=127.0.0.1:{port}",
            "--node-ip=127.0.0.1",
            f"--node-port={port}",
            "--cidr=10.42.0.0/16",
        )

    def _write_stages(self) -> Path:
        """kwok's own stages, then ours, which outweigh them, in one file."""
        files = [*sorted(self._binaries.glob("stages/*.yaml")), *sorted(MODULE.glob("stages/*.yaml"))]
        logs = {"logs": [{"logsFile": str(MODULE / "container.log")}]}
        cluster_logs = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterLogs",
            "metadata": {"name": "all"},
            "spec": logs,
        }
        path = self._folder / "stages.yaml"
        path.write_text("\n---\n".join([*(file.read_text() for file in files), yaml.safe_dump(cluster_logs)]))
        return path


class Connection:
    """One administrator's connection at a time to an API server that may not be there yet."""

    def __init__(self, cluster: Cluster, token: str) -> None:
        self._address = urlsplit(cluster.url)
        self._tls = ssl.create_default_context(cafile=cluster.ca_file)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> bytes | None:
        """The body of a 200, None for everything else."""
        try:
            return self._request("GET", path, None)
        except OSError:
            return None

    def post(self, path: str, thing: object) -> None:
        if self._request("POST", path, json.dumps(thing)) is None:
            raise RuntimeError(f"the API server refused a POST to {path}")

    def _request(self, method: str, path: str, body: str | None) -> bytes | None:
        host, port = self._address.hostname or "", self._address.port
        connection = http.client.HTTPSConnection(host, port, context=self._tls, timeout=5)
        try:
            connection.request(method, path, body, self._headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return content if response.status in (http.HTTPStatus.OK, http.HTTPStatus.CREATED) else None


def is_ready(node: bytes | None) -> bool:
    conditions = json.loads(node or b"{}").get("status", {}).get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
