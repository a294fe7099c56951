"""A form as a Slack client holds it: what was chosen stays while its block keeps its id, and limits are limits."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.slack.fake_slack import TEAM, FakeSlack


@dataclass
class Modal:
    slack: FakeSlack
    user: str
    id: str
    view: dict[str, Any]
    state: dict[str, Any] = field(default_factory=dict)
    seen: int = 0

    @classmethod
    async def opened(cls, slack: FakeSlack, user: str = "U0ANNA", count: int = 1) -> "Modal":
        """The ``count``-th that was opened, as soon as there is more than its skeleton."""
        opened = await slack.wait_for("views.open", count)
        check(opened.params["view"])
        modal = cls(slack, user, opened.answer["view"]["id"], opened.params["view"])
        await modal.redrawn()
        return modal

    async def redrawn(self) -> None:
        """Waits for its next view."""
        for count in itertools.count(1):
            call = await self.slack.wait_for("views.update", count)
            if call.params["view_id"] == self.id and count > self.seen:
                self.seen = count
                self.show(call.params["view"])
                return

    def show(self, view: dict[str, Any]) -> None:
        check(view)
        self.view = view
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        self.state = {block["block_id"]: self.state.get(block["block_id"]) or initial(block) for block in inputs}

    @property
    def line(self) -> str:
        return str(self.view["blocks"][0]["text"]["text"]).strip("`\n")

    @property
    def text(self) -> str:
        return str(self.view["blocks"])

    def block(self, key: str) -> dict[str, Any]:
        [block] = [block for block in self.view["blocks"] if str(block.get("block_id")).partition(":")[0] == key]
        return dict(block)

    def offered(self, key: str) -> list[str]:
        return [option["value"] for option in self.block(key)["element"]["options"]]

    def chosen(self, key: str) -> Any:
        (value,) = self.state[self.block(key)["block_id"]].values()
        return value

    async def choose(self, key: str, *values: str) -> None:
        self.pick(key, *values)
        await self.slack.deliver("interactive", self.payload("block_actions", key))
        await self.redrawn()

    def pick(self, key: str, *values: str) -> None:
        """As if Slack's message to the bot about it were still on its way."""
        block = self.block(key)
        self.state[block["block_id"]] = {block["element"]["action_id"]: typed(block["element"], values)}

    async def search(self, key: str, text: str) -> list[str]:
        block = self.block(key)
        body = self.payload("block_suggestion", key) | {"value": text, "action_id": block["element"]["action_id"]}
        return [option["value"] for option in (await self.slack.deliver("interactive", body))["options"]]

    async def submit(self) -> dict[str, Any]:
        """The answer: nothing where the form closes."""
        answer = await self.slack.deliver("interactive", self.payload("view_submission", "verb"))
        if answer.get("response_action") == "update":
            self.show(answer["view"])
        return answer

    def payload(self, type_: str, key: str) -> dict[str, Any]:
        block = self.block(key)
        now = self.slack.new_ts()
        return {
            "type": type_,
            "team": {"id": TEAM},
            "user": {"id": self.user},
            "trigger_id": f"trigger-{now}",
            "block_id": block["block_id"],
            "container": {"type": "view", "view_id": self.id},
            "actions": [{"action_id": block["element"]["action_id"], "block_id": block["block_id"], "action_ts": now}],
            "view": {**self.view, "id": self.id, "hash": f"hash-{self.seen}", "state": {"values": self.state}},
        }


def initial(block: dict[str, Any]) -> dict[str, Any]:
    element = block["element"]
    match element["type"]:
        case "plain_text_input":
            value = {"value": element.get("initial_value")}
        case "checkboxes":
            value = {"selected_options": element.get("initial_options", [])}
        case _:
            value = {"selected_option": element.get("initial_option")}
    return {element["action_id"]: {"type": element["type"], **value}}


def typed(element: dict[str, Any], values: tuple[str, ...]) -> dict[str, Any]:
    if element["type"] == "plain_text_input":
        return {"type": element["type"], "value": values[0] or None}
    options = element.get("options") or [{"value": value, "text": {"text": value}} for value in values]
    picked = [option for option in options if option["value"] in values]
    assert len(picked) == len(values), f"{values} of {[option['value'] for option in options]}"
    found = {"selected_options": picked} if element["type"] == "checkboxes" else {"selected_option": picked[0]}
    return {"type": element["type"], **found}


def check(view: dict[str, Any]) -> None:
    """What Slack refuses."""
    assert all(len(view[name]["text"]) <= 24 for name in ("title", "submit", "close") if name in view)
    assert len(view.get("private_metadata", "")) <= 3_000
    assert len(view["blocks"]) <= 100
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert all(len(id_) <= 255 for id_ in ids)
    for block in view["blocks"]:
        if block["type"] == "input":
            check_input(block)


def check_input(block: dict[str, Any]) -> None:
    element = block["element"]
    assert 1 <= len(block["label"]["text"]) <= 2_000
    assert len(element.get("placeholder", {"text": ""})["text"]) <= 150
    if element["type"] in ("static_select", "checkboxes"):
        assert 1 <= len(element["options"]) <= (10 if element["type"] == "checkboxes" else 100)
        values = [option["value"] for option in element["options"]]
        assert len(values) == len(set(values))
    chosen = [
        *element.get("initial_options", ()),
        *([element["initial_option"]] if "initial_option" in element else []),
    ]
    for option in (*element.get("options", ()), *chosen):
        assert 1 <= len(option["value"]) <= 150
        assert 1 <= len(option["text"]["text"]) <= 75
    assert element["type"] == "external_select" or all(option in element.get("options", ()) for option in chosen)
    assert element.get("initial_options") != []
    if element["type"] == "plain_text_input":
        assert len(element.get("initial_value", "")) <= element["max_length"] <= 3_000
