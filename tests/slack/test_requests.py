"""A question put to the trainers."""

import asyncio

import pytest

from bot.journal import Input
from bot.settings import Course, Trainers
from tests.slack.conftest import COURSE, Bot, Start
from tests.slack.fake_slack import Call, FakeSlack

KNOWN, UNKNOWN = "comment lister les nœuds ?", "à quelle heure est l'examen ?"


async def ask(bot: Bot, question: str = UNKNOWN, user: str = "U0ANNA", **event: str) -> Call:
    """Asks in the course's channel; returns the bot's answer."""
    count = len(bot.slack.called("chat.postMessage")) + 1
    await bot.slack.mention(question, user=user, **event)
    return await bot.slack.wait_for("chat.postMessage", count)


async def ask_privately(bot: Bot, question: str = UNKNOWN) -> Call:
    count = len(bot.slack.called("chat.postMessage")) + 1
    await bot.slack.direct_message(question)
    return await bot.slack.wait_for("chat.postMessage", count)


def posts(slack: FakeSlack) -> list[Call]:
    return [call for call in slack.called("chat.postMessage") if call.params["channel"] == "C0TRAINERS"]


@pytest.mark.parametrize("question", [KNOWN, UNKNOWN])
async def test_a_question_goes_to_the_trainers_with_a_link_and_its_thread_is_told(bot: Bot, question: str) -> None:
    answer = await ask(bot, question, ts="1.1")
    await bot.slack.click(answer.button("ask-trainer"), answer)
    post = await bot.slack.wait_for("chat.postMessage", 2)
    assert post.params["channel"] == "C0TRAINERS"
    assert question in post.text
    assert "<@U0ANNA>" in post.text
    assert "<https://cours.slack.example/C0COURS/1.1|Ouvrir le fil>" in post.text
    assert post.button("make-entry")
    told = await bot.slack.wait_for("chat.postMessage", 3)
    assert (told.params["channel"], told.params["thread_ts"]) == ("C0COURS", "1.1")
    assert "a transmis cette question aux formateurs" in told.text


async def test_a_shown_entry_hands_on_the_question_of_its_thread(bot: Bot) -> None:
    answer = await ask(bot, KNOWN, ts="1.1")
    await bot.slack.click(answer.buttons("show-entry")[0], answer)
    shown = await bot.slack.wait_for("chat.postMessage", 2)
    await bot.slack.click(shown.button("ask-trainer"), shown)
    assert KNOWN in (await bot.slack.wait_for("chat.postMessage", 3)).text


async def test_however_many_people_tap_a_question_is_put_once(bot: Bot) -> None:
    answer = await ask(bot)
    taps = [(user, f"{user}-{n}") for n in range(3) for user in ("U0ANNA", "U0BORIS")]
    button = answer.button("ask-trainer")
    await asyncio.gather(*(bot.slack.click(button, answer, user=user, trigger_id=id_) for user, id_ in taps))
    await bot.settled()
    assert len(posts(bot.slack)) == 1
    assert len(bot.slack.called("chat.postEphemeral")) == 5
    assert "déjà chez les formateurs" in bot.slack.called("chat.postEphemeral")[0].text


async def test_five_an_hour_and_then_a_word_with_the_time_to_wait(bot: Bot) -> None:
    for _ in range(6):
        answer = await ask(bot)
        await bot.slack.click(answer.button("ask-trainer"), answer)
        await bot.settled()
    assert len(posts(bot.slack)) == 5
    assert "pourra partir dans 60 min" in (await bot.slack.wait_for("chat.postEphemeral")).text
    answer = await ask(bot, user="U0BORIS")
    await bot.slack.click(answer.button("ask-trainer"), answer, user="U0BORIS")
    await bot.settled()
    assert len(posts(bot.slack)) == 6


async def test_from_a_direct_message_only_what_was_shown_is_sent_and_only_once_agreed(bot: Bot) -> None:
    answer = await ask_privately(bot)
    await bot.slack.click(answer.button("ask-trainer"), answer)
    consent = await bot.slack.wait_for("chat.postMessage", 2)
    assert consent.params["channel"] == "D0ANNA"
    assert posts(bot.slack) == []
    await bot.slack.click(consent.button("send-to-trainers"), consent)
    post = await bot.slack.wait_for("chat.postMessage", 3)
    shown, sent = consent.params["blocks"][2:-2], post.params["blocks"]
    assert shown == sent[:-1]
    assert sent[-1]["type"] == "actions"
    assert "https://" not in post.text
    told = await bot.slack.wait_for("chat.update")
    assert told.ts == consent.ts
    assert "envoyé aux formateurs" in told.text
    assert told.buttons() == []


