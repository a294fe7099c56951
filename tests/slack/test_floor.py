"""What every input stands on: kept, acknowledged, answered once, whatever happens."""

import asyncio
import logging
from dataclasses import asdict

import pytest

from bot.errors import Unavailable
from bot.journal import Input
from bot.language import Text
from tests.slack.conftest import Bot, RememberingSandbox, Start, scale
from tests.slack.fake_slack import FakeSlack


async def test_an_event_delivered_three_times_gets_one_reply(bot: Bot) -> None:
    for _ in range(3):
        await bot.slack.mention("comment lister les nœuds ?", ts="7.7")
    await bot.slack.wait_for("chat.postMessage")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1


async def test_a_command_delivered_three_times_runs_once(bot: Bot) -> None:
    for _ in range(3):
        await bot.slack.command("scale deployment web --replicas=5", user="U0TRAINER", trigger_id="same")
    await bot.slack.wait_for("respond")
    await bot.settled()
    assert len(bot.sandbox.ran) == 1
    assert len(bot.slack.called("respond")) == 1


async def test_a_mention_in_a_direct_message_is_one_question_although_slack_sends_two_events(bot: Bot) -> None:
    await bot.slack.direct_message("<@U0BOT> comment lister les nœuds ?", ts="8.8")
    await bot.slack.mention("comment lister les nœuds ?", channel="D0ANNA", ts="8.8")
    await bot.slack.wait_for("chat.postMessage")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1


async def test_the_word_payload_is_an_ordinary_word(bot: Bot) -> None:
    await bot.slack.command("get payload")
    await bot.slack.wait_for("respond")
    assert bot.sandbox.ran[0][0] == "kubectl get payload"


async def test_an_unexpected_error_gives_a_reference_and_the_log_has_the_rest(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.sandbox.error = ZeroDivisionError("the secret of the universe")
    with caplog.at_level(logging.ERROR):
        await bot.slack.command("get pods")
        reply = await bot.slack.wait_for("respond")
    reference = reply.text.rpartition("`")[0].rpartition("`")[2]
    assert "universe" not in reply.text
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_after_a_kill_the_next_start_finishes_what_was_accepted(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        await bot.journal.accept(command("a", "get pods", slack))
        await bot.journal.accept(Input("message:1", "question", "U0ANNA", "C0COURS", "1.1", "lister les nœuds", {}))
    async with start() as bot:
        await slack.wait_for("respond")
        await slack.wait_for("chat.postMessage")
        await bot.settled()
        assert [line for line, _, _ in bot.sandbox.ran] == ["kubectl get pods"]


@pytest.mark.parametrize(
    ("now", "seen"), [(5, "C'est fait"), (2, "ce n'est pas fait"), (3, "quelqu'un l'a changé depuis")]
)
async def test_a_write_that_a_kill_interrupted_is_not_run_again_but_looked_at_and_told(
    start: Start, slack: FakeSlack, now: int, seen: str
) -> None:
    await begin_to_scale(start, slack)
    sandbox = RememberingSandbox()
    sandbox.replicas["web"] = now
    async with start(sandbox=sandbox) as bot:
        reply = await slack.wait_for("respond")
        assert "J'ai été arrêté pendant `kubectl scale deployment web --replicas=5`" in reply.text
        assert seen in reply.text
        await bot.settled()
        assert sandbox.ran == []
        assert bot.decided("U0TRAINER")[0][0] == "interrupted"


async def test_a_write_that_was_done_before_the_kill_is_told_as_done(start: Start, slack: FakeSlack) -> None:
    await begin_to_scale(start, slack, done=True)
    async with start() as bot:
        assert "a eu lieu" in (await slack.wait_for("respond")).text
        assert bot.sandbox.ran == []


async def test_where_it_cannot_be_looked_at_it_is_said_that_it_may_have_happened(
    start: Start, slack: FakeSlack
) -> None:
    await begin_to_scale(start, slack)
    away = RememberingSandbox(error=Unavailable(Text("le cluster est absent", "the cluster is away")))
    async with start(sandbox=away):
        assert "elle a peut-être eu lieu" in (await slack.wait_for("respond")).text


async def begin_to_scale(start: Start, slack: FakeSlack, *, done: bool = False) -> None:
    async with start() as bot:
        pending = await bot.journal.accept(command("a", "scale deployment web --replicas=5", slack))
        assert pending
        change = asdict(scale("web", 2, 5, "equipe-rouge"))
        await bot.journal.begin(pending, "kubectl scale deployment web --replicas=5", [change])
        if done:
            await bot.journal.decide(pending, "ran", "ok")


async def test_a_reply_that_slack_did_not_take_is_sent_by_the_next_start(start: Start, slack: FakeSlack) -> None:
    slack.faults["chat.postMessage"].append("fatal_error")
    async with start() as bot:
        await slack.mention("comment lister les nœuds ?")
    # The bot has stopped, and so has its work.
    async with start() as bot:
        await slack.wait_for("chat.postMessage")
        await bot.settled()


async def test_a_429_is_waited_out(bot: Bot) -> None:
    bot.slack.faults["chat.postMessage"].append(429)
    await bot.slack.mention("comment lister les nœuds ?")
    await bot.slack.wait_for("chat.postMessage")


async def test_a_command_that_cannot_be_kept_is_not_run_and_the_ack_says_so(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        with bot.locked_database():
            ack = await slack.command("get pods")
        assert "rien n'a été fait" in ack["text"]
        assert bot.sandbox.ran == []


async def test_an_event_that_cannot_be_kept_is_not_acknowledged_so_that_slack_sends_it_again(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        with bot.locked_database(), pytest.raises(TimeoutError):
            await slack.mention("comment lister les nœuds ?")


async def test_twenty_commands_at_once_are_all_acknowledged_and_answered(bot: Bot) -> None:
    await asyncio.gather(*(bot.slack.command("get pods") for _ in range(20)))
    await bot.slack.wait_for("respond", count=20)


def command(key: str, text: str, slack: FakeSlack) -> Input:
    url = f"{slack.url}/respond/{key}"
    return Input(f"command:{key}", "command", "U0TRAINER", "C0ROUGE", None, text, {"response_url": url})
