"""Parts that go away and come back: the probes tell the truth, people get one clear reply, and all is well again."""

import os
import signal
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from aiohttp import web

from bot.playground import localslack
from bot.playground.controlplane import Cluster
from bot.playground.controlplane.certificates import Certificates, make_certificates
from bot.playground.localslack import COURSE, RED, RED_STUDENT, TRAINER
from bot.playground.processes import Processes, free_ports
from tests.playground.processes_of import programs_of
from tests.podspec import ACCOUNT_FOLDER, Pod
from tests.product.chat import Chat, until
from tests.product.conftest import Admin
from tests.product.process import BotProcess, started
from tests.product.relay import Relay

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def relay(cluster: Cluster) -> AsyncIterator[Relay]:
    async with Relay.open(cluster.url) as relay:
        yield relay


@pytest.fixture(scope="module")
def proxy_certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("proxy"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(
    pod: Pod, relay: Relay, proxy_certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """It trusts the API server's authority, and that of a proxy which may stand in the way."""
    account = dict(pod.files[ACCOUNT_FOLDER])
    account["ca.crt"] += proxy_certificates.ca.read_bytes()
    pod = replace(pod, files={**pod.files, ACCOUNT_FOLDER: account})
    with started(pod, tmp_path_factory.mktemp("bot"), {"KUBERNETES_SERVICE_PORT": str(relay.port)}) as bot:
        await bot.until_ready()
        yield bot


@asynccontextmanager
async def html_page(certificates: Certificates) -> AsyncIterator[str]:
    """A proxy's page, whatever is asked; its URL."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>Please log in</html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificates.server, certificates.server_key)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    yield f"https://127.0.0.1:{cast(int, runner.addresses[0][1])}"
    await runner.cleanup()


@contextmanager
def paused(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_an_api_server_that_is_away_is_told_once_and_questions_are_answered(
    chat: Chat, bot: BotProcess, relay: Relay
) -> None:
    await relay.go_away()
    await bot.until_ready(kubernetes="The cluster does not answer")
    assert (await bot.probe("/livez"))[0] == 200
    before = len(await chat.replies(RED))
    reply = await chat.command(RED_STUDENT, RED, "get pods")
    assert "Le cluster ne répond pas" in reply.text
    assert (await chat.ask(RED_STUDENT, COURSE, "comment lister les nœuds ?")).table == ["kubectl get nodes"]
    await relay.come_back()
    await bot.until_ready()
    assert len((await chat.command(RED_STUDENT, RED, "get pods")).table) == 3
    assert len(await chat.replies(RED)) == before + 2


async def test_a_page_of_html_in_place_of_the_api_server_is_called_what_it_is(
    chat: Chat, bot: BotProcess, relay: Relay, cluster: Cluster, proxy_certificates: Certificates
) -> None:
    async with html_page(proxy_certificates) as page:
        await relay.lead_to(page)
        for line in ("get pods", "get deployments"):
            reply = await chat.command(RED_STUDENT, RED, line)
            assert "n'est pas Kubernetes" in reply.text
            assert "log in" not in reply.text
        await relay.lead_to(cluster.url)
    assert len((await chat.command(RED_STUDENT, RED, "get pods")).table) == 3


async def test_an_api_server_that_is_slow_is_told_and_a_write_is_not_called_undone(
    chat: Chat, admin: Admin, bot: BotProcess, relay: Relay
) -> None:
    await chat.command(RED_STUDENT, RED, "get pods")
    before = len(await chat.replies(RED))
    relay.hold()
    await bot.until_ready(kubernetes="The cluster takes too long")
    await chat.type(RED_STUDENT, RED, "get pods")
    await chat.type(TRAINER, RED, "scale deployment demonstration --replicas=3")
    for reply in (await chat.wait(RED, before + 2))[before:]:
        assert "trop de temps" in reply.text
    relay.release()
    await bot.until_ready()
    assert len((await chat.command(RED_STUDENT, RED, "get pods")).table) == 3
    assert await admin.replicas() == 2


@pytest.mark.slow
async def test_an_api_server_cut_off_in_the_middle_of_a_write_is_told_with_how_to_look(
    chat: Chat, admin: Admin, bot: BotProcess, relay: Relay
) -> None:
    async def written() -> bool:
        return await admin.replicas() == 3

    before = len(await chat.replies(RED))
    relay.slow(1.0)
    await chat.type(TRAINER, RED, "scale deployment demonstration --replicas=3")
    await until(written, "write")
    await relay.go_away()
    relay.release()
    told = (await chat.wait(RED, before + 1))[-1]
    assert "on ne sait pas si elle a été faite" in told.text
    assert "/k8s get" in told.text
    await relay.come_back()
    await bot.until_ready()
    assert len((await chat.command(TRAINER, RED, "get pods")).table) == 4
    assert len(await chat.replies(RED)) == before + 2


async def test_an_api_server_without_its_database_is_not_ready(bot: BotProcess, cluster: Cluster) -> None:
    etcd = [pid for pid, name in programs_of(cluster.folder).items() if name == "etcd"]
    if not etcd:
        pytest.skip("not a control plane of ours")
    with paused(*etcd):
        await bot.until_ready(kubernetes="The cluster ")
    await bot.until_ready()


async def test_a_journal_that_cannot_be_written_is_not_ready(bot: BotProcess) -> None:
    with bot.locked_journal():
        await bot.until_ready(journal="OperationalError")
        assert (await bot.probe("/livez"))[0] == 200
    await bot.until_ready()


async def test_a_slack_that_goes_away_is_told_by_the_probe_and_joined_again(pod: Pod, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with Processes(tmp_path) as processes:
        slack = localslack.start(processes, tmp_path, port)
        with started(pod, tmp_path, {"SLACK_API_URL": slack.api_url}) as bot:
            await bot.until_ready()
            processes.stop()
            await bot.until_ready(slack="disconnected")
            assert (await bot.probe("/livez"))[0] == 200
            slack = localslack.start(processes, tmp_path, port)
            await bot.until_ready()
            async with Chat.open(slack) as chat:
                assert len((await chat.command(RED_STUDENT, RED, "get pods")).table) == 3


async def test_a_bot_that_starts_before_slack_waits_for_it_and_can_be_stopped(pod: Pod, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with started(pod, tmp_path, {"SLACK_API_URL": f"http://127.0.0.1:{port}/api/"}) as bot:

        async def is_waiting() -> bool:
            return bot.journal.exists()

        await until(is_waiting, "journal")
        assert await bot.terminate() == 0
