"""`/k8s history`: the day's writes, who made them, and what still takes them back; for trainers."""

import sqlite3
from contextlib import closing

import pytest

from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import Call, FakeSlack
from tests.slack.test_proposals import click as confirm
from tests.slack.test_proposals import propose, review
from tests.slack.test_writes import SCALE, TO_ZERO, click, type_


def rows(reply: Call) -> list[str]:
    blocks = reply.params["blocks"]
    return [block["text"]["text"] for block in blocks[1:] if block["type"] == "section"]


def with_undo(reply: Call) -> list[bool]:
    return ["accessory" in block for block in reply.params["blocks"][1:] if block["type"] == "section"]


async def test_the_days_writes_are_told_newest_first_to_the_asker_alone(bot: Bot) -> None:
    await type_(bot, SCALE)
    await type_(bot, "get pods")
    await type_(bot, "scale deployment api --replicas=3 -n equipe-bleue", "U0GROUPED")
    reply = await type_(bot, "history")
    assert reply.params["response_type"] == "ephemeral"
    api, web = rows(reply)
    assert "<@U0GROUPED> `kubectl scale deployment api -n equipe-bleue --replicas=3`" in api
    assert "`deployment.apps/api` : 2 → 3 réplicas\nfait" in api
    assert "<@U0TRAINER> `kubectl scale deployment web -n equipe-rouge --replicas=5`" in web
    assert "2 sur 2" in reply.text


async def test_a_students_question_about_it_is_refused(bot: Bot) -> None:
    await type_(bot, SCALE)
    reply = await type_(bot, "historique", "U0ANNA")
    assert "`history` est réservé aux formateurs" in reply.text
    assert "U0TRAINER" not in reply.text


async def test_its_button_takes_a_write_back_once_and_is_there_only_as_long_as_that_holds(bot: Bot) -> None:
    await type_(bot, SCALE)
    await type_(bot, "scale deployment api --replicas=3")
    bot.sandbox.replicas["api"] = 7
    reply = await type_(bot, "history")
    assert with_undo(reply) == [False, True]
    undone = await click(bot, reply, "undo")
    assert "5 → 2" in undone.text
    assert undone.method == "chat.postMessage"
    again = await type_(bot, "history")
    assert with_undo(again) == [False, False, False]
    assert "`deployment.apps/web` : 5 → 2 réplicas\nfait" in rows(again)[0]
    assert rows(again)[2].endswith("fait · annulé par <@U0TRAINER>")
    assert "déjà annulé, par <@U0TRAINER>" in (await click(bot, reply, "undo")).text


async def test_the_button_of_a_write_that_was_undone_in_the_list_says_so_and_goes(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    await click(bot, await type_(bot, "history", "U0GROUPED"), "undo", "U0GROUPED")
    shown = len(bot.slack.called("respond"))
    assert "déjà annulé, par <@U0GROUPED>" in (await click(bot, write, "undo")).text
    left = bot.slack.called("respond")[shown]
    assert left.params["replace_original"]
    assert left.text.endswith("Annulée par <@U0GROUPED>.")
    assert left.buttons() == []


async def test_a_list_stays_as_it_is_where_its_button_was_used_before(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    reply = await type_(bot, "history")
    await click(bot, write, "undo")
    shown = len(bot.slack.called("respond"))
    assert "déjà annulé" in (await click(bot, reply, "undo")).text
    assert len(bot.slack.called("respond")) == shown


async def test_a_write_whose_message_is_known_is_mended_by_the_list(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    write = await click(bot, asked, "confirm")
    await click(bot, await type_(bot, "history"), "undo")
    [mended] = bot.slack.called("chat.update")
    assert mended.params["ts"] == write.ts
    assert mended.text.endswith("Annulée par <@U0TRAINER>.")
    assert mended.buttons() == []


async def test_a_late_undo_and_a_frozen_namespace_have_no_button(bot: Bot) -> None:
    await type_(bot, SCALE)
    await type_(bot, "freeze")
    reply = await type_(bot, "history")
    assert with_undo(reply) == [False, False]
    assert "`/k8s freeze`" in rows(reply)[0]
    await type_(bot, "unfreeze")
    bot.make_late()
    assert not any(with_undo(await type_(bot, "history")))


async def test_what_was_agreed_to_is_told_once_and_what_was_only_asked_not_at_all(bot: Bot) -> None:
    asked = await type_(bot, TO_ZERO)
    assert rows(await type_(bot, "history")) == []
    await click(bot, asked, "confirm")
    [row] = rows(await type_(bot, "history"))
    assert "2 → 0 réplicas\nfait" in row


async def test_refusals_and_failures_are_told_as_such(bot: Bot) -> None:
    await type_(bot, "freeze equipe-rouge")
    await type_(bot, SCALE)
    refused, _ = rows(await type_(bot, "history"))
    assert refused.endswith("\nrefusé")


@pytest.mark.parametrize(
    ("about", "shown"),
    [("equipe-bleue", 1), ("web", 1), ("deployment/web", 1), ("deploy/api", 1), ("equipe", 0), ("", 2)],
)
async def test_it_is_about_a_namespace_or_an_object(bot: Bot, about: str, shown: int) -> None:
    await type_(bot, "scale deployment/web --replicas=5")
    await type_(bot, "scale deployment api --replicas=3 -n equipe-bleue")
    assert len(rows(await type_(bot, f"history {about}"))) == shown


async def test_of_many_the_newest_are_shown_with_their_count(bot: Bot) -> None:
    for replicas in range(3, 21):
        await type_(bot, f"scale deployment web --replicas={replicas}")
    reply = await type_(bot, "history")
    assert len(rows(reply)) == 15
    assert "19 → 20" in rows(reply)[0]
    assert "15 sur 18" in reply.text
    assert with_undo(reply) == [True] + [False] * 14


async def test_yesterday_is_another_day(bot: Bot) -> None:
    await type_(bot, SCALE)
    with closing(sqlite3.connect(bot.database)) as other:
        other.execute("UPDATE inputs SET accepted_at = datetime('now', '-2 days')")
        other.commit()
    assert "Rien n'a été écrit aujourd'hui" in (await type_(bot, "history")).text


async def test_it_speaks_the_askers_language_and_time(start: Start, slack: FakeSlack) -> None:
    slack.users["U0TRAINER"] = {"locale": "en-GB", "tz": "Pacific/Kiritimati"}
    slack.users["U0GROUPED"] = {"tz": "nowhere"}
    async with start() as bot:
        await type_(bot, SCALE)
        english, french = await type_(bot, "history"), await type_(bot, "history", "U0GROUPED")
        assert "Today's writes" in english.text
        assert "done" in english.text
        assert rows(english)[0][1:4] != rows(french)[0][1:4]


async def test_whose_wish_a_write_was_is_told(bot: Bot) -> None:
    shown = await review(bot, await propose(bot))
    await confirm(bot, shown, "confirm", "U0TRAINER")
    done, tried = rows(await type_(bot, "history"))
    assert "<@U0TRAINER> `kubectl scale" in done
    assert done.endswith("fait · proposé par <@U0ANNA>")
    assert "<@U0ANNA> `kubectl scale" in tried
    assert tried.endswith("\nrefusé")
