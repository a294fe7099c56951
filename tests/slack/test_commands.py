import json
from pathlib import Path

import pytest

from bot.errors import BadRequest, NotAllowed
from bot.language import Text
from bot.sandbox import Lesson, Person, UsageError
from tests.slack.conftest import COURSE, Bot, Start
from tests.slack.fake_slack import FakeSlack


async def test_a_read_is_shown_to_its_asker_alone_under_the_equivalent_kubectl_line(bot: Bot) -> None:
    await bot.slack.command("get pods")
    reply = await bot.slack.wait_for("respond")
    assert reply.params["response_type"] == "ephemeral"
    assert reply.text.startswith("`kubectl get pods`")
    assert "```\nNAME   READY\nweb    1/1\n```" in reply.text


async def test_a_write_is_shown_to_the_channel(bot: Bot) -> None:
    await bot.slack.command("scale deployment web --replicas=5", user="U0TRAINER")
    assert (await bot.slack.wait_for("respond")).params["response_type"] == "in_channel"


@pytest.mark.parametrize(
    ("user", "channel", "person", "namespace"),
    [
        ("U0ANNA", "C0ROUGE", Person("U0ANNA", "student", ("equipe-rouge",)), "equipe-rouge"),
        ("U0ANNA", "C0COURS", Person("U0ANNA", "student", ("equipe-rouge",)), "equipe-rouge"),
        ("U0BORIS", "C0ROUGE", Person("U0BORIS", "student", ("equipe-bleue",)), "equipe-rouge"),
        ("U0ANNA", "D0ANNA", Person("U0ANNA", "student", ("equipe-rouge",)), "equipe-rouge"),
        ("U0TRAINER", "C0TRAINERS", Person("U0TRAINER", "trainer", ("equipe-rouge", "equipe-bleue")), "equipe-rouge"),
        ("U0GROUPED", "C0BLEUE", Person("U0GROUPED", "trainer", ("equipe-rouge", "equipe-bleue")), "equipe-bleue"),
    ],
)
async def test_role_and_namespaces_come_from_ids_and_channels(
    bot: Bot, user: str, channel: str, person: Person, namespace: str
) -> None:
    await bot.slack.command("get pods", user=user, channel=channel)
    await bot.slack.wait_for("respond")
    assert bot.sandbox.ran == [("kubectl get pods", person, namespace)]


@pytest.mark.parametrize(
    ("profile", "word"),
    [
        ({"team_id": "T0ELSE"}, "cet espace Slack"),
        ({"is_stranger": True}, "cet espace Slack"),
        ({"is_bot": True}, "pour une application"),
        ({"is_restricted": True}, "comptes invités"),
        ({"is_ultra_restricted": True}, "comptes invités"),
    ],
)
async def test_people_of_elsewhere_bots_and_guests_are_refused_with_a_word(
    bot: Bot, profile: dict[str, object], word: str
) -> None:
    bot.slack.users["U0ANNA"] = profile
    await bot.slack.command("get pods")
    assert word in (await bot.slack.wait_for("respond")).text
    assert bot.sandbox.ran == []


async def test_guests_are_students_where_the_setting_says_so(start: Start, slack: FakeSlack) -> None:
    slack.users["U0ANNA"] = {"is_restricted": True}
    async with start(COURSE.model_copy(update={"guests": True})) as bot:
        await slack.command("get pods")
        await slack.wait_for("respond")
        assert bot.sandbox.ran


async def test_whoever_is_in_no_channel_of_the_course_is_refused(bot: Bot) -> None:
    await bot.slack.command("get pods", user="U0NOBODY")
    assert "réservé aux membres des canaux du cours" in (await bot.slack.wait_for("respond")).text


async def test_another_channel_is_told_where_commands_belong(bot: Bot) -> None:
    await bot.slack.command("get pods", channel="C0CANTINE")
    assert "<#C0ROUGE>" in (await bot.slack.wait_for("respond")).text
    assert bot.sandbox.ran == []


async def test_nothing_runs_when_slack_does_not_say_who_is_asking(bot: Bot) -> None:
    bot.slack.faults["users.info"].extend([500, 500])
    await bot.slack.command("get pods")
    assert "ne me dit pas qui vous êtes" in (await bot.slack.wait_for("respond")).text
    assert bot.sandbox.ran == []


@pytest.mark.parametrize("error", [BadRequest, NotAllowed])
async def test_a_refusal_is_told_in_the_askers_language_to_the_asker_alone(
    bot: Bot, error: type[BadRequest | NotAllowed]
) -> None:
    bot.slack.users["U0ANNA"] = {"locale": "en-GB"}
    bot.sandbox.error = error(Text("non, parce que…", "no, because…"))
    await bot.slack.command("get secrets")
    reply = await bot.slack.wait_for("respond")
    assert reply.text == "no, because…"
    assert reply.params["response_type"] == "ephemeral"


