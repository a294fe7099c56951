"""A trainer's writes in the local Slack: undone, agreed to, stopped."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.playground.localslack import RED, RED_STUDENT, TRAINER
from tests.podspec import Pod
from tests.product.chat import Chat, Reply
from tests.product.conftest import Admin
from tests.product.process import BotProcess, started

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(pod: Pod, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    with started(pod, tmp_path_factory.mktemp("bot")) as bot:
        await bot.until_ready()
        yield bot


async def press(chat: Chat, reply: Reply, action: str, user: str = TRAINER) -> Reply:
    [button] = [button for button in reply.buttons if button["action_id"].startswith(f"{action}:")]
    return await chat.click(user, reply, button)


async def test_a_scale_is_told_with_its_pods_and_undone(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    write = await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=4")
    assert "`deployment.apps/demonstration` : 2 → 4 réplicas\n4 pods prêts sur 4." in write.text
    refused = await press(chat, write, "undo", RED_STUDENT)
    assert refused.for_one == RED_STUDENT
    assert "Seuls l'auteur" in refused.text
    assert await admin.replicas() == 4
    undone = await press(chat, write, "undo")
    assert undone.for_one is None
    assert undone.thread_ts == write.ts
    assert "4 → 2 réplicas\n2 pods prêts sur 2." in undone.text
    assert await admin.replicas() == 2
    assert "déjà annulé" in (await press(chat, write, "undo")).text


async def test_an_exposed_service_is_taken_away_again(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    write = await chat.command(TRAINER, RED, "expose deployment demonstration --port=80 --name=vitrine")
    assert "`service/vitrine` : créé" in write.text
    assert "supprimé" in (await press(chat, write, "undo")).text
    assert await admin.services() == []


async def test_a_deployment_is_created_and_deleted_once_agreed(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    made = await chat.command(TRAINER, RED, "create deployment site --image=nginx --replicas=2")
    assert "`deployment.apps/site` : créé\n2 pods prêts sur 2." in made.text
    assert "Warning" not in made.text
    asked = await chat.command(TRAINER, RED, "delete deployment site")
    assert asked.for_one == TRAINER
    assert "`deployment.apps/site` : supprimé avec ses 2 pods" in asked.text
    assert "deployment.apps/site" in await admin.kubectl("get", "deployments", "--output=name")
    [confirm, _] = asked.buttons
    before = {reply.ts for reply in await chat.replies(RED)}
    await chat.interact(TRAINER, asked, confirm)
    await bot.until_settled()
    [done] = [reply for reply in await chat.replies(RED) if reply.ts not in before]
    assert 'deployment.apps "site" deleted from equipe-rouge namespace' in done.text
    assert done.buttons == ()
    assert "deployment.apps/site" not in await admin.kubectl("get", "deployments", "--output=name")


async def test_no_pods_at_all_is_asked_first(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    asked = await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=0")
    assert asked.for_one == TRAINER
    assert "2 → 0 réplicas" in asked.text
    assert await admin.replicas() == 2
    [confirm, _] = asked.buttons
    before = {reply.ts for reply in await chat.replies(RED)}
    await chat.interact(TRAINER, asked, confirm)
    await bot.until_settled()
    [done] = [reply for reply in await chat.replies(RED) if reply.ts not in before]
    assert (done.for_one, done.thread_ts) == (None, None)
    assert "Plus aucun pod ne tourne." in done.text
    assert await admin.replicas() == 0
    assert asked.ts not in {reply.ts for reply in await chat.replies(RED)}


async def test_a_trainer_looks_back_and_takes_a_write_back_from_there(
    chat: Chat, bot: BotProcess, admin: Admin
) -> None:
    await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=4")
    history = await chat.command(TRAINER, RED, "history deployment/demonstration")
    assert history.for_one == TRAINER
    assert f"<@{TRAINER}> `kubectl scale deployment demonstration -n equipe-rouge --replicas=4`" in history.text
    assert "4 → 2 réplicas" in (await press(chat, history, "undo-listed")).text
    assert await admin.replicas() == 2
    assert "annulé par" in (await chat.command(TRAINER, RED, "history")).text
    assert "réservé aux formateurs" in (await chat.command(RED_STUDENT, RED, "history")).text


async def test_a_freeze_stops_a_write_and_no_read(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    await chat.command(TRAINER, RED, "freeze")
    refused = await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=4")
    assert f"gelées partout par <@{TRAINER}>" in refused.text
    assert await admin.replicas() == 2
    assert len((await chat.command(RED_STUDENT, RED, "get pods")).table) == 3
    await chat.command(TRAINER, RED, "unfreeze")
    assert "2 → 4" in (await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=4")).text


async def test_going_back_to_a_version_is_shown_agreed_to_and_undone(chat: Chat, bot: BotProcess, admin: Admin) -> None:
    await admin.kubectl("set", "image", "deployment/demonstration", "*=nginx:1.27")
    await admin.kubectl("rollout", "status", "deployment/demonstration", "--timeout=60s")
    asked = await chat.command(TRAINER, RED, "rollout undo deployment/demonstration")
    assert "révision 2 → 1 ; image de `rancher-demo` : nginx:1.27 → monachus/rancher-demo" in asked.text
    before = {reply.ts for reply in await chat.replies(RED)}
    await chat.interact(TRAINER, asked, asked.buttons[0])
    await bot.until_settled()
    [done] = [reply for reply in await chat.replies(RED) if reply.ts not in before]
    assert "deployment.apps/demonstration rolled back" in done.text
    assert "nouveaux pods prêts sur 2" in done.text
    assert "monachus/rancher-demo → nginx:1.27" in (await press(chat, done, "undo")).text
    await admin.kubectl("rollout", "undo", "deployment/demonstration")
