"""A write that is not the asker's to run: proposed to the trainers, looked at, run or declined by one of them."""

import asyncio

import pytest

from bot.errors import Unavailable
from bot.language import Text
from bot.settings import Course, Trainers
from tests.slack.conftest import COURSE, Bot, Start
from tests.slack.fake_slack import Call, FakeSlack

SCALE, LINE = "scale deployment web --replicas=5", "kubectl scale deployment web -n equipe-rouge --replicas=5"
SAID = ("chat.postMessage", "chat.postEphemeral", "chat.update")


async def refused(bot: Bot, line: str = SCALE, user: str = "U0ANNA", channel: str = "C0ROUGE") -> Call:
    count = len(bot.slack.called("respond")) + 1
    await bot.slack.command(line, user=user, channel=channel)
    return await bot.slack.wait_for("respond", count)


async def click(bot: Bot, message: Call, action: str, user: str, channel: str = "C0ROUGE") -> list[Call]:
    """Returns what was said then."""
    seen = len(bot.slack.calls)
    await bot.slack.click(message.button(action), message, user=user, channel=channel)
    await bot.settled()
    return [call for call in bot.slack.calls[seen:] if call.method in SAID]


async def propose(bot: Bot, line: str = SCALE) -> Call:
    """Returns the post in the trainers' channel."""
    [post, _] = await click(bot, await refused(bot, line), "propose", "U0ANNA")
    return post


async def review(bot: Bot, post: Call, user: str = "U0TRAINER") -> Call:
    [shown] = await click(bot, post, "review", user)
    return shown


async def test_a_refused_write_offers_to_propose_exactly_that(bot: Bot) -> None:
    reply = await refused(bot)
    assert reply.params["response_type"] == "ephemeral"
    assert reply.text.splitlines()[:3] == [f"`{LINE}`", "réservé aux formateurs", "Proposer à un formateur"]
    post, sent = await click(bot, reply, "propose", "U0ANNA")
    assert (post.method, post.params["channel"]) == ("chat.postMessage", "C0TRAINERS")
    assert f"<@U0ANNA> propose cette commande :\n```\n{LINE}\n```" in post.text
    assert (sent.method, sent.params["user"]) == ("chat.postEphemeral", "U0ANNA")
    assert "chez les formateurs, avec votre nom" in sent.text
    assert bot.slack.called("respond")[-1].params["delete_original"]
    assert bot.decided("U0ANNA") == [("refused", "for trainers only"), ("noted", "proposed to the trainers")]


async def test_a_trainer_sees_its_effect_alone_and_runs_it_and_its_author_is_told(bot: Bot) -> None:
    post = await propose(bot)
    shown = await review(bot, post)
    assert (shown.method, shown.params["user"]) == ("chat.postEphemeral", "U0TRAINER")
    assert "2 → 5 réplicas" in shown.text
    assert bot.sandbox.ran == []
    told, done = await click(bot, shown, "confirm", "U0TRAINER")
    assert (told.method, told.params["channel"]) == ("chat.postMessage", "C0ROUGE")
    assert "<@U0TRAINER> a exécuté la commande de <@U0ANNA> :" in told.text
    assert "2 → 5 réplicas" in told.text
    assert told.buttons() == []
    assert (done.method, done.ts) == ("chat.update", post.ts)
    assert "<@U0TRAINER> a exécuté la commande de <@U0ANNA> :" in done.text
    assert [button["action_id"] for button in done.buttons()] == ["undo:0"]
    [(_, person, namespace)] = bot.sandbox.ran
    assert (person.user_id, person.proposed_by, namespace) == ("U0TRAINER", "U0ANNA", "equipe-rouge")
    assert bot.decided("U0TRAINER")[-1] == ("ran", "proposed by U0ANNA")


async def test_whoever_proposed_in_a_thread_is_told_in_it(bot: Bot) -> None:
    await bot.slack.mention(f"k8s {SCALE}", channel="C0ROUGE", thread_ts="1.1")
    reply = await bot.slack.wait_for("chat.postEphemeral")
    [post, _] = await click(bot, reply, "propose", "U0ANNA")
    [told, _] = await click(bot, await review(bot, post), "confirm", "U0TRAINER")
    assert (told.params["channel"], told.params["thread_ts"]) == ("C0ROUGE", "1.1")


async def test_a_declined_proposal_is_told_and_open_to_nobody_any_more(bot: Bot) -> None:
    post = await propose(bot)
    shown = await review(bot, post)
    told, done = await click(bot, post, "decline", "U0GROUPED")
    assert told.params["channel"] == "C0ROUGE"
    assert "<@U0GROUPED> a décliné la commande de <@U0ANNA> :" in told.text
    assert (done.method, done.ts, done.buttons()) == ("chat.update", post.ts, [])
    [late] = await click(bot, shown, "confirm", "U0TRAINER")
    assert late.text == "<@U0GROUPED> a déjà traité cette proposition : je n'ai rien refait."
    assert bot.sandbox.ran == []


async def test_of_two_trainers_at_once_one_runs_it(bot: Bot) -> None:
    post = await propose(bot)
    shown = [(await review(bot, post, user), user) for user in ("U0TRAINER", "U0GROUPED")]
    await asyncio.gather(*(bot.slack.click(asked.button("confirm"), asked, user=user) for asked, user in shown))
    await bot.settled()
    assert len(bot.sandbox.ran) == 1
    assert "a déjà traité" in bot.slack.called("chat.postEphemeral")[-1].text


