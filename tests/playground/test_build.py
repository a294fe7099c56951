"""The control plane's programs are built once, whole or not at all. A script stands in for Go, which takes minutes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.language import Text
from bot.playground.controlplane.build import PROGRAMS, STAGES, BuildFailed, binaries, build

GO = """#!/bin/sh
case "$1" in
env) echo go1.26.1 ;;
list) echo "$(dirname "$0")/kwok" ;;
build)
    while [ "$1" != -o ]; do shift; done
    mkdir -p "$2"
    echo "go: downloading k8s.io/kubernetes v1.36.3" >&2
    echo k8s.io/kubernetes/cmd/kubectl >&2
    [ -n "$GO_FAILS" ] && { echo "no space left on device" >&2; exit 1; }
    [ -n "$GO_HANGS" ] && { touch "$GO_HANGS"; sleep 600; }
    for program in server helm kube-apiserver kube-controller-manager kube-scheduler kubectl kwok; do
        touch "$2/$program"
    done ;;
esac
"""


@pytest.fixture(autouse=True)
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Go that builds at once, alone on the PATH with the shell's tools, and an empty cache folder."""
    folder = tmp_path / "go"
    folder.mkdir()
    (folder / "go").write_text(GO)
    (folder / "go").chmod(0o755)
    for stage in STAGES:
        stages = folder / "kwok" / "kustomize" / "stage" / stage
        stages.mkdir(parents=True)
        (stages / f"{stage.replace('/', '-')}.yaml").write_text("kind: Stage")
        (stages / "kustomization.yaml").write_text("kind: Kustomization")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    return folder


def test_a_build_holds_all_programs_and_kwoks_stages() -> None:
    built = build()
    assert {path.name for path in built.iterdir()} == {*PROGRAMS, "stages"}
    assert len(list((built / "stages").iterdir())) == len(STAGES)


def test_a_build_tells_its_steps() -> None:
    steps: list[tuple[Text, float | None]] = []
    build(lambda step, share: steps.append((step, share)))
    assert [step.en for step, _ in steps] == ["fetching Go", "downloading Kubernetes", "compiling Kubernetes"]
    assert [step.fr for step, _ in steps][1:] == ["téléchargement de Kubernetes", "compilation de Kubernetes"]


def test_a_second_build_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setenv("GO_FAILS", "yes")
    assert build() == binaries()


def test_a_failed_build_says_what_go_said_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GO_FAILS", "yes")
    with pytest.raises(BuildFailed, match="no space left on device"):
        build()
    assert not binaries().exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_build_leaves_nothing_half_done(tmp_path: Path, number: signal.Signals) -> None:
    hangs = tmp_path / "hangs"
    command = [sys.executable, "-c", "from bot.playground.controlplane import build; build()"]
    environment = {**os.environ, "GO_HANGS": str(hangs)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as builder:
        while not hangs.exists():
            time.sleep(0.02)
        builder.send_signal(number)
    assert not binaries().exists()
    assert build().exists()


def test_other_programs_can_be_put_in_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = tmp_path / "assets"
    (assets / "stages").mkdir(parents=True)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    assert binaries() != assets  # envtest's own assets lack most of them
    for program in PROGRAMS:
        (assets / program).touch()
    assert build() == assets
