"""Dangerous text in objects: it can be read wherever it is shown, and it does nothing."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.helpdesk import Outcome
from bot.language import LANGS, Text
from bot.sandbox import Change, Lesson, Result
from bot.slack.blocks import Message, build_refusal, build_result
from bot.slack.lessons import build_lesson
from bot.slack.outcomes import build_outcome
from bot.slack.reads import build_shared, build_whole

HOSTILE = [
    "<!here> <!channel> <@U0TRAINER> <#C0TRAINERS> <!subteam^S0TRAINERS>",
    "<https://evil.example|click> https://evil.example &lt;!here&gt;",
    "``` *bold* ``` _text_",
    "```````` end",
    "`<!everyone>` ``<!here>``",
    "a\u2028b \u202ereversed \x1b[31m",
]
SHARES = "U0ANNA"
LINE = "kubectl get pods -l 'app=<!here>'"


def drawn(text: str) -> Iterator[Message]:
    """Every way in which what others wrote is shown."""
    both = Text(text, text)
    result = Result(LINE, f"NAME\n{text}\n", f"Warning: {text}\n", 0, both, False)
    fields = ({"spec": {"replicas": count}} for count in (1, 2))
    scale = Change("scale", "deployment.apps", text, "equipe-rouge", "u", *fields)
    written = Outcome(replace(result, writes=True, changes=(scale,)), seen=both, undo="x")
    for lang in LANGS:
        yield build_result(result, lang)
        yield build_result(replace(result, stdout="", explanation=None, status=1), lang)
        yield build_result(replace(result, stdout="", stderr=""), lang)
        yield build_outcome(Outcome(result), lang, public=False)
        yield build_outcome(written, lang, public=True)
        yield build_outcome(replace(written, undo=None, confirm="x"), lang, public=True)
        yield build_shared(result, SHARES, lang)
        yield build_whole(result, lang, sent=False)
        yield build_lesson(build_result(result, lang), Lesson(both, "pending", f"get pods -l {text}"), ("pending", "a"))


def texts(message: Message) -> list[str]:
    """All that Slack reads as markup; what is on a button is not."""
    elements = [e for block in message.blocks for e in block.get("elements", [block])]
    markup: list[dict[str, Any]] = [e.get("text", e) if isinstance(e.get("text"), dict) else e for e in elements]
    return [message.text, *(str(one["text"]) for one in markup if one["type"] == "mrkdwn")]


def as_read(markup: str) -> str:
    return html.unescape(markup.replace("\u200b", ""))


def forwards(text: str) -> str:
    """What turns text around is replaced."""
    return text.replace("\u202e", "\ufffd")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_an_object_mentions_links_or_breaks_a_code_block(hostile: str) -> None:
    for message in drawn(hostile):
        for text in texts(message):
            assert "<" not in text.replace(f"<@{SHARES}>", ""), text
            assert text.count("```") in (0, 2), text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_refusal_makes_links_of_nothing_that_was_typed(hostile: str) -> None:
    for text in texts(build_refusal(hostile)):
        assert "<" not in text
        assert "```" not in text


def test_a_refusal_that_quotes_nothing_makes_links_of_people_and_channels_only() -> None:
    [text, *_] = texts(build_refusal("<@U0ANNA> <#C0ROUGE> <!here> <http://x.example>", linked=True))
    assert re.findall("<[^>]*>", text) == ["<@U0ANNA>", "<#C0ROUGE>"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_it_can_be_read(hostile: str) -> None:
    for message in drawn(hostile):
        assert any(forwards(hostile) in as_read(text) for text in texts(message)), message
