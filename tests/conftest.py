"""What several test files share: the real control plane and the browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.playground.controlplane import Cluster, ControlPlane, build, external_cluster

pytest_plugins = ["tests.cluster", "tests.databases"]


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An empty cluster with one node; ``TIMONIER_TEST_KUBECONFIG`` puts any other cluster in its place."""
    folder = tmp_path_factory.mktemp("control-plane")
    if kubeconfig := os.environ.get("TIMONIER_TEST_KUBECONFIG"):
        yield external_cluster(build(), folder, Path(kubeconfig))
        return
    with ControlPlane(build(), folder) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the system's. Not for the session: as long as it is there no asynchronous test can run."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(15_000)
        yield context.new_page()
