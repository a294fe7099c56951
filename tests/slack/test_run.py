"""An answer's commands run by a button: what happens is what `/k8s` does, for whoever clicks."""

import pytest

from bot.helpdesk import Helpdesk
from bot.knowledge import KnowledgeBase
from tests.slack.conftest import Bot
from tests.slack.fake_slack import Call

PODS, NODES, SCALE = "comment voir les pods ?", "comment lister les nœuds ?", "comment passer à 5 réplicas ?"


async def ask(bot: Bot, question: str, **event: str) -> Call:
    count = len(bot.slack.called("chat.postMessage")) + 1
    await bot.slack.mention(question, **event)
    return await bot.slack.wait_for("chat.postMessage", count)


async def click(bot: Bot, message: Call, place: int = 0, user: str = "U0ANNA", **forged: str) -> Call:
    """Returns the reply."""
    seen = len(bot.slack.calls)
    await bot.slack.click({**message.buttons("run")[place], **forged}, message, user=user)
    await bot.settled()
    [reply] = [call for call in bot.slack.calls[seen:] if call.method in ("chat.postMessage", "chat.postEphemeral")]
    return reply


def labels(message: Call) -> list[str]:
    return [button["text"]["text"] for button in message.buttons("run")]


@pytest.mark.parametrize(
    ("question", "channel", "expected"),
    [
        (PODS, "C0COURS", "Exécuter dans equipe-rouge"),
        (PODS, "C0BLEUE", "Exécuter dans equipe-bleue"),
        ("how do I see the pods?", "C0BLEUE", "Run in equipe-bleue"),
        ("voir les pods de kube-system", "C0COURS", "Exécuter dans kube-system"),
        (NODES, "C0COURS", "Exécuter"),
    ],
)
async def test_a_button_says_where_its_command_runs(bot: Bot, question: str, channel: str, expected: str) -> None:
    assert set(labels(await ask(bot, question, channel=channel))) == {expected}


async def test_a_read_is_shown_in_the_thread_to_whoever_clicks_and_to_nobody_else(bot: Bot) -> None:
    answer = await ask(bot, PODS, ts="1.1")
    reply = await click(bot, answer)
    assert (reply.method, reply.params["user"], reply.params["thread_ts"]) == ("chat.postEphemeral", "U0ANNA", "1.1")
    assert "web    1/1" in reply.text
    [(line, person, namespace)] = bot.sandbox.ran
    assert (line, person.user_id, namespace) == ("kubectl get pods", "U0ANNA", "equipe-rouge")


async def test_whoever_clicks_does_it_with_their_own_rights(bot: Bot) -> None:
    answer = await ask(bot, PODS)
    await click(bot, answer, user="U0BORIS")
    await click(bot, answer, user="U0TRAINER")
    assert [(p.user_id, p.role) for _, p, _ in bot.sandbox.ran] == [("U0BORIS", "student"), ("U0TRAINER", "trainer")]
    assert [namespace for *_, namespace in bot.sandbox.ran] == ["equipe-bleue", "equipe-rouge"]


async def test_whoever_has_no_rights_is_refused_and_nothing_runs(bot: Bot) -> None:
    answer = await ask(bot, PODS)
    assert "réservé aux membres" in (await click(bot, answer, user="U0NOBODY")).text
    assert bot.sandbox.ran == []


async def test_a_write_is_shown_to_all_and_happens_nowhere_but_where_the_button_says(bot: Bot) -> None:
    answer = await ask(bot, SCALE, ts="1.1")
    reply = await click(bot, answer, user="U0TRAINER")
    assert (reply.method, reply.params["thread_ts"]) == ("chat.postMessage", "1.1")
    assert "2 → 5 réplicas" in reply.text
    assert reply.button("undo")
    [(line, *_)] = bot.sandbox.ran
    assert line == "kubectl scale deployment demonstration -n equipe-rouge --replicas=5"
    assert bot.decided("U0TRAINER")[-1] == ("ran", "ok")


async def test_what_destroys_asks_first(bot: Bot) -> None:
    answer = await ask(bot, SCALE)
    reply = await click(bot, answer, user="U0TRAINER", value="equipe-rouge kubectl scale deployment web --replicas=0")
    assert reply.button("confirm")
    assert bot.sandbox.ran == []


@pytest.mark.parametrize("value", ["equipe-bleue kubectl exec web -- sh", "equipe-rouge kubectl get pods | sh"])
async def test_a_forged_button_does_what_typing_it_would_do(bot: Bot, value: str) -> None:
    answer = await ask(bot, PODS)
    await click(bot, answer, value=value)
    await click(bot, answer, value="equipe-bleue kubectl get pods")
    assert [(line, namespace) for line, _, namespace in bot.sandbox.ran if line] == [
        ("kubectl get pods", "equipe-rouge")
    ]


async def test_where_commands_do_not_belong_an_answer_has_no_such_button(bot: Bot) -> None:
    assert labels(await ask(bot, PODS, channel="C0CANTINE")) == []


async def test_what_the_table_does_not_take_has_no_button(bot: Bot) -> None:
    assert labels(await ask(bot, "comment ouvrir un shell dans un pod ?")) == []


@pytest.mark.parametrize(
    "line",
    [
        "kubectl get pod <nom>",
        "kubectl describe pod demonstration-7645747fc6-f5z55",
        "kubectl get pods -l app=NOM",
        "kubectl get pods -n closed",
        "kubectl get pod/NOM-DU-POD",
    ],
)
async def test_a_placeholder_and_a_closed_namespace_have_no_button(
    bot: Bot, knowledge: KnowledgeBase, line: str
) -> None:
    taken = "kubectl get pods -o custom-columns=NOM:.metadata.name"
    runnables = Helpdesk(knowledge, bot.sandbox, bot.journal).runnables
    assert set(await runnables.among([line, taken], "equipe-rouge")) == {taken}


async def test_a_cluster_that_does_not_answer_costs_the_buttons_and_not_the_answer(bot: Bot) -> None:
    bot.sandbox.silent = True
    assert labels(await ask(bot, PODS)) == []
