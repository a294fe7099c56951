"""From an answer to the cluster in the local Slack: run by a button, proposed to a trainer, shared, sent as a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.playground.localslack import COURSE, RED, RED_STUDENT, TRAINER, TRAINERS
from tests.podspec import Pod
from tests.product.chat import Chat, Reply
from tests.product.conftest import Admin
from tests.product.process import BotProcess, started

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]
SCALED = "kubectl scale deployment demonstration -n equipe-rouge --replicas=5"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(pod: Pod, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    with started(pod, tmp_path_factory.mktemp("bot")) as bot:
        await bot.until_ready()
        yield bot


async def press(chat: Chat, bot: BotProcess, reply: Reply, action: str, user: str, place: int = 0) -> list[Reply]:
    """Clicks; all that was said anew in the channels of the test."""
    channels = (COURSE, RED, TRAINERS)
    before = {(known.channel, known.ts) for channel in channels for known in await chat.replies(channel)}
    button = [button for button in reply.buttons if button["action_id"].startswith(f"{action}:")][place]
    await chat.interact(user, reply, button)
    await bot.until_settled()
    said = [reply for channel in channels for reply in await chat.replies(channel)]
    return [reply for reply in said if (reply.channel, reply.ts) not in before]


async def at(chat: Chat, channel: str, ts: str) -> Reply:
    [found] = [reply for reply in await chat.replies(channel) if reply.ts == ts]
    return found


async def test_from_a_question_to_a_command_that_a_trainer_runs_and_takes_back(
    chat: Chat, bot: BotProcess, admin: Admin
) -> None:
    answer = await chat.ask(RED_STUDENT, COURSE, "comment passer à 5 réplicas ?")
    [read] = await press(chat, bot, answer, "run", RED_STUDENT, place=1)
    assert (read.for_one, read.thread_ts) == (RED_STUDENT, answer.thread_ts)
    assert read.table[0].startswith("NAME")
    [refused] = await press(chat, bot, answer, "run", RED_STUDENT)
    assert refused.for_one == RED_STUDENT
    sent, post = await press(chat, bot, refused, "propose", RED_STUDENT)
    assert (post.channel, post.for_one) == (TRAINERS, None)
    assert SCALED in post.text
    assert "chez les formateurs" in sent.text
    [effect] = await press(chat, bot, post, "review", TRAINER)
    assert effect.for_one == TRAINER
    assert "2 → 5 réplicas" in effect.text
    assert await admin.replicas() == 2
    [told] = await press(chat, bot, effect, "confirm", TRAINER)
    assert (told.channel, told.thread_ts, told.for_one) == (COURSE, answer.thread_ts, None)
    assert f"<@{TRAINER}> a exécuté la commande de <@{RED_STUDENT}> :" in told.text
    assert await admin.replicas() == 5
    told_too, undone = await press(chat, bot, await at(chat, TRAINERS, post.ts), "undo", TRAINER)
    assert (told_too.channel, told_too.thread_ts) == (COURSE, answer.thread_ts)
    assert "5 → 2 réplicas" in undone.text
    left = await at(chat, TRAINERS, post.ts)
    assert f"Annulée par <@{TRAINER}>." in left.text
    assert left.buttons == ()
    [ran] = bot.rows(f"user_id = '{TRAINER}' AND outcome LIKE '%{RED_STUDENT}%'")
    assert (ran["decision"], ran["understood"]) == ("ran", SCALED)


async def test_a_private_read_is_shared_in_its_channel(chat: Chat, bot: BotProcess) -> None:
    private = await chat.command(RED_STUDENT, RED, "get deployments")
    assert private.for_one == RED_STUDENT
    [shared] = await press(chat, bot, private, "share", RED_STUDENT)
    assert shared.for_one is None
    assert f"Partagé par <@{RED_STUDENT}>" in shared.text
    assert shared.table[0] == private.table[0]
    assert private.ts not in {reply.ts for reply in await chat.replies(RED)}


async def test_a_long_read_comes_as_a_file_when_it_is_asked_for(chat: Chat, bot: BotProcess) -> None:
    cut = await chat.command(RED_STUDENT, RED, "explain pod --recursive")
    assert "lignes affichées sur" in cut.text
    [word] = await press(chat, bot, cut, "whole", RED_STUDENT)
    assert word.text == "Le fichier est dans vos messages directs."
