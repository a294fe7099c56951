"""What every input stands on: kept, acknowledged, answered once, whatever happens."""

import asyncio
import logging

import pytest

from bot.journal import Input
from tests.slack.conftest import Bot, Start
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


async def test_a_write_that_a_kill_interrupted_is_not_run_again_and_the_asker_is_told(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        pending = await bot.journal.accept(command("a", "scale deployment web --replicas=5", slack))
        assert pending
        await bot.journal.begin(pending, "kubectl scale deployment web --replicas=5", [])
    async with start() as bot:
        reply = await slack.wait_for("respond")
        assert "`kubectl scale deployment web --replicas=5`" in reply.text
        assert bot.sandbox.ran == []


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
