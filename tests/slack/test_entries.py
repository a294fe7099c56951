"""A trainer's answer made an entry."""

import asyncio

import pytest

from bot.journal import Input
from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import Call, FakeSlack
from tests.slack.test_requests import ask, ask_privately

QUESTION = "comment brancher mon xyzzy sur le plugh ?"
FIELDS = {
    "title": "Brancher un xyzzy",
    "answer": "Un xyzzy se branche sur le plugh, jamais l'inverse.",
    "commands": "kubectl get plughs # montre les plughs",
}


async def put(bot: Bot, question: str = QUESTION) -> Call:
    """Asks and taps; returns the post in the trainers' channel."""
    answer = await ask(bot, question, ts="1.1")
    await bot.slack.click(answer.button("ask-trainer"), answer)
    await bot.slack.wait_for("chat.postMessage", 3)
    return bot.slack.called("chat.postMessage")[1]


async def open_form(bot: Bot, post: Call, user: str = "U0TRAINER") -> Call:
    count = len(bot.slack.called("views.update")) + 1
    await bot.slack.click(post.button("make-entry"), post, user=user)
    return await bot.slack.wait_for("views.update", count)


def prefilled(form: Call) -> dict[str, str]:
    blocks = [block for block in form.params["view"]["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value", "") for block in blocks}


async def test_what_a_trainer_answered_is_live_for_the_next_asker_and_the_first_one_is_told(bot: Bot) -> None:
    form = await open_form(bot, await put(bot))
    assert await bot.slack.submit(form, **FIELDS) == {}
    told = await bot.slack.wait_for("chat.postMessage", 4)
    assert (told.params["channel"], told.params["thread_ts"]) == ("C0COURS", "1.1")
    assert told.text.startswith("<@U0ANNA>, un formateur a répondu")
    assert "```\nkubectl get plughs\n```" in told.text
    noted = await bot.slack.wait_for("chat.postMessage", 5)
    assert noted.params["channel"] == "C0TRAINERS"
    assert "en ligne dès maintenant" in noted.text
    await bot.slack.mention("brancher xyzzy plugh", user="U0BORIS")
    found = await bot.slack.wait_for("chat.postMessage", 6)
    assert "jamais l'inverse" in found.text
    assert "Réponses des formateurs" in found.text


async def test_the_form_has_the_question_and_what_trainers_wrote_below_it_and_nothing_else(bot: Bot) -> None:
    post = await put(bot)
    bot.slack.threads["C0COURS", "1.1"] = [
        {"ts": "1.0", "user": "U0TRAINER", "text": "avant la question"},
        {"ts": "1.1", "user": "U0ANNA", "text": QUESTION},
        {"ts": "1.2", "user": "U0BOT", "bot_id": "B0BOT", "text": "je ne sais pas"},
        {"ts": "1.3", "user": "U0BORIS", "text": "avec de la colle ?"},
        {"ts": "1.4", "user": "U0TRAINER", "text": "Non&#44; voyez <https://k8s.io|la doc> &amp; <@U0ANNA> &lt;3"},
        {"ts": "1.5", "user": "U0TRAINER", "text": "<@U0BOT> comment lister les nœuds ?"},
        {"ts": "1.6", "user": "U0GROUPED", "text": "Et dans l'autre sens."},
        {"ts": "1.7", "user": "U0TRAINER", "subtype": "channel_join", "text": "est là"},
    ]
    fields = prefilled(await open_form(bot, post))
    assert fields["wordings"] == QUESTION
    assert fields["answer"] == "Non, voyez la doc &   <3\n\nEt dans l'autre sens."
    assert fields["title"] == fields["commands"] == ""


async def test_a_private_questions_answer_is_read_below_its_post_and_told_in_private(bot: Bot) -> None:
    answer = await ask_privately(bot, QUESTION)
    await bot.slack.click(answer.button("ask-trainer"), answer)
    consent = await bot.slack.wait_for("chat.postMessage", 2)
    await bot.slack.click(consent.button("send-to-trainers"), consent)
    post = await bot.slack.wait_for("chat.postMessage", 3)
    bot.slack.threads["C0TRAINERS", post.ts] = [{"ts": f"{post.ts}1", "user": "U0TRAINER", "text": "Avec de la colle."}]
    form = await open_form(bot, post)
    assert prefilled(form)["answer"] == "Avec de la colle."
    await bot.slack.submit(form, title="Brancher un xyzzy")
    told = await bot.slack.wait_for("chat.postMessage", 4)
    assert told.params["channel"] == "D0ANNA"
    assert "Avec de la colle." in told.text
    assert [c.params["channel"] for c in bot.slack.called("conversations.replies")] == ["C0TRAINERS"]


