"""The command builder's modal, drawn field by field. Pure.

Slack keeps what was chosen in a block as long as the block's id is the same: the id says what the field is within.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.language import Lang, Text
from bot.sandbox import DECISIVE, Field, Form
from bot.slack.blocks import Block, context, fence, section
from bot.slack.forms import BUILDER, NOTHING
from bot.slack.inbox import RUN_BUILT

# Slack's limits, in characters and in options of a list.
_BLOCK_ID, _LABEL, _OPTION, _VALUE, _PLACEHOLDER, _OPTIONS = 255, 2_000, 75, 150, 150, 100
_TYPED = 500

TITLE = Text("Composer une commande", "Build a command")
RUN, CANCEL, CLOSE = Text("Exécuter", "Run"), Text("Annuler", "Cancel"), Text("Fermer", "Close")
WAIT = Text("Un instant…", "One moment…")
NO_CHOICE = Text("(aucun)", "(none)")
SEARCH = Text("Tapez le début du nom", "Type the start of the name")
LIKE_TYPED = Text(
    "« Exécuter » fait exactement ce que ferait cette ligne tapée avec `/k8s`.",
    "“Run” does exactly what this line would do, typed with `/k8s`.",
)


def build_skeleton() -> dict[str, Any]:
    """What opens at once, before anyone's language is known: the right to open lasts three seconds."""
    return _modal("/k8s", [section(f"{WAIT.fr} · {WAIT.en}")])


def build_words(text: str, lang: Lang) -> dict[str, Any]:
    return _modal(TITLE[lang], [section(text)]) | {"close": _plain(CLOSE[lang])}


def build_form(form: Form, address: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """``address``: where the command is to be answered."""
    drawn = {field.key: field.value for field in form.fields if field.key in DECISIVE}
    blocks = [section(fence(form.line)), context(LIKE_TYPED[lang]), *(_input(field, lang) for field in form.fields)]
    return _modal(TITLE[lang], blocks) | {
        "callback_id": RUN_BUILT,
        "private_metadata": json.dumps({"address": address, "drawn": drawn}),
        "submit": _plain(RUN[lang]),
        "close": _plain(CANCEL[lang]),
    }


def build_options(names: Iterable[str], *, required: bool, lang: Lang) -> list[dict[str, Any]]:
    """``required``: without the option for none."""
    none = [] if required else [_option(NOTHING, NO_CHOICE[lang])]
    return [*none, *(_option(name, name) for name in names if len(name) <= _VALUE)][:_OPTIONS]


def _input(field: Field, lang: Lang) -> Block:
    return {
        "type": "input",
        "block_id": block_id(field),
        "label": _plain(field.label[lang][:_LABEL]),
        "element": {"action_id": BUILDER, **_element(field, lang)},
        "optional": not field.required,
        "dispatch_action": True,
    }


def block_id(field: Field) -> str:
    return f"{field.key}:{field.within}"[:_BLOCK_ID]


def _element(field: Field, lang: Lang) -> dict[str, Any]:
    if field.many:
        return _checkboxes(field, lang)
    if field.search:
        chosen = {"initial_option": _option(field.value, field.value)} if field.value else {}
        return {"type": "external_select", "min_query_length": 1, "placeholder": _plain(SEARCH[lang]), **chosen}
    if field.options:
        return _select(field, lang)
    text = {"type": "plain_text_input", "max_length": _TYPED, "placeholder": _plain(field.placeholder[:_PLACEHOLDER])}
    return text | ({"initial_value": field.value[:_TYPED]} if field.value else {})


def _select(field: Field, lang: Lang) -> dict[str, Any]:
    none = {} if field.required else {NOTHING: NO_CHOICE}
    offered = {**none, **field.options}
    options = [_option(value, text[lang]) for value, text in offered.items() if len(value) <= _VALUE][:_OPTIONS]
    chosen = next((option for option in options if option["value"] == (field.value or NOTHING)), None)
    return {"type": "static_select", "options": options, **({"initial_option": chosen} if chosen else {})}


def _checkboxes(field: Field, lang: Lang) -> dict[str, Any]:
    options = [_option(value, text[lang]) for value, text in field.options.items()]
    chosen = [option for option in options if option["value"] in field.value.split()]
    return {"type": "checkboxes", "options": options, **({"initial_options": chosen} if chosen else {})}


def _option(value: str, text: str) -> dict[str, Any]:
    return {"value": value, "text": _plain(text if len(text) <= _OPTION else f"{text[: _OPTION - 1]}…")}


def _modal(title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"type": "modal", "title": _plain(title), "blocks": blocks}


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
