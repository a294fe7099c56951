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
LOGS = {"logsFile": "container.log", "previousLogsFile": "crashed.log"}
START_SECONDS = 60.0  # 3 s on an idle machine
ADMIN, CONTROLLERS, SCHEDULER = "playground:admin", "system:kube-controller-manager", "system:kube-scheduler"


class StartTimeout(RuntimeError):
    """The control plane did not become ready in time. The text says what was missing and where the logs are."""


class ControlPlane:
    """``with ControlPlane(build(), folder) as cluster``: an empty cluster with one node, gone when the block is left.

    ``cluster`` tells its address and credentials before it runs. ``folder`` takes its state, which is never read
    again, and a log file per program. ``feature_gates`` are the API server's: ``"ConstrainedImpersonation=false"``
    makes it an older one.
    """

    def __init__(self, binaries: Path, folder: Path, feature_gates: str = "") -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._feature_gates = feature_gates
        self._processes = Processes(folder)
        self._tokens = {user: secrets.token_hex(16) for user in (ADMIN, CONTROLLERS, SCHEDULER)}
        self._port, self._etcd_port, *self._other_ports = free_ports(6)
        self._certificates = make_certificates(folder)
        self._url = f"https://127.0.0.1:{self._port}"
        self.cluster = Cluster(binaries, folder, self._kubeconfig(ADMIN), self._url, self._certificates.ca)

    def __enter__(self) -> Cluster:
        try:
            self._start()
        except BaseException:
            self._processes.stop()
            raise
        return self.cluster

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._processes.stop()

    def check(self) -> None:
        """Raises ProcessDied when one of its programs has ended."""
        self._processes.check()

    def _start(self) -> None:
        connection = Connection(self.cluster, self._tokens[ADMIN])
        etcd_peers, controllers, scheduler, kubelet = self._other_ports
        self._start_etcd(etcd_peers)
        self._start_api_server()
        self._wait("the API server", lambda: connection.get("/readyz") is not None)

        self._start_controllers(controllers)
        self._start_scheduler(scheduler)
        self._start_kwok(kubelet)
        node = json.loads((MODULE / "node.json").read_text())
        connection.post("/api/v1/nodes", node)
        self._wait("the node", lambda: is_ready(connection.get(f"/api/v1/nodes/{node['metadata']['name']}")))
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self._wait("the controllers", lambda: connection.get(account) is not None)

    def _wait(self, part: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self._processes.check()
            if time.monotonic() > deadline:
                raise StartTimeout(f"{part} is not ready after {START_SECONDS:.0f} s; the logs are in {self._folder}")
            time.sleep(0.05)

    def _run(self, program: str, *flags: str) -> None:
        self._processes.start(program, self.cluster.binaries / program, *flags)

    def _start_etcd(self, peer_port: int) -> None:
        url, peer_url = f"http://127.0.0.1:{self._etcd_port}", f"http://127.0.0.1:{peer_port}"
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

    def _start_api_server(self) -> None:
        certificates = self._certificates
        gates = [f"--feature-gates={self._feature_gates}"] if self._feature_gates else []
        self._run(
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{self._etcd_port}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self._port}",
            f"--tls-cert-file={certificates.server}",
            f"--tls-private-key-file={certificates.server_key}",
            f"--client-ca-file={certificates.ca}",
            f"--token-auth-file={self._write_tokens()}",
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

    def _start_controllers(self, port: int) -> None:
        self._run(
            "kube-controller-manager",
            f"--kubeconfig={self._kubeconfig(CONTROLLERS)}",
            "--use-service-account-credentials=true",  # RBAC refuses its work without
            f"--service-account-private-key-file={self._certificates.accounts_key}",
            f"--root-ca-file={self._certificates.ca}",
            "--leader-elect=false",
            "--kube-api-qps=500",  # its own limit of 20 makes it take 5 s for its first 40 tokens
            "--kube-api-burst=500",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
        )

    def _start_scheduler(self, port: int) -> None:
        self._run(
            "kube-scheduler",
            f"--kubeconfig={self._kubeconfig(SCHEDULER)}",
            "--leader-elect=false",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
        )

    def _start_kwok(self, port: int) -> None:
        self._run(
            "kwok",
            f"--kubeconfig={self.cluster.kubeconfig}",
            f"--config={self._write_stages()}",
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=40",  # without a lease every pod is NotReady for good after a minute
            f"--server-address=127.0.0.1:{port}",
            "--node-ip=127.0.0.1",
            f"--node-port={port}",
            "--cidr=10.42.0.0/16",
        )

    def _kubeconfig(self, user: str) -> Path:
        path = self._folder / f"{user.rpartition(':')[2]}.kubeconfig"
        return write_kubeconfig(path, self._url, self._certificates.ca, token=self._tokens[user])

    def _write_tokens(self) -> Path:
        path = self._folder / "tokens.csv"
        path.touch(mode=0o600)
        groups = {ADMIN: "system:masters"}
        path.write_text(
            "".join(f"{token},{user},{user},{groups.get(user, '')}\n" for user, token in self._tokens.items())
        )
        return path

    def _write_stages(self) -> Path:
        """kwok's own stages and ours, which outweigh them, in one file."""
        files = [*sorted(self.cluster.binaries.glob("stages/*.yaml")), *sorted(MODULE.glob("stages/*.yaml"))]
        logs = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterLogs",
            "metadata": {"name": "all"},
            "spec": {"logs": [{key: str(MODULE / name) for key, name in LOGS.items()}]},
        }
        path = self._folder / "stages.yaml"
        path.write_text("\n---\n".join([*(file.read_text() for file in files), yaml.safe_dump(logs)]))
        return path


class Connection:
    """An administrator's requests to an API server that may not be there yet."""

    def __init__(self, cluster: Cluster, token: str) -> None:
        self._address = urlsplit(cluster.url)
        self._tls = ssl.create_default_context(cafile=cluster.ca_file)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> bytes | None:
        """The body of a 200, None for everything else."""
        try:
            return self._request("GET", path, None)
        except (OSError, http.client.HTTPException):
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