async def test_without_the_scope_for_threads_the_trainer_types_the_answer(bot: Bot) -> None:
    post = await put(bot)
    bot.slack.faults["conversations.replies"].extend(["missing_scope", "missing_scope"])
    assert prefilled(await open_form(bot, post))["answer"] == ""


@pytest.mark.parametrize(
    ("typed", "field", "word"),
    [
        ({"title": "  "}, "title", "À remplir"),
        ({"wordings": "\n \n"}, "wordings", "À remplir"),
        ({"answer": " "}, "answer", "À remplir"),
        ({"answer": "&" * 1000}, "answer", "Trop long de 2000"),
        ({"wordings": "\n".join(f"q{n}" for n in range(21))}, "wordings", "20 lignes"),
        ({"commands": "\n".join(f"k get {n} # x" for n in range(11))}, "commands", "10 lignes"),
        ({"commands": "kubectl get pods # les pods\nkubectl get nodes"}, "commands", "Ligne 2"),
        ({"commands": "# un commentaire seul"}, "commands", "Ligne 1"),
    ],
)
async def test_a_wrong_field_is_told_at_the_field_and_nothing_is_saved(
    bot: Bot, typed: dict[str, str], field: str, word: str
) -> None:
    form = await open_form(bot, await put(bot))
    ack = await bot.slack.submit(form, **{**FIELDS, **typed})
    assert ack["response_action"] == "errors"
    assert list(ack["errors"]) == [field]
    assert word in ack["errors"][field]
    assert await bot.journal.entries.all() == ()


async def test_students_are_refused_in_the_form_and_their_submissions_too(bot: Bot) -> None:
    post = await put(bot)
    refusal = await open_form(bot, post, user="U0ANNA")
    assert "réservé aux formateurs" in refusal.params["view"]["blocks"][0]["text"]["text"]
    form = await open_form(bot, post)
    await bot.slack.submit(form, user="U0ANNA", **FIELDS)
    refused = await bot.slack.wait_for("chat.postMessage", 4)
    assert refused.params["channel"] == "U0ANNA"
    assert "réservé aux formateurs" in refused.text
    assert await bot.journal.entries.all() == ()


async def test_the_role_is_looked_up_at_the_click_and_not_remembered_from_the_form(
    start: Start, slack: FakeSlack
) -> None:
    async with start() as bot:
        form = await open_form(bot, await put(bot), user="U0GROUPED")
    slack.user_groups["S0TRAINERS"] = []
    async with start() as bot:
        await slack.submit(form, user="U0GROUPED", **FIELDS)
        assert "réservé aux formateurs" in (await slack.wait_for("chat.postMessage", 4)).text


async def test_the_second_of_two_trainers_sees_the_firsts_entry_and_keeps_what_they_typed(bot: Bot) -> None:
    post = await put(bot)
    first, second = await open_form(bot, post), await open_form(bot, post, user="U0GROUPED")
    await bot.slack.submit(first, **FIELDS)
    await bot.slack.wait_for("chat.postMessage", 5)
    ack = await bot.slack.submit(second, user="U0GROUPED", **FIELDS | {"answer": "À l'envers."})
    assert ack["response_action"] == "update"
    shown = Call("views.update", {"view": ack["view"], "view_id": second.params["view_id"]})
    assert "<@U0TRAINER> vient d'enregistrer" in ack["view"]["blocks"][0]["text"]["text"]
    assert "jamais l'inverse" in ack["view"]["blocks"][1]["text"]["text"]
    assert prefilled(shown)["answer"] == "À l'envers."
    await bot.slack.submit(shown, user="U0GROUPED")
    await bot.slack.wait_for("chat.postMessage", 6)
    [entry] = await bot.journal.entries.all()
    assert (entry.answer, entry.author, entry.revision) == ("À l'envers.", "U0GROUPED", 2)


