"""Set-ups that are broken in one way each, on the fake Slack and the real control plane: the doctor names it."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.doctor import diagnose
from bot.findings import Finding
from bot.playground.controlplane import Cluster
from bot.settings import Mode
from bot.slack.http import Requests
from bot.slack.manifest import manifest
from tests.cluster import READ_ONLY, RELEASE, TEAMS, install_chart
from tests.slack.fake_slack import APP, SECRET, FakeSlack

pytestmark = [pytest.mark.cluster, pytest.mark.slow]
SCOPES = yaml.safe_load(manifest(None))["oauth_config"]["scopes"]["bot"]
COURSE = {
    "namespaces": [*TEAMS],
    "read_only_namespaces": [READ_ONLY],
    "trainers": {"users": ["U0TRAINER"], "channel": "C0TRAINERS"},
    "channels": {"C0COURS": {}},
}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.open(scopes=",".join(SCOPES)) as slack:
        yield slack


@pytest.fixture
def environ(slack: FakeSlack, bot_kubeconfig: Path, tmp_path: Path) -> dict[str, str]:
    """A set-up where all is well."""
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(COURSE))
    return {
        "SLACK_BOT_TOKEN": "xoxb-hunter2",
        "SLACK_APP_TOKEN": f"xapp-1-{APP}-1-hunter2",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "KUBECONFIG": str(bot_kubeconfig),
        "TIMONIER_CONFIG": str(config),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.db'}",
    }


async def found(environ: dict[str, str], mode: Mode = "socket", url: str | None = None) -> dict[str, Finding]:
    """What is not well, by subject."""
    findings = [finding async for finding in diagnose(environ, mode, url)]
    assert not any("hunter2" in str(finding) for finding in findings)
    assert all(finding.remedy for finding in findings if finding.state != "ok")
    return {finding.subject: finding for finding in findings if finding.state != "ok"}


async def test_where_all_is_well_nothing_is_found(environ: dict[str, str]) -> None:
    assert await found(environ) == {}


async def test_a_bot_token_that_slack_refuses(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.faults["auth.test"].append("invalid_auth")
    assert "invalid_auth" in (await found(environ))["bot token"].said


async def test_an_app_token_without_its_scope_or_of_another_app(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.faults["apps.connections.open"].append("missing_scope")
    assert "connections:write" in (await found(environ))["app token"].remedy
    environ["SLACK_APP_TOKEN"] = "xapp-1-A0OTHER-1-hunter2"
    assert "A0OTHER" in (await found(environ))["app token"].said


async def test_scopes_that_are_missing_or_too_many(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.scopes = ",".join({*SCOPES} - {"commands", "im:history"} | {"admin"})
    slack.scopes += ",admin"
    states = [f async for f in diagnose(environ, "socket", None) if f.subject in ("scopes", "slash command")]
    assert [(f.state, f.said) for f in states] == [
        ("fault", "missing: commands, im:history"),
        ("warning", "more than the bot needs: admin"),
        ("fault", "/k8s is not registered"),
    ]


async def test_channels_and_people_that_are_not_as_they_are_named(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.channels["C0COURS"] = {"is_member": False}
    slack.channels["C0TRAINERS"] = {"is_ext_shared": True}
    slack.users["U0TRAINER"] = {"deleted": True}
    told = await found(environ)
    assert "/invite @timonier" in told["channel C0COURS"].remedy
    assert told["channel C0TRAINERS"].state == "warning"
    assert "deactivated" in told["trainer U0TRAINER"].said


async def test_a_clock_that_slack_does_not_trust(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.late = 600
    assert (await found(environ))["clock"].state == "fault"
    slack.late = -60
    assert (await found(environ))["clock"].state == "warning"


async def test_a_slack_that_does_not_answer(environ: dict[str, str]) -> None:
    environ["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
    assert (await found(environ))["Slack"].state == "fault"


async def test_a_server_that_is_no_slack(environ: dict[str, str]) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", page)
    async with TestServer(app) as server:
        environ["SLACK_API_URL"] = f"http://127.0.0.1:{server.port}/"
        assert "is not Slack" in (await found(environ))["Slack"].said


async def test_the_manifest_to_paste_is_that_of_the_mode(environ: dict[str, str], slack: FakeSlack) -> None:
    slack.scopes = "chat:write"
    url = "http://127.0.0.1:1/slack/events"
    assert f"--mode http --url {url}" in (await found(environ, "http", url))["scopes"].remedy
    assert "is no URL" in (await found(environ, "http", "bot.example.org"))["request URL"].said


async def test_a_request_url_where_another_secret_or_nobody_is(environ: dict[str, str]) -> None:
    app = web.Application()
    app.router.add_routes(Requests(None, SECRET).routes)  # type: ignore[arg-type]  # Slack's question needs no Bolt
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}/slack/events"
        assert await found(environ, "http", url) == {}
        assert "404" in (await found(environ, "http", f"{url}/elsewhere"))["request URL"].said
        environ["SLACK_SIGNING_SECRET"] = "f" * 32
        assert "another signing secret" in (await found(environ, "http", url))["request URL"].said
    assert "does not answer" in (await found(environ, "http", url))["request URL"].said


async def test_a_cluster_that_does_not_know_the_bot_or_is_nowhere(
    environ: dict[str, str], sandbox_cluster: Cluster, tmp_path: Path
) -> None:
    away = sandbox_cluster.write_kubeconfig(tmp_path / "away", token="expired")
    assert "expired" in (await found({**environ, "KUBECONFIG": str(away)}))["API server"].said
    assert "there is no file" in (await found({**environ, "KUBECONFIG": "/nowhere"}))["settings"].said


@pytest.fixture
def wrong_kubeconfigs(bot_kubeconfig: Path, sandbox_cluster: Cluster) -> dict[str, str]:
    """By what is said of them."""
    right = yaml.safe_load(bot_kubeconfig.read_text())
    without_ca = {"name": right["clusters"][0]["name"], "cluster": {"server": sandbox_cluster.url}}
    return {
        "with name nowhere": yaml.safe_dump({**right, "current-context": "nowhere"}),
        "certificate verify failed": yaml.safe_dump({**right, "clusters": [without_ca]}),
        "expected the node content": "{",
    }


async def test_a_kubeconfig_that_is_wrong_is_told_in_plain_words(
    environ: dict[str, str], wrong_kubeconfigs: dict[str, str], tmp_path: Path
) -> None:
    for words, content in wrong_kubeconfigs.items():
        (tmp_path / "wrong").write_text(content)
        assert words in (await found({**environ, "KUBECONFIG": str(tmp_path / "wrong")}))["API server"].said


async def test_an_account_that_may_everything_or_speak_for_nobody_ends_the_look_at_the_cluster(
    environ: dict[str, str], sandbox_cluster: Cluster, tmp_path: Path
) -> None:
    token = sandbox_cluster.service_account_token("default", "default")
    other = sandbox_cluster.write_kubeconfig(tmp_path / "other", token=token)
    for kubeconfig, said in ((sandbox_cluster.kubeconfig, "an administrator's"), (other, "speak for nobody")):
        told = await found({**environ, "KUBECONFIG": str(kubeconfig)})
        assert set(told) == {"impersonation"}
        assert said in told["impersonation"].said


async def test_a_namespace_that_the_chart_does_not_have(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({**COURSE, "namespaces": [*TEAMS, "equipe-verte"]}))
    told = await found(environ)
    assert {name for name, finding in told.items() if finding.state == "fault"} == {
        "the bot's own rights in equipe-verte",
        "what students may in equipe-verte",
        "what trainers may in equipe-verte",
    }


async def test_students_who_are_said_to_write_and_may_not(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({**COURSE, "students_write": [TEAMS[0]]}))
    assert set(await found(environ)) == {f"what students may in {TEAMS[0]}"}


@contextlib.contextmanager
def bound(cluster: Cluster, kind: str, name: str, *words: str) -> Iterator[None]:
    cluster.kubectl("create", kind, name, *words)
    namespace = [word for word in words if word.startswith("--namespace")]
    try:
        yield
    finally:
        cluster.kubectl("delete", kind, name, *namespace)


async def test_a_role_that_somebody_bound_more_to(environ: dict[str, str], sandbox_cluster: Cluster) -> None:
    group, where = f"--group=timonier:students:{TEAMS[0]}", f"--namespace={TEAMS[0]}"
    with bound(sandbox_cluster, "rolebinding", "too-much", "--clusterrole=edit", group, where):
        told = await found(environ)
    assert set(told) == {f"what students may in {TEAMS[0]}"}
    assert "more than the table" in told[f"what students may in {TEAMS[0]}"].said


async def test_a_bot_that_may_do_something_itself(environ: dict[str, str], sandbox_cluster: Cluster) -> None:
    account, where = f"--serviceaccount={RELEASE}:timonier", f"--namespace={TEAMS[1]}"
    with bound(sandbox_cluster, "rolebinding", "too-much", "--clusterrole=view", account, where):
        assert set(await found(environ)) == {f"the bot's own rights in {TEAMS[1]}"}


async def test_a_bot_that_may_not_act_in_one_namespace_or_may_do_more_than_the_table(
    environ: dict[str, str], sandbox_cluster: Cluster
) -> None:
    sandbox_cluster.kubectl("delete", "rolebinding", "timonier:bot", f"--namespace={TEAMS[1]}")
    try:
        told = await found(environ)
    finally:
        install_chart(sandbox_cluster)
    assert "create deployments.apps" in told[f"the bot's own rights in {TEAMS[1]}"].said
    secrets = ("--verb=impersonate-on:user-info:get", "--resource=secrets")
    where = f"--namespace={TEAMS[0]}"
    account = f"--serviceaccount={RELEASE}:timonier"
    with (
        bound(sandbox_cluster, "role", "too-much", *secrets, where),
        bound(sandbox_cluster, "rolebinding", "too-much", "--role=too-much", account, where),
    ):
        told = await found(environ)
    assert "impersonate-on:user-info:get secrets" in told[f"the bot's own rights in {TEAMS[0]}"].said


async def test_constrained_and_legacy_impersonation_at_once(environ: dict[str, str], sandbox_cluster: Cluster) -> None:
    with (
        bound(sandbox_cluster, "clusterrole", "too-much", "--verb=impersonate", "--resource=users"),
        bound(
            sandbox_cluster,
            "clusterrolebinding",
            "too-much",
            "--clusterrole=too-much",
            f"--serviceaccount={RELEASE}:timonier",
        ),
    ):
        assert "at once" in (await found(environ))["impersonation"].said


async def test_policies_that_are_bound_no_more(environ: dict[str, str], sandbox_cluster: Cluster) -> None:
    async def until(*subjects: str) -> None:
        async with asyncio.timeout(20):  # the API server reads its policies about once a second
            while set(await found(environ)) != {*subjects}:  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    sandbox_cluster.kubectl("delete", "validatingadmissionpolicybinding", "timonier-services")
    try:
        await until(*(f"policies in {team}" for team in TEAMS))
    finally:
        install_chart(sandbox_cluster)
    await until()


async def test_a_database_and_a_base_that_do_not_open(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    environ |= {"DATABASE_URL": "sqlite:////nowhere/journal.db", "TIMONIER_KNOWLEDGE": str(tmp_path / "base")}
    assert {"database", "knowledge base"} == set(await found(environ))


async def test_a_setting_that_is_wrong_is_told_once_and_the_rest_is_looked_at(environ: dict[str, str]) -> None:
    del environ["SLACK_BOT_TOKEN"]
    told = await found(environ)
    assert set(told) == {"settings"}
    assert "SLACK_BOT_TOKEN" in told["settings"].said


async def test_the_exit_code_tells_the_worst_and_json_is_for_programs(environ: dict[str, str]) -> None:
    del environ["SLACK_BOT_TOKEN"]
    doctor = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "doctor",
        "--json",
        env={"PATH": os.environ["PATH"], **environ},
        stdout=asyncio.subprocess.PIPE,
    )
    stdout, _ = await doctor.communicate()
    assert doctor.returncode == 2
    lines = [json.loads(line) for line in stdout.splitlines()]
    assert lines[0]["subject"] == "settings"
    assert lines[-1]["state"] == "ok"
