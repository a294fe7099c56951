"""A refusal or a failure, drawn: two sentences, the entry that explains it, the next look."""

import pytest

from bot.language import Text
from bot.sandbox import Forbidden, Lesson, UsageError
from tests.slack.conftest import Bot
from tests.slack.fake_slack import Call

FAILED = Lesson(
    Text("L'image `site:v2` <!here> ne peut pas être téléchargée.", "The image `site:v2` <!here> cannot be pulled."),
    "image-pull",
    "describe pod web-1 -n equipe-rouge",
)


async def type_(bot: Bot, line: str = "get pods", user: str = "U0ANNA") -> Call:
    """Returns the reply."""
    count = len(bot.slack.called("respond")) + 1
    await bot.slack.command(line, user=user)
    return await bot.slack.wait_for("respond", count)


async def click(bot: Bot, message: Call, action: str, user: str = "U0ANNA") -> Call:
    """Returns the reply."""
    seen = len(bot.slack.calls)
    await bot.slack.click(message.button(action), message, user=user)
    await bot.settled()
    [reply] = [call for call in bot.slack.calls[seen:] if call.method in ("chat.postMessage", "chat.postEphemeral")]
    return reply


async def test_a_failure_is_told_below_the_output_with_its_entry_and_the_next_look(bot: Bot) -> None:
    bot.sandbox.lesson = FAILED
    reply = await type_(bot)
    assert reply.params["response_type"] == "ephemeral"
    assert reply.text.index("web    1/1") < reply.text.index("L'image `site:v2`")
    assert reply.button("show-entry")["text"]["text"] == "ImagePullBackOff et ErrImagePull"
    assert reply.button("run")["text"]["text"] == "/k8s describe pod web-1 -n equipe-rouge"


async def test_what_is_well_has_no_such_buttons(bot: Bot) -> None:
    assert [button["action_id"] for button in (await type_(bot)).buttons()] == ["share:0"]


async def test_the_next_look_is_the_clickers_own_and_shown_to_nobody_else(bot: Bot) -> None:
    bot.sandbox.lesson = FAILED
    reply = await type_(bot)
    looked = await click(bot, reply, "run", "U0BORIS")
    assert (looked.method, looked.params["user"]) == ("chat.postEphemeral", "U0BORIS")
    line, person, _ = bot.sandbox.ran[-1]
    assert line == "kubectl describe pod web-1 -n equipe-rouge"
    assert (person.user_id, person.role) == ("U0BORIS", "student")


async def test_the_entry_of_a_private_failure_is_private_too(bot: Bot) -> None:
    bot.sandbox.lesson = FAILED
    shown = await click(bot, await type_(bot), "show-entry")
    assert (shown.method, shown.params["user"]) == ("chat.postEphemeral", "U0ANNA")
    assert "ImagePullBackOff" in shown.text


@pytest.mark.parametrize(("line", "command"), [("get pods", "can"), ("scale deployment web --replicas=5", "can")])
async def test_a_refusal_by_the_table_says_where_to_go_on(bot: Bot, line: str, command: str) -> None:
    bot.sandbox.error = Forbidden(Text("réservé aux formateurs", "for trainers only"))
    reply = await type_(bot, line)
    assert "réservé aux formateurs" in reply.text
    assert reply.button("show-entry")["text"]["text"] == "Erreur Forbidden : droits insuffisants"
    assert reply.button("run")["text"]["text"] == f"/k8s {command}"


async def test_a_refusal_without_a_lesson_stays_a_sentence(bot: Bot) -> None:
    bot.sandbox.error = UsageError(Text("mal écrit", "badly written"), "error: x")
    assert (await type_(bot)).buttons() == []


async def test_what_an_object_is_called_does_nothing(bot: Bot) -> None:
    bot.sandbox.lesson = FAILED
    sections = str((await type_(bot)).params["blocks"])
    assert "<!here>" not in sections
    assert "&lt;!here&gt;" in sections


async def test_a_write_whose_pods_fail_is_a_lesson_too_and_can_be_undone(bot: Bot) -> None:
    bot.sandbox.lesson = FAILED
    reply = await type_(bot, "scale deployment web --replicas=5", "U0TRAINER")
    assert "L'image `site:v2`" in reply.text
    assert reply.button("undo")
    assert reply.button("run")["text"]["text"].startswith("/k8s describe pod web-1")
