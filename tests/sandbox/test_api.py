"""What goes over the wire, and what a person is told when the API server does not do its part."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.errors import BotError, NotAllowed, Unavailable
from bot.sandbox import Person, Result, Sandbox, api
from bot.sandbox.access import Places
from tests.cluster import READ_ONLY, TEAMS
from tests.sandbox.conftest import STUDENT, TRAINER
from tests.sandbox.fake_api import FakeApi, cut, fake_api, group, hang, html, json_of, resource, status, table

PODS = "/api/v1/namespaces/equipe-rouge/pods"
WEB = "/apis/apps/v1/namespaces/equipe-rouge/deployments/web"
DELETION = {
    "apiVersion": "v1",
    "kind": "DeleteOptions",
    "propagationPolicy": "Background",
    "preconditions": {"uid": "u-1"},
}
SCALE = f"{WEB}/scale"
STRATEGIC = "application/strategic-merge-patch+json"
DEPLOYMENT = {"metadata": {"name": "web", "uid": "u-1"}, "spec": {"replicas": 2}}

CONTAINERS = [{"name": "web", "image": "nginx:1", "env": [{"name": "A", "value": "b"}]}, {"name": "side", "image": "b"}]
WITH_CONTAINERS = {
    "metadata": {"name": "web", "uid": "u-1", "labels": {"old": "1"}},
    "spec": {"replicas": 2, "template": {"spec": {"containers": CONTAINERS}}},
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeApi]:
    async with fake_api() as fake:
        yield fake


@pytest.fixture
async def sandbox(fake: FakeApi, tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.open(fake.kubeconfig(tmp_path), TEAMS, [READ_ONLY]) as sandbox:
        yield sandbox


async def run(sandbox: Sandbox, line: str, person: Person = TRAINER, namespace: str | None = TEAMS[0]) -> Result:
    return await sandbox.run(await sandbox.parse(line), person, namespace)


async def failure(sandbox: Sandbox, line: str) -> str:
    with pytest.raises(Unavailable) as failed:
        await run(sandbox, line)
    return failed.value.text["fr"]


async def test_a_list_is_one_request_as_the_trainer_with_the_slack_user(fake: FakeApi, sandbox: Sandbox) -> None:
    await run(sandbox, "get pods")
    assert fake.paths == [PODS]
    headers = fake.requests[-1].headers
    assert headers.getall("Impersonate-User") == ["timonier:trainer"]
    assert headers.getall("Impersonate-Group") == ["timonier:trainers"]
    assert headers["Impersonate-Extra-timonier.dev%2Fslack-user-id"] == "U0TRAINER"
    assert headers["Authorization"] == "Bearer t0"
    assert headers["User-Agent"].startswith("timonier/")


async def test_whoever_proposed_it_goes_along_and_only_then(fake: FakeApi, sandbox: Sandbox) -> None:
    proposed_by = "Impersonate-Extra-timonier.dev%2Fproposed-by"
    await run(sandbox, "get pods")
    assert proposed_by not in fake.requests[-1].headers
    await run(sandbox, "get pods", replace(TRAINER, proposed_by="U0STUDENT"))
    assert fake.requests[-1].headers[proposed_by] == "U0STUDENT"


@pytest.mark.parametrize(
    ("line", "group_asked"),
    [
        ("get pods", "equipe-rouge"),
        ("get pods -n equipe-bleue", "equipe-bleue"),
        ("get pods -n kube-system", "equipe-rouge"),
        ("get nodes", "equipe-rouge"),
    ],
)
async def test_a_student_is_in_one_group_that_of_the_namespace(
    fake: FakeApi, sandbox: Sandbox, line: str, group_asked: str
) -> None:
    await run(sandbox, line, Person("U1", "student", TEAMS))
    headers = fake.requests[-1].headers
    assert headers.getall("Impersonate-User") == ["timonier:student"]
    assert headers.getall("Impersonate-Group") == [f"timonier:students:{group_asked}"]


async def test_people_at_the_same_time_keep_their_own_identity(fake: FakeApi, sandbox: Sandbox) -> None:
    people = [Person(f"U{number}", "student", TEAMS[number % 2 : number % 2 + 1]) for number in range(20)]
    await asyncio.gather(*(run(sandbox, "get pods", person, person.namespaces[0]) for person in people))
    for request in fake.requests:
        if request.path not in ("/api", "/apis"):
            number = int(request.headers["Impersonate-Extra-timonier.dev%2Fslack-user-id"][1:])
            assert request.headers["Impersonate-Group"].removeprefix("timonier:students:") == TEAMS[number % 2]
            assert TEAMS[number % 2] in request.path


async def test_only_discovery_and_health_go_out_as_the_bot(fake: FakeApi, tmp_path: Path) -> None:
    async with api.connect(fake.kubeconfig(tmp_path)) as connected:
        await connected.read_open("/api")
        with pytest.raises(ValueError, match="for a person only"):
            await connected.read_open("/api/v1/pods")
    assert [request.path for request in fake.requests] == ["/api"]
    assert "Impersonate-User" not in fake.requests[0].headers


async def test_someone_without_a_team_sends_nothing(fake: FakeApi, sandbox: Sandbox) -> None:
    with pytest.raises(NotAllowed, match="no team"):
        await run(sandbox, "get pods", Person("U1", "student", ()))
    assert fake.paths == []


@pytest.mark.parametrize(
    "line",
    ["get pods -n equipe-bleue", "get cm -n kube-system", "scale deploy web --replicas=1", "get ns equipe-bleue"],
)
async def test_what_the_table_does_not_allow_is_explained_before_any_call(
    fake: FakeApi, sandbox: Sandbox, line: str
) -> None:
    with pytest.raises(NotAllowed):
        await run(sandbox, line, STUDENT)
    assert fake.paths == []


@pytest.mark.parametrize("line", ["get pod ..", "get pods -n ..", "get pod a/../b", "scale deploy ../x --replicas=1"])
async def test_no_crafted_name_is_sent(fake: FakeApi, sandbox: Sandbox, line: str) -> None:
    with pytest.raises(BotError):
        await run(sandbox, line)
    assert fake.paths == []


async def test_connections_are_kept_and_discovery_is_asked_once(fake: FakeApi, sandbox: Sandbox) -> None:
    for _ in range(5):
        await run(sandbox, "get pods")
    assert len(fake.connections) == 1
    assert [request.path for request in fake.requests].count("/apis") == 1


async def test_a_new_type_is_found_by_looking_again_at_most_once_a_minute(fake: FakeApi, tmp_path: Path) -> None:
    now = 1000.0
    async with api.connect(fake.kubeconfig(tmp_path)) as connected:
        sandbox = Sandbox(connected, Places(TEAMS, ()), clock=lambda: now)
        for _ in range(3):
            with pytest.raises(BotError, match="no type"):
                await sandbox.parse("get jobs")
        assert [request.path for request in fake.requests].count("/apis") == 1
        fake.groups.append(group("batch", [resource("jobs", "Job")], "v1"))
        now += 61
        assert (await sandbox.parse("get jobs")).line == "kubectl get jobs"


@pytest.mark.parametrize(
    ("line", "fetched"),
    [("get pods", 500), ("get pods --show-labels", 500), ("get pods --sort-by=.metadata.name", 501)],
)
async def test_for_a_message_a_table_is_read_by_its_first_chunk_and_the_rest_counted(
    fake: FakeApi, sandbox: Sandbox, line: str, fetched: int
) -> None:
    async def chunk(request: web.Request) -> web.Response:
        if "continue" in request.query:
            return web.json_response(table("pod-500"))
        return web.json_response(table(*(f"pod-{n}" for n in range(500)), continued="next", left=1))

    fake.answers[PODS] = chunk
    result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAMS[0], whole=False)
    assert (result.stdout.count("pod-"), result.left) == (fetched, 501 - fetched)


async def test_all_chunks_are_fetched(fake: FakeApi, sandbox: Sandbox) -> None:
    async def chunk(request: web.Request) -> web.Response:
        if request.query.get("continue") == "next":
            return web.json_response(table("pod-2"))
        return web.json_response(table("pod-1", continued="next", left=1))

    fake.answers[PODS] = chunk
    result = await run(sandbox, "get pods")
    assert result.stdout.split()[::2] == ["NAME", "pod-1", "pod-2"]
    assert fake.requests[-1].query["limit"] == "500"
    assert result.left == 0


async def test_beyond_five_thousand_the_rest_is_counted(fake: FakeApi, sandbox: Sandbox) -> None:
    names = [f"pod-{number}" for number in range(500)]
    fake.answers[PODS] = json_of(table(*names, continued="more", left=700))
    result = await run(sandbox, "get pods")
    assert (result.stdout.count("pod-"), result.left) == (5000, 700)


async def test_warnings_of_the_api_server_are_passed_on_as_kubectl_does(fake: FakeApi, sandbox: Sandbox) -> None:
    fake.answers[PODS] = json_of(table("web"), Warning='299 - "pods are \\"old\\""')
    assert (await run(sandbox, "get pods")).stderr == 'Warning: pods are "old"\n'


async def test_a_rotated_token_is_used_at_once(fake: FakeApi, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t1\n")
    async with Sandbox.open(fake.kubeconfig(tmp_path, tokenFile="token"), TEAMS, []) as sandbox:
        await run(sandbox, "get pods")
        (tmp_path / "token").write_text("t2\n")
        await run(sandbox, "get pods")
    assert [request.headers["Authorization"] for request in fake.requests if request.path == PODS] == [
        "Bearer t1",
        "Bearer t2",
    ]


async def test_a_write_is_tried_with_a_dry_run_first(fake: FakeApi, sandbox: Sandbox) -> None:
    fake.answers[WEB] = json_of(DEPLOYMENT)
    result = await run(sandbox, "scale deploy web --replicas=3")
    sent = [(request.method, request.path, request.query_string) for request in fake.requests[-3:]]
    assert sent == [("GET", WEB, ""), ("PATCH", SCALE, "dryRun=All"), ("PATCH", SCALE, "")]
    assert fake.requests[-1].headers["Content-Type"] == "application/merge-patch+json"
    assert (result.stdout, result.status, result.writes) == ("deployment.apps/web scaled\n", 0, True)


@pytest.mark.parametrize(
    ("line", "method", "path", "kind", "body"),
    [
        (
            "set image deploy/web web=nginx:2",
            "PATCH",
            WEB,
            STRATEGIC,
            {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:2"}]}}}},
        ),
        (
            "label deploy web tier=front old-",
            "PATCH",
            WEB,
            STRATEGIC,
            {"metadata": {"labels": {"tier": "front", "old": None}}},
        ),
        ("delete deploy web", "DELETE", WEB, "application/json", DELETION),
        ("delete deploy web --now", "DELETE", WEB, "application/json", {**DELETION, "gracePeriodSeconds": 1}),
        (
            "delete deploy web --grace-period=0",
            "DELETE",
            WEB,
            "application/json",
            {**DELETION, "gracePeriodSeconds": 1},
        ),
    ],
)
async def test_only_the_fields_that_change_are_written_and_tried_before(
    fake: FakeApi, sandbox: Sandbox, line: str, method: str, path: str, kind: str, body: dict[str, object]
) -> None:
    bodies = list[object]()

    async def answer(request: web.Request) -> web.Response:
        if request.method != "GET":
            bodies.append(await request.json())
        return web.json_response(WITH_CONTAINERS)

    fake.answers[WEB] = answer
    assert (await run(sandbox, line)).status == 0
    tried, written = fake.requests[-2:]
    assert [(sent.method, sent.path, sent.query_string) for sent in (tried, written)] == [
        (method, path, "dryRun=All"),
        (method, path, ""),
    ]
    assert written.headers["Content-Type"] == kind
    assert bodies == [body | {"dryRun": ["All"]} if method == "DELETE" else body, body]


async def test_a_new_deployment_is_made_of_the_flags_and_nothing_else(fake: FakeApi, sandbox: Sandbox) -> None:
    bodies = list[Any]()

    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response({**bodies[-1], "metadata": {"name": "web", "uid": "u-2"}})

    fake.answers[WEB.removesuffix("/web")] = answer
    await run(sandbox, "create deploy web --image=reg.example:5000/a/my_img.x:v1 --port=80 -r 2 -- sleep 1d")
    tried, written = bodies
    assert tried == written
    [container] = written["spec"]["template"]["spec"]["containers"]
    assert re.fullmatch(r"my-img-x-[bcdfghjklmnpqrstvwxz2456789]{5}", container.pop("name"))
    assert container == {
        "image": "reg.example:5000/a/my_img.x:v1",
        "command": ["sleep", "1d"],
        "ports": [{"containerPort": 80}],
    }
    labels = {"app": "web"}
    assert written == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": labels},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


async def test_what_was_deleted_before_the_connection_broke_is_told(fake: FakeApi, sandbox: Sandbox) -> None:
    async def cut_the_real_one(request: web.Request) -> web.Response:
        if request.method == "DELETE" and not request.query:
            return await cut(request)
        return web.json_response(DEPLOYMENT)

    fake.answers[WEB] = json_of(DEPLOYMENT)
    fake.answers[WEB.replace("web", "api")] = cut_the_real_one
    result = await run(sandbox, "delete deploy web api")
    assert (result.stdout, result.status) == ('deployment.apps "web" deleted from equipe-rouge namespace\n', 1)
    assert result.explanation is not None
    assert "on ne sait pas" in result.explanation["fr"]


async def test_more_than_anybody_would_look_through_is_not_deleted_at_once(fake: FakeApi, sandbox: Sandbox) -> None:
    fake.answers[PODS] = json_of({"metadata": {"continue": "more"}, "items": [{"metadata": {"name": "web-1"}}]})
    result = await run(sandbox, "delete pods --all")
    assert (result.changes, result.status) == ((), 1)
    assert result.explanation is not None
    assert "choisissez avec `-l`" in result.explanation["fr"]
    assert {request.method for request in fake.requests} == {"GET"}


async def test_a_conflict_is_tried_again_with_what_is_there_now(fake: FakeApi, sandbox: Sandbox) -> None:
    async def moving_scale(request: web.Request) -> web.StreamResponse:
        version = str(len(fake.requests))
        if request.method == "GET":
            return web.json_response({"metadata": {"resourceVersion": version}, "spec": {"replicas": 2}})
        if len(fake.requests) < 8:
            return await status(409, "Conflict", "moved")(request)
        return web.json_response(await request.json())

    fake.answers[WEB] = json_of(DEPLOYMENT)
    fake.answers[SCALE] = moving_scale
    result = await run(sandbox, "scale deploy web --replicas=3 --current-replicas=2")
    assert (result.stdout, result.status) == ("deployment.apps/web scaled\n", 0)


async def test_what_the_dry_run_refuses_is_not_written(fake: FakeApi, sandbox: Sandbox) -> None:
    fake.answers[WEB] = json_of(DEPLOYMENT)
    message = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: 10 au plus / at most 10"
    fake.answers[SCALE] = status(422, "Invalid", message, kind="Deployment", name="web")
    result = await run(sandbox, "scale deploy web --replicas=50")
    assert [request.method for request in fake.requests if request.path == SCALE] == ["PATCH"]
    assert result.explanation is not None
    assert "10 au plus" in result.explanation["fr"]
    assert "at most" not in result.explanation["fr"]
    assert "at most 10" in result.explanation["en"]


async def test_a_forbidden_is_told_without_the_servers_words(fake: FakeApi, sandbox: Sandbox) -> None:
    raw = 'pods is forbidden: User "system:serviceaccount:timonier:timonier" cannot impersonate-on:user-info:list'
    fake.answers[PODS] = status(403, "Forbidden", raw, kind="pods")
    result = await run(sandbox, "get pods", STUDENT)
    assert result.stderr == f"Error from server (Forbidden): {raw}\n"
    assert result.explanation is not None
    assert "étudiant" in result.explanation["fr"]
    assert "serviceaccount" not in result.explanation["fr"] + result.explanation["en"]


async def test_a_reached_quota_is_told_with_its_numbers(fake: FakeApi, sandbox: Sandbox) -> None:
    source = {"metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": {"app": "web"}}}}
    fake.answers[WEB] = json_of(source)
    raw = 'services "web" is forbidden: exceeded quota: q, requested: services=1, used: services=5, limited: services=5'
    fake.answers["/api/v1/namespaces/equipe-rouge/services"] = status(
        403, "Forbidden", raw, kind="services", name="web"
    )
    result = await run(sandbox, "expose deploy web --port=80")
    assert result.explanation is not None
    assert "`services=5`" in result.explanation["fr"]


FAULTS: dict[str, tuple[Any, str]] = {
    "busy": (status(429, "TooManyRequests", "slow down"), "surchargé"),
    "unavailable": (status(503, "ServiceUnavailable", "no"), "surchargé"),
    "bad gateway": (html(502), "surchargé"),
    "a proxy's page": (html(200), "pas Kubernetes"),
    "a proxy's refusal": (html(403), "pas Kubernetes"),
    "an expired token": (status(401, "Unauthorized", "Unauthorized"), "jeton"),
    "a broken connection": (cut, "ne répond pas"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_told_once_and_all_is_well_when_it_is_over(
    fake: FakeApi, sandbox: Sandbox, fault: str
) -> None:
    handler, told = FAULTS[fault]
    await run(sandbox, "get pods")
    fake.answers[PODS] = handler
    assert told in await failure(sandbox, "get pods")
    del fake.answers[PODS]
    assert (await run(sandbox, "get pods")).status == 0


async def test_a_slow_api_server_is_not_waited_for(fake: FakeApi, tmp_path: Path) -> None:
    fake.answers["/apis"] = hang
    async with api.connect(fake.kubeconfig(tmp_path)) as connected:
        with pytest.raises(Unavailable, match="too long"):
            await connected.read_open("/apis", timeout=0.05)


async def test_a_write_that_was_cut_is_not_called_undone(fake: FakeApi, sandbox: Sandbox) -> None:
    async def cut_the_real_one(request: web.Request) -> web.Response:
        return web.json_response({}) if request.query else await cut(request)

    fake.answers[WEB] = json_of(DEPLOYMENT)
    fake.answers[SCALE] = cut_the_real_one
    assert "on ne sait pas" in await failure(sandbox, "scale deploy web --replicas=3")


@pytest.mark.parametrize("code", [502, 504])
async def test_a_write_that_a_proxy_lost_is_not_called_undone(fake: FakeApi, sandbox: Sandbox, code: int) -> None:
    async def lose_the_real_one(request: web.Request) -> web.StreamResponse:
        return web.json_response({}) if request.query else await html(code)(request)

    fake.answers[WEB] = json_of(DEPLOYMENT)
    fake.answers[SCALE] = lose_the_real_one
    assert "on ne sait pas" in await failure(sandbox, "scale deploy web --replicas=3")


@pytest.mark.parametrize("code", [429, 503])
async def test_a_write_that_a_busy_api_server_turns_away_is_called_undone(
    fake: FakeApi, sandbox: Sandbox, code: int
) -> None:
    async def turn_away_the_real_one(request: web.Request) -> web.StreamResponse:
        return web.json_response({}) if request.query else await status(code, "Busy", "later")(request)

    fake.answers[WEB] = json_of(DEPLOYMENT)
    fake.answers[SCALE] = turn_away_the_real_one
    told = await failure(sandbox, "scale deploy web --replicas=3")
    assert "surchargé" in told
    assert "Rien n'a été fait" in told


GONE = {
    "being deleted": status(
        403, "Forbidden", 'services "web" is forbidden: unable to create new content in namespace equipe-rouge because '
        "it is being terminated", kind="services", name="web",
    ),
    "deleted": status(404, "NotFound", 'namespaces "equipe-rouge" not found', kind="namespaces", name="equipe-rouge"),
}  # fmt: skip


@pytest.mark.parametrize("gone", GONE)
async def test_a_namespace_that_is_deleted_under_the_command_is_named(
    fake: FakeApi, sandbox: Sandbox, gone: str
) -> None:
    source = {"metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": {"app": "web"}}}}
    fake.answers[WEB] = json_of(source)
    fake.answers["/api/v1/namespaces/equipe-rouge/services"] = GONE[gone]
    result = await run(sandbox, "expose deploy web --port=80")
    assert result.explanation is not None
    assert "Le namespace `equipe-rouge` est supprimé" in result.explanation["fr"]
    assert [request.method for request in fake.requests if request.path.endswith("/services")] == ["POST"]


async def test_the_list_of_types_is_no_older_than_a_minute(fake: FakeApi, tmp_path: Path) -> None:
    now = 1000.0
    async with api.connect(fake.kubeconfig(tmp_path)) as connected:
        sandbox = Sandbox(connected, Places(TEAMS, ()), clock=lambda: now)
        for _ in range(2):
            assert "jobs" not in (await run(sandbox, "api-resources")).stdout
        assert [request.path for request in fake.requests].count("/apis") == 1
        fake.groups.append(group("batch", [resource("jobs", "Job")], "v1"))
        now += 61
        assert "jobs" in (await run(sandbox, "api-resources")).stdout


async def test_without_an_api_server_the_sandbox_opens_and_says_so(tmp_path: Path) -> None:
    async with Sandbox.open(FakeApi(url="http://127.0.0.1:1").kubeconfig(tmp_path), TEAMS, []) as sandbox:
        assert (await sandbox.parse("help")).line == "kubectl help"
        with pytest.raises(BotError, match="own machine"):
            await sandbox.parse("exec -it web -- sh")
        with pytest.raises(Unavailable, match="does not answer"):
            await sandbox.parse("get pods")
        with pytest.raises(Unavailable, match="does not answer"):
            await sandbox.ready()


async def test_ready_is_told_quickly(fake: FakeApi, sandbox: Sandbox) -> None:
    async def ok(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    fake.answers["/readyz"] = ok
    await sandbox.ready()
    fake.answers["/readyz"] = hang
    began = time.monotonic()
    with pytest.raises(Unavailable, match="too long"):
        await sandbox.ready()
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("content", ["", "{", "a: b", "current-context: x"])
async def test_a_broken_kubeconfig_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(content)
    with pytest.raises(Unavailable, match="no cluster"):
        async with Sandbox.open(path, TEAMS, []):
            pass


async def test_no_kubeconfig_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no cluster"):
        async with Sandbox.open(tmp_path / "nothing", TEAMS, []):
            pass


@pytest.mark.parametrize(
    ("line", "is_open"),
    [
        ("get pods", True),
        ("get pods -n equipe-bleue", True),
        ("get pods -n kube-system", True),
        ("logs web -n kube-system", False),
        ("get pods -n default", False),
        ("scale deployment web --replicas=3", True),
        ("scale deployment web --replicas=3 -n kube-system", False),
    ],
)
async def test_a_line_is_open_where_somebody_may_do_it(sandbox: Sandbox, line: str, is_open: bool) -> None:
    assert sandbox.is_open(await sandbox.parse(line)) is is_open
