"""The bot put together, on the fake Slack and without a cluster: it answers what it can, and says what is missing."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import metrics
from bot.app import running, serve
from bot.playground.processes import free_ports
from bot.settings import Channel, Course, Settings, SettingsError
from tests.slack.fake_slack import FakeSlack

NOBODYS_PORT = "http://127.0.0.1:1"
KUBECONFIG = f"""\
apiVersion: v1
kind: Config
clusters: [{{name: away, cluster: {{server: "{NOBODYS_PORT}"}}}}]
users: [{{name: bot, user: {{token: t}}}}]
contexts: [{{name: away, context: {{cluster: away, user: bot}}}}]
current-context: away
"""


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.open(members={"C0ROUGE": ["U0ANNA"]}) as slack:
        yield slack


@pytest.fixture
def settings(slack: FakeSlack, tmp_path: Path) -> Settings:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(KUBECONFIG)
    return Settings(
        bot_token="xoxb-test",
        app_token="xapp-test",
        slack_api_url=f"{slack.url}/api/",
        kubeconfig=kubeconfig,
        database_url=f"sqlite:///{tmp_path / 'journal.db'}",
        port=free_ports(1)[0],
        knowledge=None,
        preparing=None,
        course=Course(namespaces=("equipe-rouge",), channels={"C0ROUGE": Channel(namespace="equipe-rouge")}),
        host="127.0.0.1",
    )


async def probe(settings: Settings, path: str) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{settings.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json()


async def test_without_a_cluster_it_is_alive_and_not_ready_and_says_why(slack: FakeSlack, settings: Settings) -> None:
    async with running(settings):
        await slack.connected()
        assert await probe(settings, "/livez") == (200, {"slack": "ok"})
        status, parts = await probe(settings, "/readyz")
    assert status == 503
    assert (parts["slack"], parts["journal"]) == ("ok", "ok")
    assert parts["kubernetes"].startswith("The cluster does not answer")


async def test_without_a_cluster_questions_are_answered_and_commands_told_to_wait(
    slack: FakeSlack, settings: Settings
) -> None:
    async with running(settings):
        await slack.connected()
        await slack.mention("comment lister les nœuds ?")
        assert "kubectl get nodes" in (await slack.wait_for("chat.postMessage")).text
        await slack.command("get pods")
        assert "Le cluster ne répond pas" in (await slack.wait_for("respond")).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_every_reply_out(
    slack: FakeSlack, settings: Settings, number: signal.Signals
) -> None:
    bot = asyncio.create_task(serve(settings))
    await slack.connected()
    await slack.mention("comment lister les nœuds ?")
    os.kill(os.getpid(), number)
    await asyncio.wait_for(bot, 10)
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_signal_ends_it_while_it_waits_for_slack(settings: Settings, tmp_path: Path) -> None:
    bot = asyncio.create_task(serve(replace(settings, slack_api_url=f"{NOBODYS_PORT}/api/")))
    async with asyncio.timeout(10):
        while not (tmp_path / "journal.db").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await bot


@pytest.mark.parametrize(
    ("method", "named"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_token_that_slack_refuses_is_named(
    slack: FakeSlack, settings: Settings, method: str, named: str
) -> None:
    slack.faults[method].append("invalid_auth")
    with pytest.raises(SettingsError, match=f"^{named}: .*Slack refuses it"):
        await serve(settings)


async def test_a_port_that_another_has_is_named(slack: FakeSlack, settings: Settings) -> None:
    async with running(settings):
        with pytest.raises(SettingsError, match=r"^PORT: .*address already in use"):
            await serve(settings)


async def test_what_it_did_is_counted_by_outcome_and_verb_and_nobody_is_named(
    slack: FakeSlack, settings: Settings
) -> None:
    async with running(settings):
        await slack.connected()
        before = await scrape(settings)
        await slack.mention("quel temps fait-il à Brest ?", channel="C0ROUGE")
        await slack.wait_for("chat.postMessage")
        for text in ("help get", "gte pods"):
            await slack.command(text)
        await slack.wait_for("respond", 2)
        await settled(settings)
        after = await scrape(settings)
    counted = {name: value - before.get(name, 0) for name, value in after.items()}
    assert counted['timonier_questions_total{outcome="unknown"}'] == 1
    assert counted['timonier_commands_total{outcome="ran",verb="help"}'] == 1
    assert counted['timonier_commands_total{outcome="refused",verb="none"}'] == 1
    assert counted["timonier_ack_seconds_count"] == 3
    assert counted['timonier_reply_seconds_count{kind="command"}'] == 2
    assert after["timonier_journal_bytes"] > 0
    assert not any("U0ANNA" in name for name in counted)


async def test_the_page_of_metrics_is_made_from_the_code() -> None:
    assert metrics.table("en") in (Path(__file__).parents[1] / "docs" / "metrics.md").read_text(encoding="utf-8")


async def scrape(settings: Settings) -> dict[str, float]:
    url = f"http://127.0.0.1:{settings.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.content_type == "text/plain"
        lines = (await response.text()).splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


async def settled(settings: Settings) -> None:
    """Until nothing is owed to anyone."""
    async with asyncio.timeout(5):
        while (await scrape(settings))["timonier_inputs_owed"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
