"""A container of the image without an engine: its file system and its settings, run as the chart's pod is.

The root file system is read-only, the user is the image's own, and nothing of the machine's environment comes in.
"""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WRITABLE = ("/tmp", "/var/lib/timonier")
# Mount points are made and found from inside: the image's /var/run is a link, which outside leads to the machine's own.
RUN = """\
set -e
root=$1 user=$2; shift 2
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do
  chroot "$root" mkdir -p "$2"
  mount --bind "$1" "$root$(chroot "$root" realpath "$2")"
  shift 2
done
shift
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" --groups= "$root" env -i "$@"
"""


@dataclass(frozen=True, slots=True)
class Container:
    """``config`` is the image's, in OCI's words: User, Env, Entrypoint, Cmd, Labels."""

    root: Path
    config: Mapping[str, Any]

    def command(self, volumes: Path, *program: str, env: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
        """The command line that runs ``program``. ``volumes`` keeps what it writes; ``files`` are laid in by path."""
        written = {path: _volume(volumes, path, self.config["User"]) for path in WRITABLE}
        mounts = [str(word) for path, source in {**written, **files}.items() for word in (source, path)]
        variables = [*self.config["Env"], "HOME=/", *(f"{name}={value}" for name, value in env.items())]
        unshare = ["unshare", "--mount", "sh", "-c", RUN, "sh", str(self.root), self.config["User"]]
        return [*unshare, *mounts, "--", *variables, *program]

    def run(self, volumes: Path, *program: str) -> "subprocess.CompletedProcess[str]":
        command = self.command(volumes, *program, env={}, files={})
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def _volume(volumes: Path, path: str, user: str) -> Path:
    made = volumes / path.lstrip("/")
    made.mkdir(parents=True, exist_ok=True)
    os.chown(made, *map(int, user.split(":")))
    return made
