"""Who sees what a read printed, how much of it a message holds, and the whole of it as a file."""

import pytest

from bot.language import Text
from bot.sandbox import Result
from bot.settings import Channel, Course
from bot.slack.blocks import build_result
from tests.slack.conftest import COURSE, Bot, Start
from tests.slack.fake_slack import Call, FakeSlack

LONG = "NAME         READY\n" + "".join(f"web-{n:05}    1/1\n" for n in range(2000))
SAID = ("chat.postMessage", "chat.postEphemeral", "upload")


async def read(bot: Bot, line: str = "get pods", user: str = "U0ANNA", channel: str = "C0ROUGE") -> Call:
    count = len(bot.slack.called("respond")) + 1
    await bot.slack.command(line, user=user, channel=channel)
    return await bot.slack.wait_for("respond", count)


async def click(bot: Bot, message: Call, action: str, user: str = "U0ANNA", channel: str = "C0ROUGE") -> list[Call]:
    """Returns what was said then."""
    seen = len(bot.slack.calls)
    await bot.slack.click(message.button(action), message, user=user, channel=channel)
    await bot.settled()
    return [call for call in bot.slack.calls[seen:] if call.method in SAID]


def course(**rules: str) -> Course:
    channel = Channel.model_validate({"namespace": "equipe-rouge", **rules})
    return COURSE.model_copy(update={"channels": {**COURSE.channels, "C0ROUGE": channel}})


async def test_a_read_is_shared_by_whom_it_was_shown_to_as_read_again_under_their_rights(bot: Bot) -> None:
    private = await read(bot)
    assert private.button("share")["text"]["text"] == "Partager"
    [shared] = await click(bot, private, "share")
    assert (shared.method, shared.params["channel"]) == ("chat.postMessage", "C0ROUGE")
    assert shared.text.splitlines()[:2] == ["Partagé par <@U0ANNA>", "`kubectl get pods -n equipe-rouge`"]
    assert "web    1/1" in shared.text
    assert shared.buttons() == []
    assert bot.slack.called("respond")[-1].params["delete_original"]
    assert [(person.user_id, namespace) for _, person, namespace in bot.sandbox.ran] == [
        ("U0ANNA", "equipe-rouge"),
        ("U0ANNA", "equipe-rouge"),
    ]


async def test_the_journal_tells_of_a_shared_read_that_now_failed(bot: Bot) -> None:
    private = await read(bot)
    bot.sandbox.fails = True
    await click(bot, private, "share")
    assert bot.decided("U0ANNA") == [("ran", "ok"), ("failed", "shared input 1")]


async def test_a_read_is_shared_once(bot: Bot) -> None:
    private = await read(bot)
    await click(bot, private, "share")
    [word] = await click(bot, private, "share")
    assert "a déjà servi" in word.text


@pytest.mark.parametrize("user", ["U0BORIS", "U0TRAINER"])
async def test_nobody_else_shares_it(bot: Bot, user: str) -> None:
    private = await read(bot)
    [word] = await click(bot, private, "share", user)
    assert word.method == "chat.postEphemeral"
    assert "Seule la personne à qui ce résultat a été montré" in word.text


async def test_whoever_lost_the_right_since_shares_nothing(start: Start, slack: FakeSlack) -> None:
    async with start() as bot:
        private = await read(bot)
    slack.members = {}
    async with start() as bot:
        [word] = await click(bot, private, "share")
        assert "réservé aux membres" in word.text


async def test_an_old_read_is_not_shared(bot: Bot) -> None:
    private = await read(bot)
    bot.make_late()
    [word] = await click(bot, private, "share")
    assert "ce bouton vaut une heure" in word.text


async def test_in_a_thread_it_is_shared_there(bot: Bot) -> None:
    await bot.slack.mention("k8s get pods", channel="C0ROUGE", thread_ts="1.1")
    [shared] = await click(bot, await bot.slack.wait_for("chat.postEphemeral"), "share")
    assert shared.params["thread_ts"] == "1.1"


async def test_in_a_direct_message_there_is_nobody_to_share_it_with(bot: Bot) -> None:
    await bot.slack.direct_message("k8s get pods")
    assert (await bot.slack.wait_for("chat.postMessage")).buttons() == []


async def test_where_the_channel_says_so_reads_are_for_all(start: Start) -> None:
    async with start(course(reads="public")) as bot:
        reply = await read(bot)
        assert reply.params["response_type"] == "in_channel"
        assert reply.buttons() == []
        assert (await read(bot, "scale deployment web --replicas=3")).params["response_type"] == "ephemeral"


