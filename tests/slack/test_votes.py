"""What people think of an answer."""

from datetime import UTC, datetime

import pytest

from tests.slack.conftest import Bot
from tests.slack.test_requests import KNOWN, UNKNOWN, ask

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


async def test_a_vote_is_thanked_to_its_voter_alone_and_can_be_changed(bot: Bot) -> None:
    answer = await ask(bot, KNOWN)
    words = []
    for count, action in enumerate(("useful", "not-useful", "not-useful"), start=1):
        await bot.slack.click(answer.button(action), answer, user="U0BORIS")
        thanks = await bot.slack.wait_for("chat.postEphemeral", count)
        assert thanks.params["user"] == "U0BORIS"
        words.append(thanks.text.partition(".")[0])
    assert words == ["Merci, c'est noté", "C'est changé, merci", "C'était déjà noté, merci"]


async def test_each_persons_vote_counts_once(bot: Bot) -> None:
    answer = await ask(bot, KNOWN)
    for user in ("U0ANNA", "U0BORIS", "U0BORIS"):
        await bot.slack.click(answer.button("not-useful"), answer, user=user)
    await bot.settled()
    [question] = await bot.journal.votes.unsolved(since=EPOCH, limit=10)
    assert question.not_useful == 2


async def test_a_vote_on_a_shown_entry_counts_for_the_question_of_its_thread(bot: Bot) -> None:
    answer = await ask(bot, KNOWN)
    await bot.slack.click(answer.buttons("show-entry")[0], answer)
    shown = await bot.slack.wait_for("chat.postMessage", 2)
    await bot.slack.click(shown.button("not-useful"), shown)
    await bot.settled()
    [question] = await bot.journal.votes.unsolved(since=EPOCH, limit=10)
    assert question.text == KNOWN


@pytest.mark.parametrize("question", [UNKNOWN, "bonjour !", ""])
async def test_there_is_nothing_to_vote_on_without_an_answer(bot: Bot, question: str) -> None:
    assert (await ask(bot, question)).buttons("useful") == []
