"""HTTP mode: what Slack signs is worked as what comes by the socket; what it did not sign is nobody's word."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.slack.conftest import Bot, Start

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
COMMAND = "command=%2Fk8s&text=get+pods&user_id=U0ANNA&channel_id=C0ROUGE&trigger_id=t&response_url=https%3A%2F%2Fx"


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start(mode="http") as bot:
        yield bot


async def test_a_question_is_answered(bot: Bot) -> None:
    assert await bot.slack.mention("comment lister les nœuds ?") == {}
    assert "kubectl get nodes" in (await bot.slack.wait_for("chat.postMessage")).text


@pytest.mark.parametrize("text", ["get payload", "get pods -l payload=x", "get payload payload=x"])
async def test_a_command_with_the_word_payload_is_run_like_any_other(bot: Bot, text: str) -> None:
    await bot.slack.command(text)
    await bot.slack.wait_for("respond")
    assert [line for line, _, _ in bot.sandbox.ran] == [f"kubectl {text}"]


async def test_a_click_is_worked(bot: Bot) -> None:
    await bot.slack.command("scale deployment web --replicas=5", user="U0TRAINER")
    reply = await bot.slack.wait_for("respond")
    await bot.slack.click(reply.button("undo"), reply, user="U0TRAINER")
    await bot.slack.wait_for("chat.postMessage")
    assert bot.sandbox.replicas["web"] == 2


async def test_a_form_with_a_mistake_is_sent_back_with_the_field(bot: Bot) -> None:
    await bot.slack.mention("quel temps fait-il à Brest ?")
    unknown = await bot.slack.wait_for("chat.postMessage")
    await bot.slack.click(unknown.button("ask-trainer"), unknown)
    asked = await bot.slack.wait_for("chat.postMessage", 2)
    await bot.slack.click(asked.button("make-entry"), asked, user="U0TRAINER")
    form = await bot.slack.wait_for("views.update")
    answer = await bot.slack.submit(form, title="")
    assert answer["response_action"] == "errors"


async def test_an_event_that_slack_repeats_is_answered_once(bot: Bot) -> None:
    for _ in range(3):
        await bot.slack.mention("comment lister les nœuds ?", ts="7.7")
    await bot.slack.wait_for("chat.postMessage")
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1


async def test_slack_may_ask_whether_we_are_there(bot: Bot) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"})
    assert await bot.slack.post_signed(challenge, JSON) == (200, '{"challenge": "3eZbrw1a"}')
    assert await bot.slack.post_signed("ssl_check=1&token=x", FORM) == (200, "")


async def test_nothing_is_run_for_what_slack_did_not_sign_just_now(bot: Bot) -> None:
    assert (await bot.slack.post_signed(COMMAND, FORM, secret="f" * 32))[0] == 401
    assert (await bot.slack.post_signed(COMMAND, FORM, age=301))[0] == 401
    assert (await bot.slack.post_signed(COMMAND, FORM, age=-301))[0] == 401
    await bot.settled()
    assert bot.sandbox.ran == []


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [("{", JSON), ("[]", JSON), ("", JSON), ("payload={", FORM), ("payload=[]", FORM), ("%ff", JSON)],
)
async def test_what_is_no_request_gets_a_400(bot: Bot, raw: str, content_type: str) -> None:
    assert (await bot.slack.post_signed(raw, content_type))[0] == 400


async def test_a_huge_request_is_not_read(bot: Bot) -> None:
    assert (await bot.slack.post_signed("x" * 1024**2 + "x", FORM))[0] == 413
