"""A stop at any moment, by force or in order: what was accepted is finished, once, and no write is run again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.playground import localslack
from bot.playground.controlplane import Cluster
from bot.playground.localslack import COURSE, RED, RED_STUDENT, TRAINER
from bot.playground.processes import Processes, free_ports
from tests.podspec import Pod
from tests.product.chat import Chat, until
from tests.product.conftest import Admin
from tests.product.process import BotProcess, started
from tests.product.relay import Relay, Stutter

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


@pytest_asyncio.fixture(loop_scope="session")
async def relay(cluster: Cluster) -> AsyncIterator[Relay]:
    async with Relay.open(cluster.url) as relay:
        yield relay


@asynccontextmanager
async def running(pod: Pod, folder: Path, relay: Relay) -> AsyncIterator[BotProcess]:
    """The bot with the relay before its API server, ready, and knowing what types there are."""
    with started(pod, folder, {"KUBERNETES_SERVICE_PORT": str(relay.port)}) as bot:
        await bot.until_ready()
        yield bot


async def type_and_hold(chat: Chat, bot: BotProcess, relay: Relay, line: str) -> None:
    """A trainer's write, tried and about to happen: the next start must not run it."""

    async def is_started() -> bool:
        return bool(bot.rows("started_at IS NOT NULL"))

    relay.slow(0.3)
    await chat.type(TRAINER, RED, line)
    await until(is_started, "write under way")
    relay.hold()


async def test_what_a_kill_interrupts_is_finished_by_the_next_start_but_for_writes(
    chat: Chat, admin: Admin, pod: Pod, relay: Relay, tmp_path: Path
) -> None:
    async with running(pod, tmp_path, relay) as bot:
        await chat.command(RED_STUDENT, RED, "get pods")
        before = len(await chat.replies(RED))
        await type_and_hold(chat, bot, relay, "scale deployment demonstration --replicas=5")
        await chat.type(RED_STUDENT, RED, "get deployments")
        await chat.type(RED_STUDENT, RED, "get services")
        bot.kill()
        relay.release()
    assert len(await chat.replies(RED)) == before
    await admin.scale(3)
    async with running(pod, tmp_path, relay) as bot:
        await bot.until_settled()
    replies = (await chat.replies(RED))[before:]
    assert len(replies) == 3
    assert sum("demonstration   " in reply.text for reply in replies) == 1
    line = "`kubectl scale deployment demonstration -n equipe-rouge --replicas=5`"
    (told,) = (reply for reply in replies if line in reply.text)
    assert "arrêté" in told.text
    assert "quelqu'un l'a changé depuis" in told.text
    assert await admin.replicas() == 3


async def test_what_a_kill_interrupts_while_it_is_only_tried_is_run_by_the_next_start(
    chat: Chat, admin: Admin, pod: Pod, relay: Relay, tmp_path: Path
) -> None:
    async with running(pod, tmp_path, relay) as bot:
        await chat.command(RED_STUDENT, RED, "get pods")
        before = len(await chat.replies(RED))
        relay.hold()
        await chat.type(TRAINER, RED, "scale deployment demonstration --replicas=4")
        bot.kill()
        relay.release()
    async with running(pod, tmp_path, relay) as bot:
        await bot.until_settled()
    (reply,) = (await chat.replies(RED))[before:]
    assert "2 → 4 réplicas" in reply.text
    assert await admin.replicas() == 4


