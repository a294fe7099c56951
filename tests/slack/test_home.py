"""The trainers' Home."""

from datetime import UTC, datetime

from bot.helpdesk import Group
from bot.journal import Unsolved
from bot.slack.home import build_wanted
from tests.slack.conftest import Bot, Start
from tests.slack.fake_slack import Call, FakeSlack
from tests.slack.test_entries import FIELDS
from tests.slack.test_requests import KNOWN, UNKNOWN, ask, ask_privately


async def home(bot: Bot, user: str = "U0TRAINER") -> Call:
    count = len(bot.slack.called("views.publish")) + 1
    await bot.slack.event("app_home_opened", user=user, tab="home", channel="D0HOME")
    return await bot.slack.wait_for("views.publish", count)


def wanted(home: Call) -> list[str]:
    blocks = home.params["view"]["blocks"]
    return [block["text"]["text"] for block in blocks if "accessory" in block]


async def test_questions_without_an_answer_are_grouped_by_likeness_with_counts_and_a_link(bot: Bot) -> None:
    for ts, question in (
        ("1.1", UNKNOWN),
        ("2.2", "C'est à quelle heure l'examen ?"),
        ("3.3", "qui a volé mon xyzzy ?"),
    ):
        await ask(bot, question, ts=ts)
    first, second = wanted(await home(bot))
    assert "l'examen" in first
    assert "posée 2 fois · sans réponse" in first
    assert "<https://cours.slack.example/C0COURS/2.2|Ouvrir le fil>" in first
    assert "posée" not in second


async def test_an_answer_that_did_not_help_is_there_and_one_that_did_is_not(bot: Bot) -> None:
    answer = await ask(bot, KNOWN)
    await bot.slack.click(answer.button("useful"), answer)
    await bot.settled()
    assert wanted(await home(bot)) == []
    await bot.slack.click(answer.button("not-useful"), answer)
    await bot.settled()
    [group] = wanted(await home(bot))
    assert "jugée pas utile 1 fois" in group
    assert "sans réponse" not in group


async def test_it_names_nobody_and_a_direct_message_has_no_link(bot: Bot) -> None:
    await ask_privately(bot)
    shown = await home(bot)
    [group] = wanted(shown)
    assert "https" not in group
    assert "U0ANNA" not in str(shown.params["view"])


async def test_markup_in_a_question_does_nothing_there(bot: Bot) -> None:
    await ask(bot, "<!channel> xyzzy &lt;!here&gt; <https://evil.example|plugh>\n\n> *plugh*")
    [group] = wanted(await home(bot))
    assert "<!" not in group
    assert "evil" not in group
    assert group.count("\n") == 1


async def test_students_and_whoever_slack_does_not_confirm_see_the_students_home(bot: Bot) -> None:
    await ask(bot)
    assert wanted(await home(bot, "U0ANNA")) == []
    bot.slack.faults["users.info"].extend([500, 500])
    assert wanted(await home(bot, "U0GROUPED")) == []


async def test_a_question_becomes_an_entry_from_there_and_its_whole_group_is_gone(bot: Bot) -> None:
    await ask(bot, UNKNOWN)
    await ask(bot, "C'est à quelle heure l'examen ?")
    shown = await home(bot)
    await bot.slack.click(shown.button("make-entry"), shown, user="U0TRAINER")
    form = await bot.slack.wait_for("views.update")
    await bot.slack.submit(form, **FIELDS)
    refreshed = await bot.slack.wait_for("views.publish", 2)
    assert wanted(refreshed) == []
    noted = await bot.slack.wait_for("chat.postMessage", 4)
    assert noted.params["channel"] == "U0TRAINER"


async def test_a_student_who_clicks_there_all_the_same_is_refused_in_the_form(bot: Bot) -> None:
    await ask(bot)
    shown = await home(bot)
    await bot.slack.click(shown.button("make-entry"), shown, user="U0ANNA")
    refusal = await bot.slack.wait_for("views.update")
    assert "réservé aux formateurs" in refusal.params["view"]["blocks"][0]["text"]["text"]


def test_of_many_groups_the_first_are_shown_and_the_rest_counted() -> None:
    now = datetime.now(UTC)
    groups = [Group((Unsolved(n, f"xyzzy {n} ?", "C0COURS", "1.1", True, 0, now, None),)) for n in range(18)]
    blocks = build_wanted(groups, [None] * 15, "fr")
    assert sum("accessory" in block for block in blocks) == 15
    assert blocks[-1]["elements"][0]["text"] == "… et 3 autres"


async def test_an_edited_question_stands_there_once_with_its_last_wording(bot: Bot) -> None:
    answer = await ask_privately(bot, "xyzzy plugh ?")
    await bot.slack.edit(answer.params["thread_ts"], UNKNOWN, before="xyzzy plugh ?")
    await bot.slack.wait_for("chat.update")
    await bot.settled()
    [group] = wanted(await home(bot))
    assert "l'examen" in group


async def test_it_speaks_the_trainers_language(start: Start, slack: FakeSlack) -> None:
    slack.users["U0TRAINER"] = {"locale": "en-GB"}
    async with start() as bot:
        shown = await home(bot)
        assert "For trainers" in shown.params["view"]["blocks"][6]["text"]["text"]
        assert "Nothing right now" in str(shown.params["view"])