async def test_two_forms_at_the_same_moment_save_one_entry_and_the_other_trainer_is_told(bot: Bot) -> None:
    post = await put(bot)
    first, second = await open_form(bot, post), await open_form(bot, post, user="U0GROUPED")
    acks = await asyncio.gather(bot.slack.submit(first, **FIELDS), bot.slack.submit(second, user="U0GROUPED", **FIELDS))
    await bot.settled()
    [entry] = await bot.journal.entries.all()
    assert entry.revision == 1
    refused = [call for call in bot.slack.called("chat.postMessage") if "juste avant vous" in call.text]
    assert len(refused) + sum(ack.get("response_action") == "update" for ack in acks) == 1


async def test_an_entry_can_be_opened_again_and_corrected_without_telling_the_asker_twice(bot: Bot) -> None:
    post = await put(bot)
    await bot.slack.submit(await open_form(bot, post), **FIELDS)
    await bot.slack.wait_for("chat.postMessage", 5)
    again = await open_form(bot, post)
    assert prefilled(again)["commands"] == FIELDS["commands"]
    assert "déjà en ligne" in again.params["view"]["blocks"][0]["elements"][0]["text"]
    await bot.slack.submit(again, answer="Corrigé : sur le plugh.")
    await bot.slack.wait_for("chat.postMessage", 6)
    await bot.settled()
    assert sum("a répondu" in call.text for call in bot.slack.called("chat.postMessage")) == 1
    await bot.slack.mention(QUESTION, user="U0BORIS")
    assert "Corrigé" in (await bot.slack.wait_for("chat.postMessage", 7)).text


async def test_markup_in_an_entry_does_nothing(bot: Bot) -> None:
    form = await open_form(bot, await put(bot))
    hostile = "<!channel> <https://evil.example|x>"
    await bot.slack.submit(form, title=hostile, answer=hostile, commands=f"echo ``` {hostile} # {hostile}")
    for count in (4, 5):
        told = await bot.slack.wait_for("chat.postMessage", count)
        assert "<!" not in told.text + told.params["text"]
        assert "<https" not in told.text


async def test_a_click_whose_form_cannot_open_in_time_says_to_click_again(bot: Bot) -> None:
    post = await put(bot)
    bot.slack.faults["views.open"].append("expired_trigger_id")
    await bot.slack.click(post.button("make-entry"), post, user="U0TRAINER")
    assert "Cliquez de nouveau" in (await bot.slack.wait_for("chat.postEphemeral")).text


async def test_an_asker_who_cannot_be_told_is_a_word_to_the_trainers(bot: Bot) -> None:
    form = await open_form(bot, await put(bot))
    bot.slack.faults["chat.postMessage"].append("is_archived")
    await bot.slack.submit(form, **FIELDS)
    noted = await bot.slack.wait_for("chat.postMessage", 4)
    assert noted.params["channel"] == "C0TRAINERS"
    assert "pas pu prévenir" in noted.text


async def test_a_form_that_a_kill_interrupted_is_saved_once_by_the_next_start(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        form = await open_form(bot, await put(bot))
        await slack.submit(form, **FIELDS)
        await bot.settled()
        [saved] = await bot.journal.entries.all()
        row = f'save-entry {{"about": {{"question": {saved.question_id}, "revision": 1}}, "fields": {FIELDS_JSON}}}'
        pending = await bot.journal.accept(Input("view:x", "view", "U0TRAINER", "U0TRAINER", None, row, {}))
        assert pending
        await bot.journal.entries.save(saved, pending.id)
    async with start() as bot:
        await bot.settled()
        [entry] = await bot.journal.entries.all()
        assert entry.revision == 2
        assert not any("juste avant vous" in call.text for call in slack.called("chat.postMessage"))


async def test_a_form_that_cannot_be_kept_stays_open_and_says_so(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        form = await open_form(bot, await put(bot))
        with bot.locked_database():
            ack = await slack.submit(form, **FIELDS)
        assert ack["response_action"] == "errors"
        assert "rien n'a été fait" in "".join(ack["errors"].values())


FIELDS_JSON = '{"title": "T", "wordings": "w", "answer": "a", "commands": ""}'
