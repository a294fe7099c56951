"""Two teams' namespaces on a small fake API, with names in them, as fixtures for the builder's tests."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.fake_api import APPS, FakeApi, fake_api, group, json_of, resource

TEAMS = ("equipe-rouge", "equipe-bleue")
ALL_APPS = [*APPS, resource("statefulsets", "StatefulSet", "sts"), resource("daemonsets", "DaemonSet", "ds")]
METRICS = [resource("pods", "PodMetrics"), resource("nodes", "NodeMetrics", namespaced=False)]
PODS, DEPLOYMENTS = "/api/v1/namespaces/{}/pods", "/apis/apps/v1/namespaces/{}/deployments"


def objects(*names: str) -> object:
    return {"metadata": {}, "items": [{"metadata": {"name": name}} for name in names]}


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with fake_api() as api:
        api.groups = [group("apps", ALL_APPS, "v1"), group("metrics.k8s.io", METRICS, "v1beta1")]
        api.answers[PODS.format("equipe-rouge")] = json_of(objects("web-1", "web-2"))
        api.answers[DEPLOYMENTS.format("equipe-rouge")] = json_of(objects("web"))
        api.answers[DEPLOYMENTS.format("equipe-bleue")] = json_of(objects("web", "api"))
        yield api


def sandbox_on(api: FakeApi, folder: Path, *students_write: str) -> AbstractAsyncContextManager[Sandbox]:
    return Sandbox.open(api.kubeconfig(folder), TEAMS, ["kube-system"], students_write)


@pytest.fixture
async def sandbox(api: FakeApi, tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with sandbox_on(api, tmp_path) as sandbox:
        yield sandbox
