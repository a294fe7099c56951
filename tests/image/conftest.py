"""The image, built once for all its tests by buildah, which needs no daemon."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.tools import cache_folder
from tests.image.container import Container

REPOSITORY = Path(__file__).parents[2]
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")  # of Debian, on the machine as in the base
NEEDED = "ca-certificates,python3,python3-pip,python3-venv"


class Buildah:
    """A store of its own: the base's stand-in must never get into an image that somebody uses."""

    def __init__(self, store: Path) -> None:
        self._flags = (f"--root={store / 'images'}", f"--runroot={store / 'run'}")

    def __call__(self, *args: str) -> str:
        done = subprocess.run(
            ["buildah", *self._flags, *args],
            env={**os.environ, "BUILDAH_ISOLATION": "chroot"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"buildah {args[0]}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout.strip()


@pytest.fixture(scope="session")
def buildah() -> Buildah:
    for program in ("buildah", "debootstrap"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on this machine (on Debian: apt install buildah debootstrap)")
    if os.geteuid() != 0:
        pytest.skip("the image's tests mount file systems: they need root")
    return Buildah(cache_folder() / "buildah")


@pytest.fixture(scope="session")
def base(buildah: Buildah, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Dockerfile's base, or under its name Debian's own Python, made once: no registry is asked."""
    found = re.search(r"^ARG BASE=(\S+-(\w+))$", (REPOSITORY / "Dockerfile").read_text(), re.M)
    assert found
    name, suite = found.groups()
    if name not in buildah("images", "--format={{.Name}}:{{.Tag}}").split():
        root = tmp_path_factory.mktemp("base")
        debootstrap = ["debootstrap", "--variant=minbase", f"--include={NEEDED}", suite, str(root)]
        subprocess.run(debootstrap, capture_output=True, timeout=600, check=True)
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, str(root), "/")
        buildah("commit", "--quiet", "--rm", container, name)
        shutil.rmtree(root)
    return name


@pytest.fixture(scope="session")
def container(buildah: Buildah, base: str) -> Iterator[Container]:
    """Of the image that this checkout makes. The machine may reach the packages by a CA of its own."""
    bundle = [f"--volume={CA_BUNDLE}:{CA_BUNDLE}:ro"] if CA_BUNDLE.exists() else []
    build = ("build", "--quiet", "--pull=never", "--network=host", *bundle)
    image = buildah(*build, str(REPOSITORY)).splitlines()[-1]
    container = buildah("from", "--pull=never", image)
    try:
        config = json.loads(buildah("inspect", "--type=image", image))["OCIv1"]["config"]
        yield Container(Path(buildah("mount", container)), config)
    finally:
        buildah("rm", container)
        buildah("rmi", image)
