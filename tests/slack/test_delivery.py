"""One reply for each input, whatever fails on the way and whichever replica gets it; no command is run again for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.journal import LEASE, Journal, Lost
from tests.journal.test_store import ENTRY
from tests.slack.conftest import Bot, RememberingSandbox, Start
from tests.slack.fake_slack import LOST, FakeSlack
from tests.slack.test_floor import command
from tests.slack.test_writes import until

SCALE = "scale deployment web --replicas=5"


async def test_a_reply_that_slack_does_not_take_is_posted_a_moment_later_and_the_command_is_not_run_again(
    bot: Bot,
) -> None:
    bot.slack.faults["chat.postMessage"].extend(["fatal_error", 500])
    await bot.slack.mention(f"k8s {SCALE}", user="U0TRAINER", channel="C0ROUGE")
    assert "2 → 5" in (await bot.slack.wait_for("chat.postMessage")).text
    await bot.settled()
    assert len(bot.sandbox.ran) == 1


async def test_a_reply_that_got_through_although_the_answer_was_lost_is_not_posted_twice(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"].append(LOST)
    await bot.slack.mention("comment lister les nœuds ?")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1


async def test_where_slack_does_not_let_us_look_a_reply_may_double_but_is_never_missing(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"].append(LOST)
    bot.slack.faults["conversations.replies"].append("missing_scope")
    await bot.slack.mention("comment lister les nœuds ?")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 2


async def test_a_channel_that_has_to_wait_holds_up_no_other_and_its_people_are_told(bot: Bot) -> None:
    bot.slack.busy["C0COURS"] = 30
    await bot.slack.mention("comment lister les nœuds ?")
    told = await bot.slack.wait_for("chat.postEphemeral")
    assert "30 s" in told.text
    assert told.params["user"] == "U0ANNA"
    await bot.slack.mention("comment lister les pods ?")
    await bot.slack.mention("comment lister les nœuds ?", channel="C0ROUGE")
    await bot.slack.wait_for("chat.postMessage")
    [posted] = bot.slack.called("chat.postMessage")
    assert posted.params["channel"] == "C0ROUGE"


async def test_what_had_to_wait_is_posted_as_soon_as_slack_takes_it(bot: Bot) -> None:
    bot.slack.busy["C0COURS"] = 1
    await bot.slack.mention("comment lister les nœuds ?")
    await asyncio.sleep(0.3)
    bot.slack.busy.clear()
    await bot.slack.wait_for("chat.postMessage")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1
    assert bot.slack.called("chat.postEphemeral") == []


async def test_what_is_delivered_three_times_to_two_replicas_has_one_effect_and_one_reply(
    start: Start, slack: FakeSlack, database_url: str
) -> None:
    sandbox = RememberingSandbox()
    async with (
        start(database_url=database_url, sandbox=sandbox) as bot,
        start(database_url=database_url, sandbox=sandbox, replica=2),
    ):
        slack.times = 3
        await slack.mention("comment lister les nœuds ?")
        await slack.command(SCALE, user="U0TRAINER")
        answer, told = await slack.wait_for("chat.postMessage"), await slack.wait_for("respond")
        await slack.click(answer.button("useful"), answer)
        await slack.click(told.button("undo"), told, user="U0TRAINER")
        await bot.settled()
        posted = [call.text for call in slack.called("chat.postMessage")]
        assert len(posted) == len(set(posted)) == 2
        assert len([call for call in slack.called("respond") if "replace_original" not in call.params]) == 1
        assert len(slack.called("chat.postEphemeral")) == 1
        assert len(sandbox.ran) == 1
        assert len(sandbox.undone) == 1


async def test_what_a_dead_replica_held_is_taken_over_when_its_lease_ends(
    start: Start, slack: FakeSlack, database_url: str
) -> None:
    async with start(database_url=database_url) as bot:
        dead = await bot.journal.accept(command("a", "get pods", slack))
        assert dead
        await bot.journal.put_off(dead, timedelta(seconds=1))  # as if it had been accepted ten seconds ago
        await slack.wait_for("respond")
        assert len(bot.sandbox.ran) == 1


async def test_a_replica_that_was_too_slow_neither_acts_nor_speaks_any_more(journals: tuple[Journal, Journal]) -> None:
    slow, quick = journals
    held = await slow.accept(replace(command("a", SCALE, FakeSlack()), text=SCALE))
    assert held
    assert await quick.claim(10) == []
    await slow.put_off(held, -LEASE)
    [taken] = await quick.claim(10)
    for speak in (
        slow.begin(held, "kubectl scale", []),
        slow.decide(held, "ran", "ok"),
        slow.owe(held, {"text": "done"}),
        slow.replied(held),
    ):
        with pytest.raises(Lost):
            await speak
    await quick.begin(taken, "kubectl scale", [])
    with pytest.raises(Lost):
        await quick.begin(taken, "kubectl scale", [])
    await quick.put_off(taken, LEASE)
    with pytest.raises(Lost):
        await slow.decide(held, "ran", "ok")


async def test_replicas_that_take_over_at_once_share_out_what_there_is(journals: tuple[Journal, Journal]) -> None:
    first, second = journals
    for number in range(20):
        pending = await first.accept(command(str(number), "get pods", FakeSlack()))
        assert pending
        await first.put_off(pending, timedelta())
    taken: list[int] = []
    while any(claims := await asyncio.gather(*(journal.claim(6) for journal in (first, second) * 2))):
        taken += [pending.id for claimed in claims for pending in claimed]
    assert sorted(taken) == list(range(1, 21))


async def test_the_brake_and_a_new_entry_are_there_at_once_in_every_replica(journals: tuple[Journal, Journal]) -> None:
    first, second = journals
    question = await first.accept(command("a", "get pods", FakeSlack()))
    assert question
    await first.freezes.put("equipe-rouge", "U0TRAINER")
    assert await second.freezes.on("equipe-rouge")
    before = await second.entries.version()
    await first.entries.save(replace(ENTRY, question_id=question.id), question.id)
    assert await second.entries.version() > before


async def test_a_clean_stop_leaves_what_it_could_not_finish_to_others_at_once(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        await bot.journal.accept(command("a", "get pods", slack))
    async with start() as bot:
        await until(lambda: len(bot.sandbox.ran) == 1)