@pytest.mark.parametrize("action", ["review", "decline"])
async def test_only_trainers_decide(bot: Bot, action: str) -> None:
    post = await propose(bot)
    [reply] = await click(bot, post, action, "U0BORIS")
    assert "réservé aux formateurs" in reply.text
    assert bot.sandbox.ran == []
    assert await review(bot, post)


async def test_whoever_is_no_trainer_any_more_runs_nothing(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        shown = await review(bot, await propose(bot), "U0GROUPED")
    slack.user_groups["S0TRAINERS"] = []
    slack.members = {"C0COURS": ["U0GROUPED"]}
    async with start() as bot:
        [reply] = await click(bot, shown, "confirm", "U0GROUPED")
        assert "réservé aux formateurs" in reply.text
        assert bot.sandbox.ran == []


async def test_nobody_else_proposes_it(bot: Bot) -> None:
    reply = await refused(bot)
    [word] = await click(bot, reply, "propose", "U0BORIS")
    assert "Seule la personne qui a tapé la commande" in word.text


async def test_however_often_it_is_clicked_it_is_proposed_once(bot: Bot) -> None:
    reply = await refused(bot)
    await asyncio.gather(*(bot.slack.click(reply.button("propose"), reply, user="U0ANNA") for _ in range(4)))
    await bot.settled()
    assert len([call for call in bot.slack.called("chat.postMessage") if call.params["channel"] == "C0TRAINERS"]) == 1
    assert "déjà chez les formateurs" in bot.slack.called("chat.postEphemeral")[0].text


async def test_five_an_hour_and_then_a_word_with_the_time_to_wait(bot: Bot) -> None:
    for _ in range(5):
        await propose(bot)
    [word] = await click(bot, await refused(bot), "propose", "U0ANNA")
    assert "pourra partir dans 60 min" in word.text


async def test_a_proposal_is_good_for_a_day(bot: Bot) -> None:
    post = await propose(bot)
    bot.make_late()
    assert "une proposition vaut un jour" in (await review(bot, post)).text


async def test_a_proposal_outlives_a_restart(start: Start) -> None:
    async with start() as bot:
        post = await propose(bot)
    async with start() as bot:
        [told, _] = await click(bot, await review(bot, post), "confirm", "U0TRAINER")
        assert "<@U0ANNA>" in told.text


async def test_its_effect_is_looked_at_afresh_and_a_freeze_stops_it(bot: Bot) -> None:
    post = await propose(bot)
    bot.sandbox.replicas["web"] = 7
    assert "7 → 5 réplicas" in (await review(bot, post)).text
    await refused(bot, "freeze", "U0TRAINER")
    assert "Écritures gelées" in (await review(bot, post)).text


async def test_markup_in_a_command_does_nothing_among_the_trainers(bot: Bot) -> None:
    post = await propose(bot, "scale deployment &lt;!channel&gt; --replicas=5")
    assert "<!channel>" not in post.text + post.params["text"]
    assert "&lt;!channel&gt;" in post.text


async def test_when_the_trainers_channel_cannot_be_reached_that_is_told_and_another_try_is_free(bot: Bot) -> None:
    reply = await refused(bot)
    bot.slack.faults["chat.postMessage"].append("not_in_channel")
    [word] = await click(bot, reply, "propose", "U0ANNA")
    assert "rien n'a été envoyé" in word.text
    [post, _] = await click(bot, reply, "propose", "U0ANNA")
    assert LINE in post.text


async def test_a_failed_run_is_told_as_one(bot: Bot) -> None:
    shown = await review(bot, await propose(bot))
    bot.sandbox.fails = True
    told, done = await click(bot, shown, "confirm", "U0TRAINER")
    assert "elle a échoué" in told.text
    assert "elle a échoué" in done.text


async def test_a_run_that_broke_off_is_told_to_its_author_too(bot: Bot) -> None:
    post = await propose(bot)
    shown = await review(bot, post)
    bot.sandbox.breaks = Unavailable(Text("coupé, on ne sait pas", "cut, nobody knows"))
    told, left, word = await click(bot, shown, "confirm", "U0TRAINER")
    assert told.params["channel"] == "C0ROUGE"
    assert "je n'ai pas vu comment elle a fini :" in told.text
    assert "coupé, on ne sait pas" in told.text
    assert (left.method, left.ts, left.buttons()) == ("chat.update", post.ts, [])
    assert (word.method, word.text) == ("chat.postEphemeral", "coupé, on ne sait pas")


async def test_a_proposal_that_was_run_and_undone_still_says_whose_it_was(bot: Bot) -> None:
    [_, done] = await click(bot, await review(bot, await propose(bot)), "confirm", "U0TRAINER")
    told, _ = await click(bot, done, "undo", "U0TRAINER")
    assert told.params["channel"] == "C0ROUGE"
    assert "<@U0TRAINER> a annulé la commande de <@U0ANNA> :" in told.text
    left = bot.slack.called("respond")[-1]
    assert "<@U0TRAINER> a exécuté la commande de <@U0ANNA> :" in left.text
    assert "Annulée par <@U0TRAINER>." in left.text
    assert left.buttons() == []


async def test_what_is_nobodys_to_run_there_cannot_be_proposed(bot: Bot) -> None:
    assert (await refused(bot, f"{SCALE} -n kube-system")).buttons("propose") == []
    assert (await refused(bot, f"{SCALE} -n equipe-bleue")).buttons("propose") == []


async def test_without_a_trainers_channel_there_is_no_button(start: Start) -> None:
    course = Course.model_validate({**COURSE.model_dump(), "trainers": Trainers(users=("U0TRAINER",))})
    async with start(course) as bot:
        assert (await refused(bot)).buttons("propose") == []
