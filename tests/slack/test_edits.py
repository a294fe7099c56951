"""A question that its author edits."""

import asyncio

from tests.slack.conftest import Bot
from tests.slack.test_requests import KNOWN, ask_privately

OTHER = "comment supprimer un déploiement ?"


async def test_an_edited_direct_message_is_answered_again_in_place(bot: Bot) -> None:
    answer = await ask_privately(bot, KNOWN)
    await bot.slack.edit(answer.params["thread_ts"], OTHER, before=KNOWN)
    again = await bot.slack.wait_for("chat.update")
    assert again.ts == answer.ts
    assert "kubectl delete" in again.text
    await bot.slack.edit(answer.params["thread_ts"], KNOWN, before=OTHER)
    assert (await bot.slack.wait_for("chat.update", 2)).ts == answer.ts
    assert len(bot.slack.called("chat.postMessage")) == 1


async def test_an_edited_mention_is_too(bot: Bot) -> None:
    await bot.slack.mention(KNOWN, ts="1.1")
    answer = await bot.slack.wait_for("chat.postMessage")
    await bot.slack.mention(OTHER, ts="1.1", edited={"user": "U0ANNA", "ts": "1.9"})
    assert (await bot.slack.wait_for("chat.update")).ts == answer.ts


async def test_an_edit_that_overtakes_its_first_answer_still_leaves_one_message(bot: Bot) -> None:
    await asyncio.gather(
        bot.slack.direct_message(KNOWN, ts="1.1"), bot.slack.edit("1.1", OTHER, before=KNOWN), return_exceptions=True
    )
    await bot.settled()
    assert len(bot.slack.called("chat.postMessage")) == 1
    assert "kubectl delete" in (await bot.slack.wait_for("chat.update")).text


async def test_an_answer_that_was_deleted_is_posted_anew(bot: Bot) -> None:
    answer = await ask_privately(bot, KNOWN)
    bot.slack.faults["chat.update"].append("message_not_found")
    await bot.slack.edit(answer.params["thread_ts"], OTHER, before=KNOWN)
    assert "kubectl delete" in (await bot.slack.wait_for("chat.postMessage", 2)).text


async def test_previews_redeliveries_and_our_own_edits_are_no_edits(bot: Bot) -> None:
    answer = await ask_privately(bot, KNOWN)
    await bot.slack.edit(answer.params["thread_ts"], KNOWN, before=KNOWN)
    await bot.slack.edit(answer.ts, "notre réponse, mise à jour", user="U0BOT")
    for _ in range(2):
        await bot.slack.mention(OTHER, channel="D0ANNA", ts="5.5", edited={"user": "U0ANNA", "ts": "5.9"})
    await bot.settled()
    assert bot.slack.called("chat.update") == []
    assert len(bot.slack.called("chat.postMessage")) == 2


async def test_a_message_edited_into_a_mention_is_answered_like_a_new_one(bot: Bot) -> None:
    await bot.slack.edit("1.1", f"<@U0BOT> {KNOWN}", channel="C0COURS", before=KNOWN)
    answer = await bot.slack.wait_for("chat.postMessage")
    assert (answer.params["channel"], answer.params["thread_ts"]) == ("C0COURS", "1.1")


async def test_an_edited_command_is_not_run_again(bot: Bot) -> None:
    await bot.slack.direct_message("k8s get pods", ts="1.1")
    await bot.slack.wait_for("chat.postMessage")
    await bot.slack.edit("1.1", "k8s scale deployment web --replicas=0", before="k8s get pods")
    await bot.slack.wait_for("chat.postMessage", 2)
    await bot.settled()
    assert [line for line, _, _ in bot.sandbox.ran] == ["kubectl get pods"]
    assert "dans un nouveau message" in bot.slack.called("chat.postMessage")[-1].text
