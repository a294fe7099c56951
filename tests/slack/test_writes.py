"""Writes: told before → after, undone by those who may, agreed to where they destroy, stopped by the brake."""

import asyncio
from collections.abc import Callable

import pytest

from bot.language import Text
from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import Call, FakeSlack

SCALE = "scale deployment web --replicas=5"
TO_ZERO = "scale deployment web --replicas=0"
SEVERAL = "scale deployment/web deployment/api --replicas=3"


async def type_(bot: Bot, line: str, user: str = "U0TRAINER") -> Call:
    """Returns the reply."""
    count = len(bot.slack.called("respond")) + 1
    await bot.slack.command(line, user=user)
    return await bot.slack.wait_for("respond", count)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def click(bot: Bot, message: Call, action: str, user: str = "U0TRAINER") -> Call:
    """Returns the reply: for all to see, or for one."""
    seen = len(bot.slack.calls)
    await bot.slack.click(message.button(action), message, user=user)
    await bot.settled()
    [reply] = [call for call in bot.slack.calls[seen:] if call.method in ("chat.postMessage", "chat.postEphemeral")]
    return reply


async def test_a_write_says_before_and_after_and_what_became_of_it(bot: Bot) -> None:
    bot.sandbox.seen = Text("4 pods prêts sur 5 ; 1 non créé : quota du namespace atteint.", "…")
    reply = await type_(bot, SCALE)
    assert reply.params["response_type"] == "in_channel"
    lines = reply.text.splitlines()
    assert lines[0] == "`kubectl scale deployment web -n equipe-rouge --replicas=5`"
    assert lines[1] == "`deployment.apps/web` : 2 → 5 réplicas"
    assert lines[2] == "4 pods prêts sur 5 ; 1 non créé : quota du namespace atteint."
    assert "deployment.apps/web scaled" in reply.text
    assert reply.button("undo")["text"]["text"] == "Annuler"
    await bot.settled()
    assert len(bot.slack.called("respond")) == 1


async def test_a_write_that_changes_nothing_has_nothing_to_undo(bot: Bot) -> None:
    assert (await type_(bot, "scale deployment web --replicas=2")).buttons() == []


@pytest.mark.parametrize("user", ["U0TRAINER", "U0GROUPED"])
async def test_its_author_and_other_trainers_undo_a_write_where_all_see_it(bot: Bot, user: str) -> None:
    write = await type_(bot, SCALE)
    reply = await click(bot, write, "undo", user)
    assert (reply.method, reply.params["channel"]) == ("chat.postMessage", "C0ROUGE")
    assert reply.params["thread_ts"] == write.ts
    assert "`deployment.apps/web` : 5 → 2 réplicas" in reply.text
    assert reply.buttons() == []
    assert bot.sandbox.replicas["web"] == 2
    assert [person.user_id for person in bot.sandbox.undone] == [user]
    decision, outcome = bot.decided(user)[-1]
    assert decision == "ran"
    assert outcome == "took back input 1 of U0TRAINER"