async def test_whoever_does_not_agree_sends_nothing(bot: Bot) -> None:
    answer = await ask_privately(bot)
    await bot.slack.click(answer.button("ask-trainer"), answer)
    consent = await bot.slack.wait_for("chat.postMessage", 2)
    await bot.slack.click(consent.button("send-nothing"), consent)
    assert "Rien n'a été envoyé" in (await bot.slack.wait_for("chat.update")).text
    assert posts(bot.slack) == []


async def test_markup_in_a_question_does_nothing_among_the_trainers(bot: Bot) -> None:
    answer = await ask(bot, "<!channel> *xyzzy* &lt;!here&gt; <https://evil.example|plugh> <@U0BORIS>")
    await bot.slack.click(answer.button("ask-trainer"), answer)
    post = await bot.slack.wait_for("chat.postMessage", 2)
    heading, quoted = post.params["blocks"][:2]
    assert quoted["text"]["type"] == "plain_text"
    assert "<!" not in heading["text"]["text"] + post.params["text"]
    assert "evil" not in post.text


async def test_a_very_long_question_is_cut(bot: Bot) -> None:
    answer = await ask(bot, "xyzzy " * 6000)
    await bot.slack.click(answer.button("ask-trainer"), answer)
    post = await bot.slack.wait_for("chat.postMessage", 2)
    assert all(len(block["text"]["text"]) <= 3000 for block in post.params["blocks"] if block["type"] == "section")


async def test_when_the_trainers_channel_cannot_be_reached_that_is_told_and_another_try_is_free(bot: Bot) -> None:
    answer = await ask(bot)
    bot.slack.faults["chat.postMessage"].append("not_in_channel")
    await bot.slack.click(answer.button("ask-trainer"), answer)
    assert "rien n'a été envoyé" in (await bot.slack.wait_for("chat.postEphemeral")).text
    await bot.slack.click(answer.button("ask-trainer"), answer)
    await bot.slack.wait_for("chat.postMessage", 2)
    assert len(posts(bot.slack)) == 1


async def test_without_a_permalink_the_question_goes_all_the_same(bot: Bot) -> None:
    answer = await ask(bot)
    bot.slack.faults["chat.getPermalink"].append("message_not_found")
    await bot.slack.click(answer.button("ask-trainer"), answer)
    assert UNKNOWN in (await bot.slack.wait_for("chat.postMessage", 2)).text


async def test_a_click_that_names_a_question_of_another_channel_is_refused(bot: Bot) -> None:
    private = await ask_privately(bot)
    public = await ask(bot)
    await bot.slack.click(private.button("ask-trainer"), public, user="U0BORIS")
    assert "ne retrouve plus cette question" in (await bot.slack.wait_for("chat.postEphemeral")).text


async def test_a_request_that_a_kill_interrupted_before_its_post_is_posted_by_the_next_start(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        answer = await ask(bot)
        value = answer.button("ask-trainer")["value"]
        click = Input("click:1", "click", "U0ANNA", "C0COURS", "1.1", f"ask-trainer {value}", {}, "1.2")
        pending = await bot.journal.accept(click)
        assert pending
        await bot.journal.requests.claim(int(value), pending.id, "U0ANNA")
    async with start() as bot:
        await bot.settled()
        assert len(posts(slack)) == 1


async def test_a_request_that_a_kill_interrupted_after_its_post_is_not_posted_again(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        answer = await ask(bot)
        value = answer.button("ask-trainer")["value"]
        click = Input("click:1", "click", "U0ANNA", "C0COURS", "1.1", f"ask-trainer {value}", {}, "1.2")
        pending = await bot.journal.accept(click)
        assert pending
        await bot.journal.requests.claim(int(value), pending.id, "U0ANNA")
        await bot.journal.requests.posted(int(value), "9.9")
    async with start() as bot:
        await bot.settled()
        assert posts(slack) == []
        assert "a transmis cette question" in slack.called("chat.postMessage")[-1].text


async def test_without_a_trainers_channel_there_is_no_button(start: Start, slack: FakeSlack) -> None:
    course = Course.model_validate({**COURSE.model_dump(), "trainers": Trainers(users=("U0TRAINER",))})
    async with start(course) as bot:
        assert (await ask(bot)).buttons("ask-trainer") == []


async def test_a_greeting_needs_no_trainer(bot: Bot) -> None:
    assert (await ask(bot, "bonjour !")).buttons("ask-trainer") == []


async def test_a_click_that_cannot_be_kept_is_told(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        answer = await ask(bot)
        with bot.locked_database():
            await slack.click(answer.button("ask-trainer"), answer)
        assert "rien n'a été fait" in (await slack.wait_for("chat.postEphemeral")).text
        assert posts(slack) == []
