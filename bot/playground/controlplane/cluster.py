"""A cluster that we administer: ours, or any other by its kubeconfig."""

import base64
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class ToolFailed(RuntimeError):
    """kubectl or helm ended with an error. The text is the command and what it said."""


class NoCluster(RuntimeError):
    """A kubeconfig leads to no cluster; the text names the file, what it lacks, and shows a right example."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """``kubeconfig`` is an administrator's, ``binaries`` holds kubectl and helm, ``folder`` takes what they cache.

    ``ca_file`` is the certificate of the authority behind ``url``.
    """

    binaries: Path
    folder: Path
    kubeconfig: Path
    url: str
    ca_file: Path

    def kubectl(self, *args: str, stdin: str = "") -> str:
        """What it prints on stdout; raises ToolFailed."""
        return self._output("kubectl", args, stdin)

    def helm(self, *args: str) -> str:
        """What it prints on stdout; raises ToolFailed."""
        return self._output("helm", args, "")

    def run(self, program: str, *args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """kubectl or helm as the administrator, whatever its exit status."""
        command = [str(self.binaries / program), *args]
        return subprocess.run(command, input=stdin, env=self._env(), capture_output=True, text=True, check=False)

    def service_account_token(self, namespace: str, name: str) -> str:
        """A token that the API server honours for an hour."""
        return self.kubectl("create", "token", name, "--namespace", namespace).strip()

    def write_kubeconfig(self, path: Path, *, token: str = "", token_file: Path | None = None) -> Path:
        """A kubeconfig at ``path`` for the holder of a token, or of a token file, which is read again as it changes."""
        return write_kubeconfig(path, self.url, self.ca_file, token=token, token_file=token_file)

    def _output(self, program: str, args: tuple[str, ...], stdin: str) -> str:
        ran = self.run(program, *args, stdin=stdin)
        if ran.returncode:
            raise ToolFailed(f"{program} {' '.join(args)}: {ran.stderr.strip()}")
        return ran.stdout

    def _env(self) -> dict[str, str]:
        """Neither the user's own kubeconfig and Helm plugins, nor their caches of another cluster at the same port."""
        own = {name: str(self.folder / "helm") for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")}
        return {**os.environ, **own, "KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": str(self.folder / "kubectl")}


def write_kubeconfig(path: Path, url: str, ca_file: Path, *, token: str = "", token_file: Path | None = None) -> Path:
    user = {"tokenFile": str(token_file)} if token_file else {"token": token}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "timonier", "cluster": {"server": url, "certificate-authority": str(ca_file)}}],
        "users": [{"name": "timonier", "user": user}],
        "contexts": [{"name": "timonier", "context": {"cluster": "timonier", "user": "timonier"}}],
        "current-context": "timonier",
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config))
    return path


def external_cluster(binaries: Path, folder: Path, kubeconfig: Path) -> Cluster:
    """Any cluster (a real k3s) by its administrator's kubeconfig; ``folder`` takes its authority's certificate.

    Raises NoCluster.
    """
    target = Target.of(kubeconfig)
    ca_file = folder / "ca.crt"
    ca_file.write_bytes(target.authority)
    return Cluster(binaries, folder, kubeconfig, target.url, ca_file)


@dataclass(frozen=True, slots=True)
class Target:
    """What a kubeconfig's current context leads to; ``authority`` is a certificate in PEM."""

    context: str
    url: str
    authority: bytes

    @classmethod
    def of(cls, kubeconfig: Path) -> "Target":
        """Raises NoCluster."""
        try:
            config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
            current = config["current-context"]
            context = _named(config["contexts"], current)["context"]
            server = _named(config["clusters"], context["cluster"])["cluster"]
            return cls(current, server["server"], _authority(server, kubeconfig.parent))
        except OSError as error:
            raise NoCluster(
                f"{error.filename}: {error.strerror}. A right example: a copy of k3s.yaml that is yours"
            ) from error
        except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
            raise NoCluster(
                f"{kubeconfig}: its current context leads to no server with a certificate authority ({error}). "
                "A right example: what `kubectl config view --raw --minify --flatten` prints for a cluster of k3s"
            ) from error


def _named(things: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return {thing["name"]: thing for thing in things}[name]


def _authority(server: dict[str, str], folder: Path) -> bytes:
    if data := server.get("certificate-authority-data"):
        return base64.b64decode(data)
    return (folder / server["certificate-authority"]).read_bytes()
