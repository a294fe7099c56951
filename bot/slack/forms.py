"""What a form holds, read from the view that Slack sends along. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox import DECISIVE, VERB, Chosen

View = Mapping[str, Any]
BUILDER = "builder"
"""Every choice in the builder's form: it only redraws the form, and is no input."""
NOTHING = "-"
"""Chosen for no choice: Slack has no empty option."""


def metadata(view: View) -> dict[str, Any]:
    return dict(json.loads(view["private_metadata"]))


def inputs(view: View) -> list[Mapping[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def texts(view: View) -> dict[str, str]:
    """By their blocks. A field left as it was may come without a value."""
    fields = {}
    for block in inputs(view):
        typed = _state(block, view).get("value")
        prefilled = "" if block.get("optional") else block["element"].get("initial_value", "")
        fields[block["block_id"]] = prefilled if typed is None else typed
    return fields


def chosen(view: View) -> Chosen:
    """What the builder's form holds, by field; nothing that was searched where a choice since says elsewhere."""
    fields = {key_of(block): _choice(block, view) for block in inputs(view)}
    searched = (key_of(block) for block in inputs(view) if block["element"]["type"] == "external_select")
    return fields | dict.fromkeys(searched if changed(view) - {VERB} else (), "")


def changed(view: View) -> set[str]:
    """The choices since the builder's form was drawn that decide about its other fields."""
    drawn = metadata(view)["drawn"]
    deciding = {key_of(block): block for block in inputs(view) if key_of(block) in DECISIVE}
    return {key for key, block in deciding.items() if _choice(block, view) != drawn[key]}


def key_of(block: Mapping[str, Any]) -> str:
    """Of the builder's field; behind it the block's id says what it is within."""
    return str(block["block_id"]).partition(":")[0]


def _choice(block: Mapping[str, Any], view: View) -> str:
    element, state = block["element"], _state(block, view)
    match element["type"]:
        case "checkboxes":
            options = state.get("selected_options", element.get("initial_options")) or ()
            return " ".join(option["value"] for option in options)
        case "plain_text_input":
            return str(state.get("value", element.get("initial_value")) or "")
        case _:
            option = state.get("selected_option") or element.get("initial_option") or {"value": NOTHING}
            return "" if option["value"] == NOTHING else str(option["value"])


def _state(block: Mapping[str, Any], view: View) -> Mapping[str, Any]:
    state: Mapping[str, Any] = view["state"]["values"].get(block["block_id"], {})
    return dict(state.get(block["element"]["action_id"], {}))
