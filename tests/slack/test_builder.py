"""The builder in Slack: `/k8s` alone, choices that redraw the form, and a submission that is a typed command."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.language import Lang
from bot.sandbox import Sandbox
from bot.sandbox.table import VERBS
from tests.sandbox import two_teams
from tests.sandbox.fake_api import FakeApi, json_of
from tests.sandbox.two_teams import PODS, objects
from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import Call, FakeSlack
from tests.slack.modal import Modal
from tests.slack.test_writes import click, type_

TRAINER = "U0TRAINER"
api, sandbox = two_teams.api, two_teams.sandbox


@pytest.fixture
async def bot(start: Start, sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with start(builder=sandbox.builder) as bot:
        yield bot


async def build(bot: Bot, user: str = "U0ANNA", **where: str) -> Modal:
    count = len(bot.slack.called("views.open")) + 1
    await bot.slack.command("", user=user, **where)
    return await Modal.opened(bot.slack, user, count)


async def run(bot: Bot, modal: Modal) -> Call:
    """Returns the reply to what the form came to."""
    count = len(bot.slack.called("respond")) + 1
    assert await modal.submit() == {}
    return await bot.slack.wait_for("respond", count)


async def test_the_command_alone_opens_a_form_at_once_and_fills_it(bot: Bot) -> None:
    modal = await build(bot)
    opened = bot.slack.called("views.open")[0]
    assert opened.params["trigger_id"].startswith("trigger-")
    assert "Un instant…" in str(opened.params["view"])
    asked = [call.method for call in bot.slack.calls if call.method in ("views.open", "users.info")]
    assert asked[0] == "views.open"
    assert modal.line == "kubectl get pods -n equipe-rouge"
    assert modal.offered("NAME") == ["-", "web-1", "web-2"]
    await bot.settled()
    assert bot.slack.called("respond") == []
    assert bot.decided("U0ANNA") == [("noted", "builder opened")]


async def test_each_choice_redraws_the_form_and_is_no_input(bot: Bot) -> None:
    modal = await build(bot, TRAINER)
    for key, value in (("verb", "scale"), ("--namespace", "equipe-bleue"), ("NAME", "api"), ("--replicas", "3")):
        await modal.choose(key, value)
    assert modal.line == "kubectl scale deployment/api -n equipe-bleue --replicas=3"
    assert len(bot.decided(TRAINER)) == 1


async def test_what_it_came_to_runs_as_if_it_had_been_typed_and_is_answered_there(bot: Bot) -> None:
    modal = await build(bot, TRAINER)
    await modal.choose("verb", "scale")
    await modal.choose("NAME", "web")
    modal.pick("--replicas", "5")
    reply = await run(bot, modal)
    typed = await type_(bot, "scale deployment/web -n equipe-rouge --replicas=5")
    assert bot.sandbox.ran[0] == bot.sandbox.ran[1]
    assert reply.params["response_type"] == "in_channel"
    assert reply.button("undo")
    assert [block["type"] for block in reply.params["blocks"][:2]] == [b["type"] for b in typed.params["blocks"][:2]]


async def test_a_read_is_for_its_asker_alone_and_a_destructive_write_asks_first(bot: Bot) -> None:
    modal = await build(bot, TRAINER)
    assert (await run(bot, modal)).params["response_type"] == "ephemeral"
    modal = await build(bot, TRAINER)
    await modal.choose("verb", "scale")
    modal.pick("NAME", "web")
    modal.pick("--replicas", "0")
    asked = await run(bot, modal)
    assert "2 → 0" in asked.text
    assert bot.sandbox.replicas["web"] == 2
    await click(bot, asked, "confirm")
    assert bot.sandbox.replicas["web"] == 0


@pytest.mark.parametrize(("locale", "lang"), [("fr-FR", "fr"), ("en-GB", "en")])
async def test_every_verb_of_the_table_has_a_form_within_slacks_limits(
    bot: Bot, slack: FakeSlack, locale: str, lang: Lang
) -> None:
    slack.users[TRAINER] = {"locale": locale}
    modal = await build(bot, TRAINER)
    for verb in VERBS.values():
        await modal.choose("verb", verb.name)
        assert f" {verb.name}" in modal.line
        assert all(flag.does[lang] in modal.text for flag in verb.flags if flag.built and flag.name != "namespace")


async def test_a_student_has_no_verb_of_trainers_and_cannot_smuggle_one_in(bot: Bot) -> None:
    modal = await build(bot)
    assert "scale" not in modal.offered("verb")
    modal.state["verb:"] = {"builder": {"type": "static_select", "selected_option": {"value": "scale"}}}
    answer = await modal.submit()
    assert answer["response_action"] == "update"
    assert modal.line == "kubectl get pods -n equipe-rouge"


async def test_who_submits_before_the_form_is_redrawn_gets_it_redrawn(bot: Bot) -> None:
    modal = await build(bot, TRAINER)
    modal.pick("verb", "scale")
    assert (await modal.submit())["response_action"] == "update"
    assert modal.line == "kubectl scale deployments -n equipe-rouge"
    assert bot.sandbox.ran == []


@pytest.mark.parametrize(("locale", "words"), [("fr-FR", "nombre entier"), ("en-GB", "whole number")])
async def test_a_mistake_is_shown_at_its_field_and_nothing_is_lost(
    bot: Bot, slack: FakeSlack, locale: str, words: str
) -> None:
    slack.users[TRAINER] = {"locale": locale}
    modal = await build(bot, TRAINER)
    await modal.choose("verb", "scale")
    modal.pick("NAME", "web")
    modal.pick("--replicas", "deux")
    answer = await modal.submit()
    [(block_id, text)] = answer["errors"].items()
    assert answer["response_action"] == "errors"
    assert block_id == modal.block("--replicas")["block_id"]
    assert words in text
    modal.pick("--replicas", "3")
    assert "2 → 3" in (await run(bot, modal)).text


async def test_many_names_are_searched(bot: Bot, api: FakeApi) -> None:
    api.answers[PODS.format("equipe-rouge")] = json_of(objects(*(f"web-{number}" for number in range(150))))
    modal = await build(bot)
    assert modal.block("NAME")["element"]["type"] == "external_select"
    assert await modal.search("NAME", "b-14") == ["-", "web-14", *(f"web-14{digit}" for digit in range(10))]
    await modal.choose("NAME", "web-149")
    assert modal.line == "kubectl get pod/web-149 -n equipe-rouge"
    await modal.choose("verb", "describe")
    assert modal.line == "kubectl describe pod/web-149 -n equipe-rouge"
    await modal.choose("TYPE", "services service")
    assert modal.line == "kubectl describe services -n equipe-rouge"


async def test_by_http_it_is_the_same(start: Start, sandbox: Sandbox, api: FakeApi) -> None:
    api.answers[PODS.format("equipe-rouge")] = json_of(objects(*(f"web-{number}" for number in range(150))))
    async with start(mode="http", builder=sandbox.builder) as bot:
        modal = await build(bot)
        assert await modal.search("NAME", "b-149") == ["-", "web-149"]
        modal.pick("--selector", "a=b")
        modal.pick("NAME", "web-149")
        assert list((await modal.submit())["errors"]) == [modal.block("--selector")["block_id"]]
        await modal.choose("verb", "describe")
        assert modal.line == "kubectl describe pod/web-149 -n equipe-rouge -l a=b"
        modal.pick("--selector", "")
        assert "NAME" in (await run(bot, modal)).text


async def test_a_form_that_opens_too_late_says_so_with_a_button_that_opens_it(bot: Bot) -> None:
    bot.slack.faults["views.open"].append("expired_trigger_id")
    await bot.slack.command("")
    reply = await bot.slack.wait_for("respond")
    assert "n'a pas pu s'ouvrir à temps" in reply.text
    await bot.slack.click(reply.button("build"), reply)
    assert (await Modal.opened(bot.slack)).line == "kubectl get pods -n equipe-rouge"


async def test_a_mention_alone_answers_the_help_with_a_button_whose_form_answers_in_the_thread(bot: Bot) -> None:
    await bot.slack.mention("k8s", ts="5.5", thread_ts="5.1", channel="C0ROUGE")
    help_ = await bot.slack.wait_for("chat.postEphemeral")
    await bot.slack.click(help_.button("build"), help_)
    modal = await Modal.opened(bot.slack)
    assert await modal.submit() == {}
    reply = await bot.slack.wait_for("chat.postEphemeral", 2)
    assert (reply.params["channel"], reply.params["thread_ts"]) == ("C0ROUGE", "5.1")


async def test_the_home_has_it_and_it_answers_in_the_direct_messages(bot: Bot) -> None:
    await bot.slack.event("app_home_opened", user="U0ANNA", tab="home")
    home = await bot.slack.wait_for("views.publish")
    await bot.slack.click(home.button("build"), home)
    modal = await Modal.opened(bot.slack)
    assert await modal.submit() == {}
    assert (await bot.slack.wait_for("chat.postMessage")).params["channel"] == "U0ANNA"


async def test_before_the_cluster_is_ready_the_form_says_so(
    start: Start,
    slack: FakeSlack,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    preparing = tmp_path / "preparing.json"
    preparing.write_text(json.dumps({"step": {"fr": "le cluster démarre", "en": "…"}, "seconds": 10}))
    async with start(preparing=preparing, builder=sandbox.builder) as bot:
        modal = await build(bot)
        assert "le cluster démarre" in modal.text
        assert "submit" not in modal.view
        preparing.unlink()
        assert (await build(bot)).line == "kubectl get pods -n equipe-rouge"


async def test_where_commands_do_not_belong_and_for_strangers_the_form_says_so(bot: Bot) -> None:
    assert "<#C0ROUGE>" in (await build(bot, channel="C0CANTINE")).text
    assert "réservé aux membres" in (await build(bot, "U0NOBODY")).text


async def test_a_submission_that_cannot_be_kept_is_told_at_a_field_and_can_be_sent_again(bot: Bot) -> None:
    modal = await build(bot)
    await bot.settled()
    with bot.locked_database():
        answer = await modal.submit()
    assert "rien n'a été fait" in str(answer["errors"])
    assert bot.sandbox.ran == []
    assert "NAME" in (await run(bot, modal)).text


async def test_a_submission_that_comes_twice_runs_once(bot: Bot) -> None:
    modal = await build(bot)
    await run(bot, modal)
    assert await modal.submit() == {}
    await bot.settled()
    assert len(bot.sandbox.ran) == 1


async def test_the_urls_of_replies_are_forgotten_and_each_form_is_its_own_command(bot: Bot) -> None:
    for count in (1, 2):
        await run(bot, await build(bot))
        assert len(bot.sandbox.ran) == count
