"""What Slack delivers, read into the journal's inputs. Pure: a payload in, an Input or nothing out."""

import html
import re
from collections.abc import Mapping
from typing import Any

from bot.journal import Input

# The buttons whose click is an input like any other: kept, acknowledged, worked once, answered.
SHOW_ENTRY = "show-entry"
CLICKS = (SHOW_ENTRY,)

# Messages with another subtype (joins, edits, bots, …) are nobody's question.
_SUBTYPES_OF_PEOPLE = {None, "file_share", "thread_broadcast"}
_COMMAND_BY_MESSAGE = re.compile(r"^/?k8s(?:\s+|$)", re.IGNORECASE)
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?([^>]*)>")
_MENTION = re.compile(r"<[@!][^>]*>")


def read(body: Mapping[str, Any], bot_user_id: str) -> Input | None:
    """The input that a person waits to see answered; None for everything that needs no reply."""
    if "command" in body:
        return _command(body)
    if body.get("type") == "block_actions":
        return _click(body)
    if body.get("type") == "event_callback":
        return _message(body["event"], bot_user_id)
    return None


def plain(text: str) -> str:
    """A message as its author sees it: links and channels by their names, mentions gone, entities read once."""
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    text = _CHANNEL.sub(lambda channel: f"#{channel[1]}", text)
    return html.unescape(_MENTION.sub(" ", text)).strip()


def _command(body: Mapping[str, Any]) -> Input:
    return Input(
        key=f"command:{body['trigger_id']}",
        kind="command",
        user_id=body["user_id"],
        channel_id=body["channel_id"],
        thread_ts=None,
        text=body.get("text", ""),
        address={"response_url": body["response_url"]},
    )


def button(action: str, value: str, position: int = 0) -> dict[str, str]:
    """The ids of a button that ``_click`` reads: Slack wants another ``action_id`` for each button of a block."""
    return {"action_id": f"{action}:{position}", "value": value}


def _click(body: Mapping[str, Any]) -> Input | None:
    clicked = body["actions"][0]
    action = clicked["action_id"].partition(":")[0]
    if action not in CLICKS or "channel" not in body:
        return None
    message = body.get("message", {})
    return Input(
        key=f"click:{body['trigger_id']}",
        kind="click",
        user_id=body["user"]["id"],
        channel_id=body["channel"]["id"],
        thread_ts=message.get("thread_ts") or message.get("ts"),
        text=f"{action} {clicked['value']}",
        address={},
    )


def _message(event: Mapping[str, Any], bot_user_id: str) -> Input | None:
    mentioned = event["type"] == "app_mention"
    direct = event["type"] == "message" and event.get("channel_type") == "im"
    from_a_person = event.get("user") not in (None, bot_user_id) and not event.get("bot_id")
    if not (mentioned or direct) or not from_a_person or event.get("subtype") not in _SUBTYPES_OF_PEOPLE:
        return None
    text = re.sub(rf"<@{bot_user_id}(\|[^>]*)?>", " ", event.get("text") or "").strip()
    command = _COMMAND_BY_MESSAGE.match(text)
    return Input(
        # A mention in a direct message comes as two events: the message itself is the key.
        key=f"message:{event['channel']}:{event['ts']}",
        kind="command" if command else "question",
        user_id=event["user"],
        channel_id=event["channel"],
        thread_ts=event.get("thread_ts") or event["ts"],
        text=text[command.end() :] if command else text,
        address={"files": len(event.get("files") or ())},
    )