async def test_text_of_the_cluster_does_nothing_in_slack(bot: Bot) -> None:
    bot.sandbox.stdout = "NAME\n```<!channel> <@U0ANNA> &amp;\n"
    await bot.slack.command("get pods")
    text = (await bot.slack.wait_for("respond")).text
    assert "<!channel>" not in text
    assert "&lt;!channel&gt; &lt;@U0ANNA&gt; &amp;amp;" in text
    assert text.count("```") == 2


async def test_the_same_grammar_works_by_mention_in_a_thread(bot: Bot) -> None:
    await bot.slack.mention("k8s get pods", channel="C0ROUGE", thread_ts="1.1")
    reply = await bot.slack.wait_for("chat.postEphemeral")
    assert reply.params["thread_ts"] == "1.1"
    assert bot.sandbox.ran[0][0] == "kubectl get pods"


async def test_a_response_url_that_is_no_longer_good_is_replaced_by_the_web_api(bot: Bot) -> None:
    bot.slack.faults["respond"].append(404)
    await bot.slack.command("get pods")
    reply = await bot.slack.wait_for("chat.postEphemeral")
    assert reply.params["user"] == "U0ANNA"


async def test_while_the_sandbox_is_prepared_commands_say_so_and_questions_are_answered(
    start: Start, slack: FakeSlack, tmp_path: Path
) -> None:
    preparing = tmp_path / "preparing.json"
    preparing.write_text(json.dumps({"step": {"fr": "compilation", "en": "compiling"}, "seconds": 270}))
    async with start(preparing=preparing) as bot:
        await slack.command("get pods")
        reply = await slack.wait_for("respond")
        assert "compilation" in reply.text
        assert "270" in reply.text
        await slack.mention("comment lister les nœuds ?")
        assert "kubectl get nodes" in (await slack.wait_for("chat.postMessage")).text
        preparing.unlink()
        await slack.command("get pods")
        await slack.wait_for("respond", count=2)
        assert len(bot.sandbox.ran) == 1


async def test_what_a_refusal_quotes_does_nothing_in_slack(bot: Bot) -> None:
    bot.sandbox.error = BadRequest(Text("`<!here>` & <https://evil.example|ici>", "no"))
    await bot.slack.command("get pods")
    text = (await bot.slack.wait_for("respond")).text
    assert text == "`&lt;!here&gt;` &amp; &lt;https://evil.example|ici&gt;"


async def test_a_long_explanation_is_whole_in_several_sections(bot: Bot) -> None:
    lines = [f"• ligne {number}" for number in range(300)]
    bot.sandbox.lesson = Lesson(Text("\n".join(lines), "…"))
    await bot.slack.command("get pods")
    blocks = (await bot.slack.wait_for("respond")).params["blocks"]
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    assert all(len(text) <= 3_000 for text in texts)
    assert "\n".join(texts[1:]).splitlines() == lines


async def test_a_mistake_is_told_as_kubectl_says_it_and_what_it_means(bot: Bot) -> None:
    await bot.slack.command("get pods --nosuch")
    reply = await bot.slack.wait_for("respond")
    kubectls, ours = reply.params["blocks"]
    assert "error: unknown flag: --nosuch\nSee 'kubectl get --help' for usage." in kubectls["text"]["text"]
    assert "`get` n'a pas d'option `--nosuch`" in ours["text"]["text"]


async def test_what_prints_nothing_says_so(bot: Bot) -> None:
    bot.sandbox.stdout = ""
    await bot.slack.command("get pods -o jsonpath={.nothing}")
    assert "n'affiche rien" in (await bot.slack.wait_for("respond")).text


async def test_what_only_works_on_ones_machine_is_told_with_what_was_typed_and_the_namespace(bot: Bot) -> None:
    await bot.slack.command("port-forward svc/web 8080:80")
    reply = await bot.slack.wait_for("respond")
    assert "`kubectl port-forward svc/web 8080:80 -n equipe-rouge`" in reply.text
    await bot.slack.command("exec -it web -- sh -c 'echo a'")
    reply = await bot.slack.wait_for("respond", 2)
    assert "`kubectl exec -it web -n equipe-rouge -- sh -c 'echo a'`" in reply.text


async def test_what_turns_text_around_is_seen_in_it(bot: Bot) -> None:
    bot.sandbox.stdout = "a\x00b\u202etxt.exe\n"
    await bot.slack.command("get pods")
    reply = await bot.slack.wait_for("respond")
    assert "a\ufffdb\ufffdtxt.exe" in str(reply.params["blocks"])


async def test_a_policy_is_told_in_our_words_alone(bot: Bot) -> None:
    text = Text("10 réplicas au plus", "at most 10 replicas")
    bot.sandbox.error = UsageError(text, "ValidatingAdmissionPolicy 'timonier-replicas' denied request")
    await bot.slack.command("get pods")
    reply = await bot.slack.wait_for("respond")
    assert reply.text == "10 réplicas au plus"