async def test_where_the_channel_says_so_writes_are_for_their_author_alone(start: Start) -> None:
    async with start(course(writes="private")) as bot:
        reply = await read(bot, "scale deployment web --replicas=3", "U0TRAINER")
        assert reply.params["response_type"] == "ephemeral"
        [undone] = await click(bot, reply, "undo", "U0TRAINER")
        assert undone.method == "chat.postEphemeral"


async def test_a_long_result_is_cut_at_whole_rows_and_its_file_is_sent_when_asked_for(bot: Bot) -> None:
    bot.sandbox.stdout = LONG
    reply = await read(bot)
    *_, last, note, _ = reply.params["blocks"]
    row = last["text"]["text"].splitlines()[-2]
    number = int(row.removeprefix("web-").split()[0])
    assert f"{number + 1} lignes affichées sur 2000" in note["elements"][0]["text"]
    assert bot.slack.called("upload") == []
    file, word = await click(bot, reply, "whole")
    assert file.params["content"] == LONG
    assert (word.method, word.text) == ("chat.postEphemeral", "Le fichier est dans vos messages directs.")


async def test_a_file_that_slack_does_not_take_goes_on_as_text(bot: Bot) -> None:
    bot.sandbox.stdout = LONG
    reply = await read(bot)
    bot.slack.faults["conversations.open"].append("internal_error")
    [text] = await click(bot, reply, "whole")
    assert "Slack n'a pas pris le fichier. Voici la suite :" in text.text
    shown = [row for row in reply.text.splitlines() if row.startswith("web-")]
    rest = [row for row in text.text.splitlines() if row.startswith("web-")]
    assert [*shown, *rest] == LONG.splitlines()[1 : len(shown) + len(rest) + 1]
    assert size(text.params["blocks"]) <= 10_000


async def test_the_file_of_a_public_read_is_for_whoever_asks_under_their_own_rights(start: Start) -> None:
    async with start(course(reads="public")) as bot:
        bot.sandbox.stdout = LONG
        reply = await read(bot)
        file, word = await click(bot, reply, "whole", "U0TRAINER")
        assert (file.method, word.params["user"]) == ("upload", "U0TRAINER")
        assert [person.user_id for _, person, _ in bot.sandbox.ran] == ["U0ANNA", "U0TRAINER"]


async def test_a_guessed_button_tells_nothing_of_what_others_read_in_another_channel(start: Start) -> None:
    async with start(course(reads="public")) as bot:
        bot.sandbox.stdout = LONG
        reply = await read(bot)
        [word] = await click(bot, reply, "whole", "U0TRAINER", "C0BLEUE")
        assert "Je ne retrouve plus ce que faisait ce bouton" in word.text
        assert len(bot.sandbox.ran) == 1


def size(content: object) -> int:
    """The characters of all texts."""
    if isinstance(content, list):
        return sum(map(size, content))
    if isinstance(content, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else size(v) for k, v in content.items())
    return 0


@pytest.mark.parametrize(
    "stdout",
    [LONG, "<none>&\n" * 3000, "x" * 20_000, "<" * 20_000, "```\n" * 4000, f"short\n{'y' * 5000}\nshort\n"],
    ids=["rows", "entities", "one row", "one row of entities", "fences", "a long row between"],
)
@pytest.mark.parametrize("explanation", [None, Text("é < à & " * 2000, "<" * 9000)], ids=["", "explained"])
def test_no_message_passes_slacks_limits(stdout: str, explanation: Text | None) -> None:
    result = Result("kubectl get pods -o jsonpath=" + "<" * 2000, stdout, "<" * 9000, 1, explanation, False)
    message = build_result(result, "fr")
    assert message.is_cut
    assert size(message.blocks) <= 10_000
    assert len(message.blocks) <= 50
    for block in message.blocks:
        if block["type"] == "section":
            text = block["text"]["text"]
            assert len(text) <= 3_000
            assert text.count("```") in (0, 2)
            assert text.endswith("```") or not text.startswith("```")


def test_what_has_room_is_shown_whole() -> None:
    rows = "".join(f"pod-{n:03}   1/1   Running   0   5m\n" for n in range(200))
    message = build_result(Result("kubectl get pods", rows, "", 0, None, False), "fr")
    assert not message.is_cut
    pages = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert "".join(page.removeprefix("```\n").removesuffix("```") for page in pages) == rows
