"""One thread through the whole product: what people type in Slack, and what they read and what has happened then."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.playground.installation import BLUE as BLUE_TEAM
from bot.playground.localslack import BLUE_STUDENT, COURSE, RED, RED_STUDENT, SANDBOX, TRAINER
from tests.podspec import Pod
from tests.product.chat import Chat
from tests.product.conftest import Admin
from tests.product.process import BotProcess, started

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def process(pod: Pod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with started(pod, tmp_path_factory.mktemp("bot")) as process:
        yield process


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def bot(process: BotProcess, pod: Pod) -> AsyncIterator[BotProcess]:
    """Ready; and no test leaves a reply owed, a traceback or a token behind."""
    await process.until_ready()
    yield process
    await process.until_settled()
    log = process.log.read_text()
    assert "Traceback" not in log
    assert pod.env["SLACK_BOT_TOKEN"] not in log
    assert pod.env["SLACK_APP_TOKEN"] not in log


async def test_a_question_in_french_is_answered_in_its_thread_with_commands_and_source(chat: Chat) -> None:
    ts = await chat.say(RED_STUDENT, COURSE, "sans mention, le bot se tait")
    answer = await chat.ask(RED_STUDENT, COURSE, "cmt voir les podes svp ?")
    assert answer.thread_ts not in (None, ts)
    assert "kubectl get pods" in answer.table
    assert "Source : " in answer.text
    assert answer.for_one is None


async def test_a_question_in_english_is_answered_in_english(chat: Chat) -> None:
    answer = await chat.ask(BLUE_STUDENT, COURSE, "how do I list the nodes of the cluster?")
    assert answer.table == ["kubectl get nodes"]
    assert "Source: " in answer.text


async def test_what_is_not_in_the_course_is_said_so_with_the_nearest_entries(chat: Chat) -> None:
    answer = await chat.ask(RED_STUDENT, COURSE, "comment configurer un service mesh linkerd ?")
    assert "Le cours ne répond pas" in answer.text
    assert "```" not in answer.text
    assert len(answer.entries) == 3


async def test_a_related_entry_is_shown_in_the_same_thread_by_its_button(chat: Chat) -> None:
    answer = await chat.ask(RED_STUDENT, COURSE, "comment lister les nœuds du cluster ?")
    shown = await chat.click(BLUE_STUDENT, answer, answer.entries[0])
    assert shown.thread_ts == answer.thread_ts
    assert answer.entries[0]["text"]["text"] in shown.text


async def test_a_thread_goes_on_from_the_question_before(chat: Chat) -> None:
    answer = await chat.ask(RED_STUDENT, COURSE, "comment exposer un déploiement ?")
    assert answer.thread_ts
    further = await chat.ask(RED_STUDENT, COURSE, "et en yaml ?", thread_ts=answer.thread_ts)
    assert further.thread_ts == answer.thread_ts


async def test_a_direct_message_needs_no_mention(chat: Chat) -> None:
    direct = f"D0{RED_STUDENT[2:]}"
    before = len(await chat.replies(direct))
    await chat.say(RED_STUDENT, direct, "comment lister les nœuds ?")
    answer = (await chat.wait(direct, before + 1))[-1]
    assert answer.table == ["kubectl get nodes"]


async def test_a_student_sees_the_teams_pods_and_nobody_else_does(chat: Chat) -> None:
    reply = await chat.command(RED_STUDENT, RED, "get pods")
    header, *rows = reply.table
    assert header.split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert [row.split()[1:3] for row in rows] == [["1/1", "Running"]] * 2
    assert "`kubectl get pods -n equipe-rouge`" in reply.text
    assert reply.for_one == RED_STUDENT


@pytest.mark.parametrize(
    "typed", ["kubectl get pods", "$ k get po", "get pods —o wide", "get pods -l “app=demonstration”"]
)
async def test_it_is_typed_as_people_type(chat: Chat, typed: str) -> None:
    assert len((await chat.command(RED_STUDENT, RED, typed)).table) == 3


async def test_a_student_may_not_scale_and_is_told_who_may(chat: Chat, admin: Admin) -> None:
    reply = await chat.command(RED_STUDENT, RED, "scale deployment demonstration --replicas=5")
    assert "formateurs" in reply.text
    assert reply.for_one == RED_STUDENT
    assert await admin.replicas() == 2


async def test_a_trainer_scales_for_all_to_see_and_five_pods_run(chat: Chat, admin: Admin) -> None:
    reply = await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=5")
    assert reply.table == ["deployment.apps/demonstration scaled"]
    assert reply.for_one is None
    await admin.kubectl("rollout", "status", "deployment/demonstration", "--timeout=30s")
    running = ("get", "pods", "--selector=app=demonstration", "--field-selector=status.phase=Running", "--output=name")
    assert len((await admin.kubectl(*running)).split()) == 5


async def test_more_than_the_policy_allows_is_explained_in_the_charts_words(chat: Chat, admin: Admin) -> None:
    reply = await chat.command(TRAINER, RED, "scale deployment demonstration --replicas=11")
    assert "10 réplicas au plus" in reply.text
    assert await admin.replicas() == 2


async def test_a_trainer_exposes_a_deployment(chat: Chat, admin: Admin) -> None:
    reply = await chat.command(TRAINER, RED, "expose deployment demonstration --port=80 --type=NodePort --name=vitrine")
    assert reply.table == ["service/vitrine exposed"]
    assert await admin.services() == ["service/vitrine"]
    assert "80:" in (await chat.command(RED_STUDENT, RED, "get svc vitrine")).table[1]


@pytest.mark.parametrize("user", [RED_STUDENT, TRAINER])
async def test_nobody_reads_secrets(chat: Chat, user: str) -> None:
    reply = await chat.command(user, RED, "get secrets")
    assert "forbidden" not in reply.text
    assert "```" not in reply.text
    assert reply.for_one == user


async def test_another_teams_namespace_is_refused_with_ones_own(chat: Chat) -> None:
    reply = await chat.command(RED_STUDENT, RED, f"get pods -n {BLUE_TEAM}")
    assert "`equipe-rouge`" in reply.text
    assert "```" not in reply.text
    assert "forbidden" not in reply.text


async def test_a_trainer_reads_every_teams_namespace(chat: Chat) -> None:
    assert len((await chat.command(TRAINER, SANDBOX, f"get pods -n {BLUE_TEAM}")).table) == 3


@pytest.mark.parametrize("typed", ["help", "aide", "help scale"])
async def test_help_shows_what_is_allowed(chat: Chat, typed: str) -> None:
    reply = await chat.command(RED_STUDENT, SANDBOX, typed)
    assert "scale" in reply.text
    assert reply.for_one == RED_STUDENT


async def test_a_long_result_is_cut_at_whole_rows_and_the_whole_comes_as_a_file_when_asked_for(chat: Chat) -> None:
    reply = await chat.command(RED_STUDENT, RED, "get deployment demonstration -o yaml")
    assert "apiVersion: apps/v1" in reply.table
    long = await chat.command(TRAINER, RED, "get pods,deploy,rs,svc -A -o yaml")
    assert "lignes affichées sur" in long.text
    [whole] = [button for button in long.buttons if button["action_id"].startswith("whole")]
    assert "messages directs" in (await chat.click(TRAINER, long, whole)).text


async def test_the_journal_has_who_where_what_and_how_it_ended(chat: Chat, bot: BotProcess) -> None:
    await chat.command(RED_STUDENT, RED, "kubectl get po")
    await bot.until_settled()
    row = bot.rows("kind = 'command'")[-1]
    assert (row["user_id"], row["channel_id"], row["text"]) == (RED_STUDENT, RED, "kubectl get po")
    assert (row["understood"], row["decision"], row["outcome"]) == ("kubectl get po -n equipe-rouge", "ran", "ok")
    assert row["accepted_at"] < row["replied_at"]
    assert row["duration_ms"] > 0
    assert row["address"] == "{}"
