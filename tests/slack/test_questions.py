import pytest

from bot.settings import Course
from tests.slack.conftest import COURSE, Bot, Start
from tests.slack.fake_slack import FakeSlack


async def test_a_mention_is_answered_in_the_thread_of_the_question_with_commands_and_source(bot: Bot) -> None:
    await bot.slack.mention("comment lister les nœuds ?", ts="1.1")
    reply = await bot.slack.wait_for("chat.postMessage")
    assert reply.params["channel"] == "C0COURS"
    assert reply.params["thread_ts"] == "1.1"
    assert "```\nkubectl get nodes\n```" in reply.text
    assert "Source" in reply.text


async def test_a_mention_inside_a_thread_is_answered_in_that_thread(bot: Bot) -> None:
    await bot.slack.mention("comment lister les nœuds ?", ts="2.1", thread_ts="1.1")
    assert (await bot.slack.wait_for("chat.postMessage")).params["thread_ts"] == "1.1"


async def test_a_direct_message_needs_no_mention(bot: Bot) -> None:
    await bot.slack.direct_message("how do I list the nodes?")
    reply = await bot.slack.wait_for("chat.postMessage")
    assert reply.params["channel"] == "D0ANNA"
    assert "kubectl get nodes" in reply.text


@pytest.mark.parametrize(
    ("question", "heading"), [("comment lister les nœuds ?", "Source : "), ("how do I list the nodes?", "Source: ")]
)
async def test_the_answer_is_in_the_language_of_the_question(bot: Bot, question: str, heading: str) -> None:
    await bot.slack.mention(question)
    assert heading in (await bot.slack.wait_for("chat.postMessage")).text


async def test_an_unknown_question_is_told_so_with_the_nearest_entries(bot: Bot) -> None:
    await bot.slack.mention("comment brancher mon imprimante sur le cluster ?")
    reply = await bot.slack.wait_for("chat.postMessage")
    assert "Le cours ne répond pas à cette question" in reply.text
    assert 0 < len(reply.buttons("show-entry")) <= 3


async def test_a_related_entry_is_a_button_that_answers_in_the_same_thread(bot: Bot) -> None:
    await bot.slack.mention("comment lister les nœuds ?", ts="1.1")
    reply = await bot.slack.wait_for("chat.postMessage")
    button = reply.buttons("show-entry")[0]
    await bot.slack.click(button, reply)
    shown = await bot.slack.wait_for("chat.postMessage", count=2)
    assert shown.params["thread_ts"] == "1.1"
    assert button["text"]["text"] in shown.text


async def test_a_message_with_only_a_screenshot_is_asked_for_its_text(bot: Bot) -> None:
    await bot.slack.direct_message("", subtype="file_share", files=[{"id": "F1"}])
    assert "Je ne lis pas les images" in (await bot.slack.wait_for("chat.postMessage")).text


async def test_an_empty_mention_is_told_what_can_be_asked(bot: Bot) -> None:
    await bot.slack.mention("")
    assert "Posez-moi une question" in (await bot.slack.wait_for("chat.postMessage")).text


async def test_markup_in_a_question_does_nothing_in_the_answer(bot: Bot) -> None:
    await bot.slack.mention("<!channel> *xyzzy* `` ``` &lt;!here&gt; <https://evil.example|plugh>")
    reply = await bot.slack.wait_for("chat.postMessage")
    assert "<!" not in reply.text
    assert "evil" not in reply.text


async def test_messages_that_do_not_address_the_bot_are_acknowledged_and_neither_kept_nor_answered(bot: Bot) -> None:
    await bot.slack.event("message", text="on mange où ?", user="U0ANNA", channel="C0COURS", channel_type="channel")
    await bot.slack.event("message", subtype="message_deleted", channel="D0ANNA", channel_type="im")
    await bot.slack.event("app_mention", text="<@U0BOT> ping", bot_id="B1", user="U0OTHER", channel="C0COURS")
    await bot.slack.event("reaction_added", user="U0ANNA", reaction="eyes")
    assert await bot.journal.pending() == []
    assert bot.slack.called("chat.postMessage") == []


async def test_people_of_another_workspace_are_refused_with_a_word(bot: Bot) -> None:
    bot.slack.users["U0ELSE"] = {"team_id": "T0ELSE"}
    await bot.slack.mention("comment lister les nœuds ?", user="U0ELSE")
    assert "qu'aux personnes de cet espace" in (await bot.slack.wait_for("chat.postMessage")).text


async def test_the_home_says_three_things_to_try_and_speaks_the_chosen_language(bot: Bot) -> None:
    await bot.slack.event("app_home_opened", user="U0ANNA", tab="home", channel="D0ANNA")
    home = await bot.slack.wait_for("views.publish")
    view = home.params["view"]
    assert "Trois choses à essayer" in view["blocks"][0]["text"]["text"]
    english = home.button("choose-language-en")
    await bot.slack.click(english, home)
    home = await bot.slack.wait_for("views.publish", count=2)
    assert "Three things to try" in home.params["view"]["blocks"][0]["text"]["text"]


async def test_the_courses_language_is_for_people_whose_locale_is_neither(start: Start, slack: FakeSlack) -> None:
    slack.users["U0ANNA"] = {"locale": "ko-KR"}
    async with start(Course.model_validate({**COURSE.model_dump(), "language": "en"})):
        await slack.mention("")
        assert "Ask me something" in (await slack.wait_for("chat.postMessage")).text


async def test_what_was_folded_is_shown_in_the_thread(bot: Bot) -> None:
    await bot.slack.mention("comment lister les nœuds ?", ts="1.1")
    reply = await bot.slack.wait_for("chat.postMessage")
    more = {"action_id": "show-rest:0", "value": "fr headlamp"}
    await bot.slack.click(more, reply)
    shown = await bot.slack.wait_for("chat.postMessage", 2)
    assert shown.params["thread_ts"] == "1.1"
    assert "Headlamp" in shown.text


async def test_an_entry_that_is_gone_is_told_to_whoever_clicked(bot: Bot) -> None:
    await bot.slack.mention("comment lister les nœuds ?")
    reply = await bot.slack.wait_for("chat.postMessage")
    await bot.slack.click({"action_id": "show-entry:0", "value": "no-such-entry"}, reply)
    assert "n'existe plus" in (await bot.slack.wait_for("chat.postEphemeral")).text
