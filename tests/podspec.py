"""The bot's pod as a process of this machine: args, environment, files and token as a kubelet would hand them over.

What differs from the pod: the image (this checkout), the network (the machine's: give another PORT) and the user id.
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.playground.controlplane import Cluster

ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"
# A mount point that the machine lacks is laid over its folder for this process alone, and the root is read-only.
AS_IN_THE_POD = """\
set -e
while [ "$1" != -- ]; do
  case $1 in
    lay) mount -t overlay overlay -o "lowerdir=$2:$3" "$3" ;;
    bind) mount --bind "$2" "$3" ;;
    show) mount --bind "$2" "$3"; mount -o remount,bind,ro "$3" ;;
  esac
  shift 3
done
shift
mount -o remount,bind,ro /
exec "$@"
"""


class NoSuchKey(KeyError):
    """The pod would not start: a Secret or ConfigMap lacks a key that the container's environment asks for."""


@dataclass(frozen=True, slots=True)
class Pod:
    """``files``: per mount path, the contents by file name, read-only; ``folders``: mount paths that can be written."""

    args: tuple[str, ...]
    env: Mapping[str, str]
    files: Mapping[str, Mapping[str, bytes]]
    folders: tuple[str, ...]

    def command(self, folder: Path, *program: str) -> list[str]:
        """The command line that runs ``program`` with the pod's mounts, kept in ``folder``. Start it with ``env``."""
        shown = [("show", self._write(folder, path), Path(path).resolve()) for path in self.files]
        # /tmp is the machine's own: this checkout may be in there.
        bound = [("bind", _made(folder, path), Path(path).resolve()) for path in self.folders if path != "/tmp"]
        steps = [*shown, *bound, ("bind", Path("/tmp"), Path("/tmp"))]
        laid = _lay(folder / "mount-points", [path for _, _, path in steps])
        words = [str(word) for step in (*laid, *steps) for word in step]
        unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        return [*unshare, "sh", "-c", AS_IN_THE_POD, "sh", *words, "--", *program]

    def _write(self, folder: Path, path: str) -> Path:
        made = _made(folder, path)
        for name, content in self.files[path].items():
            (made / name).write_bytes(content)
        return made


def _made(folder: Path, path: str) -> Path:
    made = folder / "volumes" / path.lstrip("/")
    made.mkdir(parents=True, exist_ok=True)
    return made


def read_pod(cluster: Cluster, namespace: str = "timonier", deployment: str = "timonier") -> Pod:
    """The pod of a live Deployment, of one container. Raises NoSuchKey."""
    source = _Source(cluster, namespace)
    spec = source.get("deployment", deployment)["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    mounts = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
    files = {
        path: source.contents("configmap", v["configMap"]["name"]) for path, v in mounts.items() if "configMap" in v
    }
    if spec["automountServiceAccountToken"]:
        files[ACCOUNT_FOLDER] = source.account(spec["serviceAccountName"])
    api = urlsplit(cluster.url)
    return Pod(
        args=tuple(container["args"]),
        env={
            "PATH": os.environ["PATH"],
            "HOME": "/",
            "KUBERNETES_SERVICE_HOST": str(api.hostname),
            "KUBERNETES_SERVICE_PORT": str(api.port),
            **source.environment(container["env"]),
        },
        files=files,
        folders=tuple(path for path in mounts if path not in files),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    cluster: Cluster
    namespace: str

    def get(self, kind: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self.cluster.kubectl("get", kind, name, f"--namespace={self.namespace}", "--output=json")
        )
        return found

    def contents(self, kind: str, name: str) -> dict[str, bytes]:
        data: dict[str, str] = self.get(kind, name).get("data", {})
        return {key: base64.b64decode(value) if kind == "secret" else value.encode() for key, value in data.items()}

    def environment(self, variables: list[dict[str, Any]]) -> dict[str, str]:
        found = {variable["name"]: self._value(variable) for variable in variables}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, variable: dict[str, Any]) -> str | None:
        if "valueFrom" not in variable:
            return str(variable.get("value", ""))
        ((kind, ref),) = variable["valueFrom"].items()
        value = self.contents({"secretKeyRef": "secret", "configMapKeyRef": "configmap"}[kind], ref["name"]).get(
            ref["key"]
        )
        if value is None and not ref.get("optional"):
            raise NoSuchKey(f"{ref['name']} has no key {ref['key']}, which {variable['name']} asks for")
        return None if value is None else value.decode()

    def account(self, name: str) -> dict[str, bytes]:
        return {
            "token": self.cluster.service_account_token(self.namespace, name).encode(),
            "ca.crt": self.cluster.ca_file.read_bytes(),
            "namespace": self.namespace.encode(),
        }


def _lay(skeleton: Path, paths: Iterable[Path]) -> list[tuple[str, Path, Path]]:
    """Makes the mount points that the machine lacks: one overlay per folder of the machine that lacks some."""
    anchors = set()
    for path in paths:
        anchor = next(parent for parent in (path, *path.parents) if parent.exists())
        if anchor != path:
            (skeleton / path.relative_to("/")).mkdir(parents=True, exist_ok=True)
            anchors.add(anchor)
    return [("lay", skeleton / anchor.relative_to("/"), anchor) for anchor in sorted(anchors)]
