import io
import json
import logging

import pytest

from bot.log import Log


def logged(kind: str, message: str, *args: object, **extra: object) -> str:
    """What one error leaves in the log."""
    stream = io.StringIO()
    log = logging.Logger("bot.slack")
    log.addHandler(Log("json" if kind == "json" else "text", stream))
    try:
        raise ValueError("token=xoxb-1-hunter2")
    except ValueError:
        log.exception(message, *args, extra=extra)
    return stream.getvalue()


def test_as_json_a_line_is_one_object_with_the_reference_that_a_person_was_shown() -> None:
    line = logged("json", "input %s failed", 7, reference="0a1b2c3d")
    said = json.loads(line)
    assert line.count("\n") == 1
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "bot.slack", "input 7 failed")
    assert said["reference"] == "0a1b2c3d"
    assert "ValueError" in said["error"]


@pytest.mark.parametrize("kind", ["text", "json"])
def test_no_token_reaches_the_log_not_even_in_an_error_that_somebody_raised(kind: str) -> None:
    line = logged(kind, "failed with %s", "xapp-1-hunter2")
    assert "hunter2" not in line
    assert "xapp-…" in line
    assert "xoxb-…" in line


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("request body: {'text': 'a question'}", logging.INFO),
        ("As you gave `client` as well, `token` will be unused.", logging.WARNING),
        (
            "As `installation_store` or `authorize` has been used, `token` (or SLACK_BOT_TOKEN env variable) will be "
            "ignored.",
            logging.WARNING,
        ),
    ],
)
def test_of_bolt_neither_bodies_nor_what_is_so_by_intention(message: str, level: int) -> None:
    stream = io.StringIO()
    bolt = logging.Logger("slack_bolt.AsyncApp")
    bolt.addHandler(Log("text", stream))
    bolt.log(level, message)
    bolt.warning("Unhandled request")
    assert [line.split(": ", 1)[1] for line in stream.getvalue().splitlines()] == ["Unhandled request"]
