"""`logs` against a small API server: what is asked for, what is cut, what is masked, and how a refusal is told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.errors import NotAllowed
from bot.sandbox import Person, Result, Sandbox
from bot.sandbox.logs import MOST_BYTES, MOST_LINES, MOST_STREAMS
from bot.sandbox.redaction import MASK
from tests.sandbox.fake_api import FakeApi, Handler, fake_api, json_of, status

STUDENT = Person("U0", "student", ("equipe-rouge",))
PODS = "/api/v1/namespaces/equipe-rouge/pods"
DEPLOYMENT = "/apps/v1/namespaces/equipe-rouge/deployments/web"


def pod(name: str, *containers: str, **more: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": container} for container in containers or ("main",)], "nodeName": "n"}
    return {
        "metadata": {"name": name, "namespace": "equipe-rouge"},
        "spec": spec,
        "status": {"phase": "Running"},
        **more,
    }


def text(content: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=content)

    return answer


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with fake_api() as api:
        api.answers[f"{PODS}/web"] = json_of(pod("web"))
        api.answers[f"{PODS}/web/log"] = text("hello\n")
        yield api


async def run(api: FakeApi, folder: Path, line: str) -> Result:
    async with Sandbox.open(api.kubeconfig(folder), ["equipe-rouge"], ["kube-system"]) as sandbox:
        return await sandbox.run(await sandbox.parse(line), STUDENT, None)


def asked(api: FakeApi) -> dict[str, str]:
    return dict(next(request for request in api.requests if request.path.endswith("/log")).query)


@pytest.mark.parametrize(
    ("flags", "query"),
    [
        ("", {"tailLines": str(MOST_LINES)}),
        ("--tail=5", {"tailLines": "5"}),
        ("--tail=999999", {"tailLines": str(MOST_LINES)}),
        ("--since=1m30s", {"sinceSeconds": "90"}),
        ("--previous", {"previous": "true"}),
        ("--timestamps", {"timestamps": "true"}),
    ],
)
async def test_every_request_is_bounded(api: FakeApi, tmp_path: Path, flags: str, query: dict[str, str]) -> None:
    assert (await run(api, tmp_path, f"logs web {flags}")).stdout == "hello\n"
    every = {"container": "main", "tailLines": str(MOST_LINES), "limitBytes": str(MOST_BYTES)}
    assert asked(api) == {**every, **query}


@pytest.mark.parametrize(
    "line",
    [
        "password=hunter2",
        '{"password":"hunter2","user":"a"}',
        "Authorization: Bearer hunter2hunter2hunter2",
        "connect postgres://app:hunter2@db/app",
        "export TOKEN=hunter2",
    ],
)
async def test_no_credential_is_shown(api: FakeApi, tmp_path: Path, line: str) -> None:
    api.answers[f"{PODS}/web/log"] = text(f"{line}\nport=80\n")
    result = await run(api, tmp_path, "logs web")
    assert "hunter2" not in result.stdout
    assert MASK in result.stdout
    assert "port=80" in result.stdout


async def test_lines_that_are_too_long_are_said_to_be_cut(api: FakeApi, tmp_path: Path) -> None:
    api.answers[f"{PODS}/web/log"] = text("x" * MOST_BYTES)
    result = await run(api, tmp_path, "logs web")
    assert result.explanation is not None
    assert "--tail=20" in result.explanation["fr"]


async def test_many_containers_are_not_all_read(api: FakeApi, tmp_path: Path) -> None:
    names = [f"web-{number}" for number in range(MOST_STREAMS + 5)]
    api.answers[PODS] = json_of({"items": [pod(name) for name in names]})
    for name in names:
        api.answers[f"{PODS}/{name}/log"] = text("hello\n")
    result = await run(api, tmp_path, "logs -l app=web")
    assert result.stdout == "hello\n" * MOST_STREAMS
    assert result.explanation is not None
    assert str(len(names)) in result.explanation["fr"]


async def test_a_workload_without_pods_says_so_at_once(api: FakeApi, tmp_path: Path) -> None:
    web_deployment = {
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}},
    }
    api.answers[f"/apis{DEPLOYMENT}"] = json_of(web_deployment)
    api.answers[PODS] = json_of({"items": []})
    result = await run(api, tmp_path, "logs deploy/web")
    assert (result.status, result.stderr) == (1, "error: timed out waiting for the condition\n")
    assert result.explanation is not None
    assert "describe deployment web" in result.explanation["fr"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ('container "main" in pod "web" is waiting to start: ContainerCreating', "pas encore démarré"),
        ("pod web does not have a host assigned", "pas encore démarré"),
        ('previous terminated container "main" in pod "web" not found', "--previous"),
        ("something else", "describe pod web"),
    ],
)
async def test_why_there_are_no_logs_is_explained(api: FakeApi, tmp_path: Path, message: str, told: str) -> None:
    api.answers[f"{PODS}/web/log"] = status(400, "BadRequest", message)
    result = await run(api, tmp_path, "logs web")
    assert result.stderr == f"Error from server (BadRequest): {message}\n"
    assert result.explanation is not None
    assert told in result.explanation["fr"]


async def test_a_default_container_that_is_gone_is_told(api: FakeApi, tmp_path: Path) -> None:
    metadata = {"name": "web", "annotations": {"kubectl.kubernetes.io/default-container": "gone"}}
    api.answers[f"{PODS}/web"] = json_of(pod("web", "a", "b", metadata=metadata))
    result = await run(api, tmp_path, "logs web")
    assert result.stderr == (
        'Default container name "gone" not found in pod web\nDefaulted container "a" out of: a, b\n'
    )


async def test_logs_of_a_read_only_namespace_are_not_shown(api: FakeApi, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed) as refused:
        await run(api, tmp_path, "logs coredns -n kube-system")
    assert "`equipe-rouge`" in refused.value.text["fr"]
    assert api.paths == []
