"""What Slack delivers, read into the journal's inputs. Pure: a payload in, an Input or nothing out."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.journal import Input
from bot.sandbox import line_of
from bot.slack import forms

# The buttons whose click is an input like any other: kept, acknowledged, worked once, answered.
SHOW_ENTRY, SHOW_REST = "show-entry", "show-rest"
USEFUL, NOT_USEFUL = "useful", "not-useful"
ASK_TRAINER, SEND_TO_TRAINERS, SEND_NOTHING = "ask-trainer", "send-to-trainers", "send-nothing"
MAKE_ENTRY = "make-entry"
RUN, SHARE, WHOLE = "run", "share", "whole"
BUILD = "build"
UNDO, UNDO_LISTED, CONFIRM, GIVE_UP = "undo", "undo-listed", "confirm", "give-up"
PROPOSE, REVIEW, DECLINE = "propose", "review", "decline"
CLICKS = (
    SHOW_ENTRY,
    SHOW_REST,
    USEFUL,
    NOT_USEFUL,
    ASK_TRAINER,
    SEND_TO_TRAINERS,
    SEND_NOTHING,
    MAKE_ENTRY,
    RUN,
    BUILD,
    SHARE,
    WHOLE,
    UNDO,
    UNDO_LISTED,
    CONFIRM,
    GIVE_UP,
    PROPOSE,
    REVIEW,
    DECLINE,
)
# The forms whose submission is one too.
SAVE_ENTRY, RUN_BUILT = "save-entry", "run-built"
VIEWS = (SAVE_ENTRY, RUN_BUILT)

# Messages with another subtype (joins, bots, …) are nobody's question.
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
    if body.get("type") == "view_submission":
        return _view(body)
    if body.get("type") == "event_callback":
        return _event(body["event"], bot_user_id)
    return None


def plain(text: str) -> str:
    """A message as its author sees it: links and channels by their names, mentions gone, entities read once."""
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    text = _CHANNEL.sub(lambda channel: f"#{channel[1]}", text)
    return html.unescape(_MENTION.sub(" ", text)).strip()


def is_from_a_person(message: Mapping[str, Any], bot_user_id: str) -> bool:
    return (
        message.get("user") not in (None, bot_user_id)
        and not message.get("bot_id")
        and message.get("subtype") in _SUBTYPES_OF_PEOPLE
    )


def _command(body: Mapping[str, Any]) -> Input:
    return Input(
        key=f"command:{body['trigger_id']}",
        kind="command",
        user_id=body["user_id"],
        channel_id=body["channel_id"],
        thread_ts=None,
        text=body.get("text", ""),
        address={name: body[name] for name in ("trigger_id", "response_url")},
    )


def _click(body: Mapping[str, Any]) -> Input | None:
    clicked = body["actions"][0]
    action = clicked["action_id"].partition(":")[0]
    if action not in CLICKS:
        return None
    # A message for one person's eyes begins no thread; Slack does not send it along. The Home comes without a channel.
    container = body.get("container") or {}
    message = body.get("message") or container
    ts = message.get("ts") or message.get("message_ts")
    private = "message" not in body or message.get("subtype") == "ephemeral"
    return Input(
        key=f"click:{body['trigger_id']}",
        kind="click",
        user_id=body["user"]["id"],
        channel_id=(body.get("channel") or {}).get("id") or body["user"]["id"],
        thread_ts=message.get("thread_ts") or (None if private else ts),
        text=f"{action} {clicked['value']}",
        address={name: body[name] for name in ("trigger_id", "response_url") if name in body},
        message_ts=ts,
    )


def _view(body: Mapping[str, Any]) -> Input | None:
    view = body["view"]
    if view["callback_id"] not in VIEWS:
        return None
    if view["callback_id"] == RUN_BUILT:
        return _built(body["user"]["id"], view)
    content = {"about": forms.metadata(view), "fields": forms.texts(view)}
    return Input(
        key=f"view:{view['id']}:{view['hash']}",
        kind="view",
        user_id=body["user"]["id"],
        channel_id=body["user"]["id"],
        thread_ts=None,
        text=f"{view['callback_id']} {json.dumps(content, ensure_ascii=False)}",
        address={},
    )


def _built(user_id: str, view: Mapping[str, Any]) -> Input:
    """A command like a typed one, answered where the form was opened from."""
    address = forms.metadata(view)["address"]
    return Input(
        key=f"view:{view['id']}:{view['hash']}",
        kind="command",
        user_id=user_id,
        channel_id=address["channel"],
        thread_ts=address["thread_ts"],
        text=line_of(forms.chosen(view)),
        address={name: address[name] for name in ("response_url",) if name in address},
    )


def address_of(asked: Input) -> dict[str, Any]:
    """What a form keeps of where it was opened from. The URL of a click would replace the message clicked on."""
    address = {"channel": asked.channel_id, "thread_ts": asked.thread_ts}
    url = asked.address.get("response_url") if asked.kind == "command" else None
    return address | ({"response_url": url} if url else {})


def _event(event: Mapping[str, Any], bot_user_id: str) -> Input | None:
    if event.get("subtype") != "message_changed":
        return _message(event, bot_user_id)
    message, before = event["message"], event.get("previous_message", {})
    if "edited" not in message or message.get("text") == before.get("text"):
        return None  # a preview was added, or a reply counted
    return _message({**message, "type": "message", "channel": event["channel"]}, bot_user_id)


def _message(event: Mapping[str, Any], bot_user_id: str) -> Input | None:
    addressed = (
        event["type"] == "app_mention"
        or (event["type"] == "message" and event["channel"].startswith("D"))
        or ("edited" in event and f"<@{bot_user_id}>" in event.get("text", ""))
    )
    if not addressed or not is_from_a_person(event, bot_user_id):
        return None
    text = re.sub(rf"<@{bot_user_id}(\|[^>]*)?>", " ", event.get("text") or "").strip()
    command = _COMMAND_BY_MESSAGE.match(text)
    edited = event.get("edited", {}).get("ts")
    # A mention in a direct message comes as two events: the message itself is the key.
    key = f"message:{event['channel']}:{event['ts']}"
    return Input(
        key=f"{key}:{edited}" if edited else key,
        kind="command" if command else "question",
        user_id=event["user"],
        channel_id=event["channel"],
        thread_ts=event.get("thread_ts") or event["ts"],
        text=text[command.end() :] if command else text,
        address={"files": len(event.get("files") or ()), "edited": bool(edited)},
        message_ts=event["ts"],
    )
