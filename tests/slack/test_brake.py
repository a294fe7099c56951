"""The brake: all writes stop at once, whoever asks sees who pulled it, reads go on."""

from datetime import timedelta

import pytest

from bot.slack.outcomes import age
from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import FakeSlack
from tests.slack.test_writes import SCALE, TO_ZERO, click, type_


@pytest.mark.parametrize(("freeze", "where"), [("freeze", "partout"), ("geler equipe-rouge", "dans `equipe-rouge`")])
async def test_a_freeze_stops_writes_and_says_who_froze_and_since_when(bot: Bot, freeze: str, where: str) -> None:
    told = await type_(bot, freeze)
    assert told.params["response_type"] == "in_channel"
    assert "Les écritures sont arrêtées" in told.text
    refused = await type_(bot, SCALE, "U0GROUPED")
    assert refused.params["response_type"] == "ephemeral"
    assert f"Écritures gelées {where} par <@U0TRAINER>, depuis 1 min" in refused.text
    assert bot.sandbox.ran == []
    assert "NAME" in (await type_(bot, "get pods", "U0ANNA")).text


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (timedelta(seconds=3), "1 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 j"),
    ],
)
def test_an_age_is_told_roughly(duration: timedelta, told: str) -> None:
    assert age(duration)["fr"] == told


async def test_other_namespaces_go_on(bot: Bot) -> None:
    await type_(bot, "freeze equipe-bleue")
    assert "2 → 5" in (await type_(bot, SCALE)).text
    assert "gelées" in (await type_(bot, f"{SCALE} -n equipe-bleue")).text


async def test_unfreeze_opens_writes_again(bot: Bot) -> None:
    await type_(bot, "freeze equipe-rouge")
    assert "`equipe-rouge`" in (await type_(bot, "unfreeze equipe-rouge")).text
    await type_(bot, "freeze")
    await type_(bot, "freeze equipe-rouge")
    assert "unfreeze` les rouvre tous" in (await type_(bot, "unfreeze equipe-rouge")).text
    assert "gelées" in (await type_(bot, SCALE)).text
    await type_(bot, "dégeler")
    assert "2 → 5" in (await type_(bot, SCALE)).text
    assert "Rien n'était gelé" in (await type_(bot, "unfreeze")).text


async def test_the_brake_is_for_trainers_and_namespaces_of_the_sandbox(bot: Bot) -> None:
    assert "réservé aux formateurs" in (await type_(bot, "freeze", "U0ANNA")).text
    assert "`equipe-rouge`" in (await type_(bot, "freeze kube-system")).text
    assert "2 → 5" in (await type_(bot, SCALE)).text


async def test_the_buttons_of_writes_are_stopped_too_and_work_after(bot: Bot) -> None:
    write = await type_(bot, SCALE)
    asked = await type_(bot, TO_ZERO)
    await type_(bot, "freeze")
    assert "gelées partout" in (await click(bot, write, "undo")).text
    assert "gelées partout" in (await click(bot, asked, "confirm")).text
    assert bot.sandbox.replicas["web"] == 5
    await type_(bot, "unfreeze")
    assert "5 → 2" in (await click(bot, write, "undo")).text


async def test_a_restart_does_not_release_it(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        await type_(bot, "freeze")
    async with start() as bot:
        assert "gelées" in (await type_(bot, SCALE)).text


async def test_everyones_home_shows_it(bot: Bot) -> None:
    await type_(bot, "freeze equipe-rouge")
    await bot.slack.event("app_home_opened", user="U0ANNA", tab="home")
    home = await bot.slack.wait_for("views.publish")
    assert "Écritures gelées dans `equipe-rouge` par <@U0TRAINER>" in str(home.params["view"])
    await type_(bot, "unfreeze")
    await bot.slack.event("app_home_opened", user="U0ANNA", tab="home")
    assert "gelées" not in str((await bot.slack.wait_for("views.publish", 2)).params["view"])