async def test_a_write_that_was_undone_says_so_and_offers_it_no_more(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    await click(bot, write, "undo", "U0GROUPED")
    left = bot.slack.called("respond")[-1]
    assert left.params["replace_original"]
    assert left.text.splitlines() == [
        "`kubectl scale deployment web -n equipe-rouge --replicas=5`",
        "`deployment.apps/web` : 2 → 5 réplicas",
        "Annulée par <@U0GROUPED>.",
    ]
    assert left.buttons() == []


async def test_a_write_that_could_not_be_undone_stays_as_it_is(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    await click(bot, write, "undo", "U0ANNA")
    assert len(bot.slack.called("respond")) == 1


async def test_a_student_undoes_no_write_of_a_trainer(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    reply = await click(bot, write, "undo", "U0ANNA")
    assert reply.method == "chat.postEphemeral"
    assert "Seuls l'auteur de la commande et les formateurs" in reply.text
    assert bot.sandbox.replicas["web"] == 5


async def test_a_second_undo_is_told_and_does_nothing(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    await click(bot, write, "undo")
    bot.sandbox.replicas["web"] = 5
    assert "déjà annulé, par <@U0TRAINER>" in (await click(bot, write, "undo", "U0GROUPED")).text
    assert bot.sandbox.replicas["web"] == 5


async def test_of_many_clicks_at_once_one_undoes(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    users = ["U0TRAINER", "U0GROUPED"] * 3
    await asyncio.gather(*(bot.slack.click(write.button("undo"), write, user=user) for user in users))
    await bot.settled()
    assert len(bot.sandbox.undone) == 1
    assert len(bot.slack.called("chat.postMessage")) == 1
    assert len(bot.slack.called("chat.postEphemeral")) == 5


async def test_a_late_undo_is_told_and_does_nothing(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    bot.make_late()
    assert "pendant 10 minutes" in (await click(bot, write, "undo")).text
    assert bot.sandbox.replicas["web"] == 5


async def test_what_somebody_changed_since_is_not_undone(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    bot.sandbox.replicas["web"] = 4
    assert (await click(bot, write, "undo")).text == "changé depuis"
    assert bot.sandbox.replicas["web"] == 4
    bot.sandbox.replicas["web"] = 5
    assert "5 → 2" in (await click(bot, write, "undo")).text


async def test_an_unknown_button_is_told(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    await bot.slack.click({**write.button("undo"), "value": "forged"}, write, user="U0TRAINER")
    assert "ne retrouve plus" in (await bot.slack.wait_for("chat.postEphemeral")).text
    assert bot.sandbox.replicas["web"] == 5


async def test_a_button_does_only_what_it_was_made_for(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    undo = write.button("undo")
    bot.sandbox.replicas["web"] = 2
    await bot.slack.click({**undo, "action_id": "confirm:0"}, write, user="U0TRAINER")
    assert "ne retrouve plus" in (await bot.slack.wait_for("chat.postEphemeral")).text
    assert len(bot.sandbox.ran) == 1


async def test_a_button_does_not_say_what_it_does(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    assert not {"web", "equipe", "replicas"} & set(write.button("undo")["value"].split("-"))
    assert len(write.button("undo")["value"]) >= 20


@pytest.mark.parametrize(
    ("line", "would"),
    [
        (TO_ZERO, "`deployment.apps/web` : 2 → 0 réplicas"),
        (SEVERAL, "`deployment.apps/web` : 2 → 3 réplicas\n`deployment.apps/api` : 2 → 3 réplicas"),
    ],
)
async def test_what_destroys_and_what_touches_several_asks_its_author_first(bot: Bot, line: str, would: str) -> None:
    asked = await type_(bot, line)
    assert asked.params["response_type"] == "ephemeral"
    assert would in asked.text
    assert "n'affiche rien" not in asked.text
    assert bot.sandbox.ran == []
    done = await click(bot, asked, "confirm")
    assert (done.method, done.params["channel"]) == ("chat.postMessage", "C0ROUGE")
    assert "thread_ts" not in done.params
    assert would in done.text
    assert done.button("undo")
    assert len(bot.sandbox.ran) == 1
    assert bot.slack.called("respond")[-1].params["delete_original"]


async def test_a_second_confirmation_is_told_and_does_nothing(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    await click(bot, asked, "confirm")
    assert "a déjà servi" in (await click(bot, asked, "confirm")).text
    assert len(bot.sandbox.ran) == 1


async def test_nobody_else_confirms_not_even_a_trainer(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    assert "Seule la personne" in (await click(bot, asked, "confirm", "U0GROUPED")).text
    assert bot.sandbox.ran == []
    await click(bot, asked, "confirm")
    assert bot.sandbox.replicas["web"] == 0


async def test_a_late_confirmation_is_told_and_does_nothing(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    bot.make_late()
    assert "valait 5 minutes" in (await click(bot, asked, "confirm")).text
    assert bot.sandbox.ran == []


async def test_a_confirmation_holds_for_what_was_shown_alone(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    bot.sandbox.replicas["web"] = 7
    reply = await click(bot, asked, "confirm")
    assert "Ce n'est plus ce que je vous ai montré" in reply.text
    assert "7 → 0" in reply.text
    assert bot.sandbox.ran == []


async def test_whoever_gives_up_changes_nothing_for_good(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    assert (await click(bot, asked, "give-up")).text == "Rien n'a été changé."
    assert "a déjà servi" in (await click(bot, asked, "confirm")).text
    assert bot.sandbox.ran == []


async def test_the_role_is_looked_at_again_at_the_click(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        asked = await type_(bot, TO_ZERO, "U0GROUPED")
    slack.user_groups["S0TRAINERS"] = []
    async with start() as bot:
        reply = await click(bot, asked, "confirm", "U0GROUPED")
        assert "réservé aux membres" in reply.text
        assert bot.sandbox.ran == []


async def test_a_write_whose_reply_slack_did_not_take_is_told_by_the_next_start_and_not_run_again(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        asked = await type_(bot, TO_ZERO)
        await bot.settled()
        slack.faults["chat.postMessage"].extend(["internal_error"] * 9)
        await slack.click(asked.button("confirm"), asked, user="U0TRAINER")
        await until(lambda: len(slack.faults["chat.postMessage"]) == 8)
        assert len(bot.sandbox.ran) == 1
    slack.faults.clear()
    async with start() as bot:
        await bot.settled()
        assert "2 → 0 réplicas" in (await slack.wait_for("chat.postMessage")).text
        assert bot.sandbox.ran == []


async def test_what_was_asked_and_not_told_before_a_stop_is_asked_again(start: Start, slack: FakeSlack) -> None:
    slack.faults["respond"].append(404)
    slack.faults["chat.postEphemeral"].append("internal_error")
    async with start():
        await slack.command(TO_ZERO, user="U0TRAINER")
        await until(lambda: not slack.faults["chat.postEphemeral"])
    async with start() as bot:
        await bot.settled()
        assert (await slack.wait_for("respond")).button("confirm")
        assert bot.sandbox.ran == []
