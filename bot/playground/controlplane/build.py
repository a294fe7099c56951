"""The control plane's programs, built once from the ``tool`` lines of go.mod and kept in the user's cache folder."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.language import Text
from bot.playground.processes import popen, tethered
from bot.playground.tools import cache_folder, go

MODULE = Path(__file__).parent
PROGRAMS = ("etcd", "helm", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kwok")
STAGES = ("node/fast", "node/heartbeat-with-lease", "pod/fast")
# kubectl refuses a server that does not know its own version.
LDFLAGS = (
    "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3"
    " -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36"
)
FLAGS = ("-trimpath", "-ldflags", LDFLAGS)

USUAL_SECONDS = 270  # measured on 2 cores with empty caches, downloads included
DOWNLOADS = 229  # lines that a cold build prints; only the progress bar hangs on these two
PACKAGES = 3048

Report = Callable[[Text, float | None], None]
"""Told the step, and the share of the whole that is done, between 0 and 1; None when it cannot be known."""

FETCHING_GO = Text("récupération de Go", "fetching Go")
DOWNLOADING = Text("téléchargement de Kubernetes", "downloading Kubernetes")
COMPILING = Text("compilation de Kubernetes", "compiling Kubernetes")


class BuildFailed(RuntimeError):
    """Go could not build the control plane. The text holds the end of what it said."""


def build(report: Report = lambda step, share: None) -> Path:
    """``binaries()``, built first where they are not there yet; raises BuildFailed.

    An interrupted build leaves nothing half done, and the next one goes on from Go's own cache.
    """
    built = binaries()
    if not built.exists():
        with _only_one_at_a_time():
            if not built.exists():
                _build_into(built, report)
    return built


def binaries() -> Path:
    """The folder where the programs are, or will be: KUBEBUILDER_ASSETS if it holds them all, else the cached build."""
    assets = Path(os.environ.get("KUBEBUILDER_ASSETS") or os.devnull)
    return assets if all((assets / name).exists() for name in (*PROGRAMS, "stages")) else _cached_build()


def _cached_build() -> Path:
    """One for each go.mod, go.sum and set of flags."""
    key = hashlib.sha256()
    for part in ((MODULE / "go.mod").read_bytes(), (MODULE / "go.sum").read_bytes(), " ".join(FLAGS).encode()):
        key.update(part)
    return cache_folder() / f"controlplane-{key.hexdigest()[:12]}"


@contextmanager
def _only_one_at_a_time() -> Iterator[None]:
    with (cache_folder() / "controlplane.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system lets go of it when we are killed
        yield


def _build_into(built: Path, report: Report) -> None:
    report(FETCHING_GO, None)
    command = go()
    unfinished = built.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    _run_go([*command, "build", "-v", *FLAGS, "-o", f"{unfinished}/", "tool"], report)
    (unfinished / "server").rename(unfinished / "etcd")
    _copy_stages(command, unfinished / "stages")
    unfinished.rename(built)


def _run_go(command: list[str], report: Report) -> None:
    process = popen(
        tethered(*command, mode="group"),
        cwd=MODULE,
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOWORK": "off"},
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    with process:
        try:
            said = _follow(process.stderr, report)
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise BuildFailed("\n".join(["Go could not build the control plane:", *said[-20:]]))


def _follow(lines: Iterator[str], report: Report) -> list[str]:
    said, downloads, packages = [], 0, 0
    for line in lines:
        said.append(line.rstrip())
        if line.startswith("go: downloading"):
            downloads += 1
            report(DOWNLOADING, 0.2 * min(downloads / DOWNLOADS, 1))
        else:
            packages += 1
            report(COMPILING, 0.2 + 0.75 * min(packages / PACKAGES, 1))
    return said


def _copy_stages(command: list[str], target: Path) -> None:
    where = [*command, "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"]
    module = subprocess.run(where, cwd=MODULE, check=True, capture_output=True, text=True).stdout.strip()
    target.mkdir()
    for stage in STAGES:
        for file in Path(module, "kustomize", "stage", stage).glob("*.yaml"):
            if file.name != "kustomization.yaml":
                shutil.copyfile(file, target / file.name)
