"""`top` on a small API server that measures; the real one of the tests does not."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sandbox import Person, Result, Sandbox
from tests.sandbox.fake_api import FakeApi, fake_api, group, json_of, resource, status

STUDENT = Person("U0", "student", ("equipe-rouge",))
METRICS = [resource("pods", "PodMetrics"), resource("nodes", "NodeMetrics", namespaced=False)]
PODS = "/apis/metrics.k8s.io/v1beta1/namespaces/{}/pods"
NODES = "/apis/metrics.k8s.io/v1beta1/nodes"


def pod(name: str, *containers: tuple[str, str], namespace: str = "equipe-rouge") -> dict[str, Any]:
    parts = [{"name": f"c{n}", "usage": {"cpu": cpu, "memory": memory}} for n, (cpu, memory) in enumerate(containers)]
    return {"metadata": {"name": name, "namespace": namespace}, "containers": parts}


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with fake_api() as api:
        api.groups.append(group("metrics.k8s.io", METRICS, "v1beta1"))
        items = [pod("web", ("1500000n", "65536Ki"), ("3m", "1Mi")), pod("api", ("250m", "10Mi"))]
        api.answers[PODS.format("equipe-rouge")] = json_of({"items": items})
        api.answers[PODS.format("kube-system")] = json_of(
            {"items": [pod("dns", ("1m", "5Mi"), namespace="kube-system")]}
        )
        api.answers[NODES] = json_of(
            {"items": [{"metadata": {"name": "n1"}, "usage": {"cpu": "500m", "memory": "1Gi"}}]}
        )
        status = {"allocatable": {"cpu": "2", "memory": "4Gi"}}
        api.answers["/api/v1/nodes"] = json_of(
            {"items": [{"metadata": {"name": name}, "status": status} for name in ("n1", "n2")]}
        )
        yield api


async def run(api: FakeApi, folder: Path, line: str) -> Result:
    async with Sandbox.open(api.kubeconfig(folder), ["equipe-rouge"], ["kube-system"]) as sandbox:
        return await sandbox.run(await sandbox.parse(line), STUDENT, None)


def cells(result: Result) -> list[list[str]]:
    return [line.split() for line in result.stdout.splitlines()]


async def test_pods_are_by_name_with_their_containers_together(api: FakeApi, tmp_path: Path) -> None:
    assert (await run(api, tmp_path, "top pod")).stdout == (
        "NAME   CPU(cores)   MEMORY(bytes)   \n"
        "api    250m         10Mi            \n"
        "web    5m           65Mi            \n"
    )


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("top pods --sort-by=memory --no-headers", [["web", "5m", "65Mi"], ["api", "250m", "10Mi"]]),
        ("top po --sort-by=cpu --no-headers", [["api", "250m", "10Mi"], ["web", "5m", "65Mi"]]),
        (
            "top pod --containers --no-headers",
            [["api", "c0", "250m", "10Mi"], ["web", "c0", "2m", "64Mi"], ["web", "c1", "3m", "1Mi"]],
        ),
        (
            "top pod -A --no-headers --sort-by=memory",
            [
                ["equipe-rouge", "web", "5m", "65Mi"],
                ["equipe-rouge", "api", "250m", "10Mi"],
                ["kube-system", "dns", "1m", "5Mi"],
            ],
        ),
        ("top node --no-headers", [["n1", "500m", "25%", "1024Mi", "25%"], ["n2", *["<unknown>"] * 4]]),
    ],
)
async def test_rows_are_as_asked(api: FakeApi, tmp_path: Path, line: str, rows: list[list[str]]) -> None:
    assert cells(await run(api, tmp_path, line)) == rows


async def test_one_pod_is_asked_for_by_name(api: FakeApi, tmp_path: Path) -> None:
    api.answers[PODS.format("equipe-rouge") + "/web"] = json_of(pod("web", ("1m", "1Mi")))
    assert cells(await run(api, tmp_path, "top pod web --no-headers")) == [["web", "1m", "1Mi"]]


async def test_a_pod_that_is_not_there_is_told(api: FakeApi, tmp_path: Path) -> None:
    message = 'podmetrics.metrics.k8s.io "equipe-rouge/x" not found'
    api.answers[PODS.format("equipe-rouge") + "/x"] = status(404, "NotFound", message, name="equipe-rouge/x")
    result = await run(api, tmp_path, "top pod x")
    assert (result.status, result.stderr) == (1, f"Error from server (NotFound): {message}\n")


async def test_nothing_measured_yet_is_told(api: FakeApi, tmp_path: Path) -> None:
    api.answers[NODES] = json_of({"items": []})
    api.answers[PODS.format("equipe-rouge")] = json_of({"items": []})
    assert (await run(api, tmp_path, "top node")).stderr == "error: metrics not available yet\n"
    assert (await run(api, tmp_path, "top pod")).stderr == "No resources found in equipe-rouge namespace.\n"


async def test_other_teams_are_not_measured(api: FakeApi, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        await run(api, tmp_path, "top pod -n equipe-bleue")


async def test_a_cluster_that_does_not_measure_is_explained(tmp_path: Path) -> None:
    async with fake_api() as api:
        result = await run(api, tmp_path, "top pods")
    assert result.stderr == "error: Metrics API not available\n"
    assert result.explanation is not None
    assert "metrics-server" in result.explanation["fr"]