async def test_a_kill_amid_many_writes_runs_none_twice_and_forgets_none(
    chat: Chat, admin: Admin, pod: Pod, relay: Relay, tmp_path: Path
) -> None:
    names = [f"prise-{number}" for number in range(8)]
    lines = [f"expose deployment demonstration --port=80 --name={name}" for name in names]
    async with running(pod, tmp_path, relay) as bot:
        await chat.command(RED_STUDENT, RED, "get pods")
        before = len(await chat.replies(RED))
        relay.hold()
        await asyncio.gather(*(chat.type(TRAINER, RED, line) for line in lines))
        relay.release()
        await chat.wait(RED, before + 1)
        bot.kill()
    async with running(pod, tmp_path, relay) as bot:
        await bot.until_settled()
    replies = (await chat.replies(RED))[before:]
    made = set(await admin.services())
    for name in names:
        told = [reply.text for reply in replies if f"--name={name}" in reply.text]
        assert told, f"nothing was said of {name}"
        assert ("exposed" in told[0]) <= (f"service/{name}" in made)
        assert not any("existe déjà" in text for text in told)


async def test_a_write_whose_reply_slack_did_not_take_is_not_run_again(
    admin: Admin, pod: Pod, relay: Relay, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    with Processes(tmp_path) as processes:
        slack = localslack.start(processes, tmp_path, port)
        there = {"KUBERNETES_SERVICE_PORT": str(relay.port), "SLACK_API_URL": slack.api_url}
        with started(pod, tmp_path, there) as bot:
            await bot.until_ready()
            async with Chat.open(slack) as chat:
                await chat.command(RED_STUDENT, RED, "get pods")
                await type_and_hold(chat, bot, relay, "scale deployment demonstration --replicas=5")
            processes.stop()
            relay.release()

            async def is_done() -> bool:
                return bool(bot.rows("decision = 'ran' AND understood LIKE '%scale%'"))

            await until(is_done, "end of the command")
            assert await admin.replicas() == 5
            bot.kill()
        await admin.scale(2)
        slack = localslack.start(processes, tmp_path, port)
        with started(pod, tmp_path, there) as bot:
            await bot.until_ready()
            await bot.until_settled()
            async with Chat.open(slack) as chat:
                (reply,) = await chat.replies(RED)
        assert "`kubectl scale deployment demonstration -n equipe-rouge --replicas=5`" in reply.text
        assert await admin.replicas() == 2


async def test_sigterm_waits_for_the_work_under_way_and_exits_with_0(
    chat: Chat, admin: Admin, pod: Pod, relay: Relay, tmp_path: Path
) -> None:
    async with running(pod, tmp_path, relay) as bot:
        await chat.command(RED_STUDENT, RED, "get pods")
        before = len(await chat.replies(RED))
        await type_and_hold(chat, bot, relay, "scale deployment demonstration --replicas=3")
        await chat.type(RED_STUDENT, RED, "get pods")
        stopping = asyncio.create_task(bot.terminate())
        await asyncio.sleep(0.5)
        assert bot.process.poll() is None
        relay.release()
        assert await stopping == 0
        assert bot.rows("replied_at IS NULL") == []
        assert "Traceback" not in bot.log.read_text()
    assert len(await chat.replies(RED)) == before + 2
    assert await admin.replicas() == 3


async def test_what_slack_delivers_three_times_is_answered_once(
    chat: Chat, admin: Admin, pod: Pod, slack: localslack.LocalSlack, tmp_path: Path
) -> None:
    async with Stutter.open(slack, times=3) as stutter:
        with started(pod, tmp_path, {"SLACK_API_URL": stutter.api_url}) as bot:
            await bot.until_ready()
            before = len(await chat.replies(COURSE)), len(await chat.replies(RED))
            answer = await chat.ask(RED_STUDENT, COURSE, "comment lister les nœuds ?")
            await chat.click(RED_STUDENT, answer, answer.entries[0])
            await chat.command(TRAINER, RED, "expose deployment demonstration --port=80 --name=vitrine")
            await chat.command(RED_STUDENT, RED, "get services")
            assert await bot.terminate() == 0
    after = len(await chat.replies(COURSE)), len(await chat.replies(RED))
    assert (after[0] - before[0], after[1] - before[1]) == (2, 2)
    assert [row["kind"] for row in bot.rows("TRUE")] == ["question", "click", "command", "command"]
    assert await admin.services() == ["service/vitrine"]
