"""A cluster that we administer: ours, or any other by its kubeconfig."""

import base64
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml


class ToolFailed(RuntimeError):
    """kubectl or helm ended with an error. The text is the command and what it said."""


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
    """Any cluster (a real k3s) by its administrator's kubeconfig; ``folder`` takes its authority's certificate."""
    view = ("config", "view", "--raw", "--minify", "--flatten", "--output=yaml")
    command = [str(binaries / "kubectl"), f"--kubeconfig={kubeconfig}", *view]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    server = yaml.safe_load(shown)["clusters"][0]["cluster"]
    ca_file = folder / "ca.crt"
    ca_file.write_bytes(base64.b64decode(server["certificate-authority-data"]))
    return Cluster(binaries, folder, kubeconfig, server["server"], ca_file)
