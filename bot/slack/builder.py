"""The command builder: `/k8s` alone and its buttons open a form, each choice redraws it, and "Run" is a command."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cachetools import LRUCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.helpdesk import Builder
from bot.journal import Journal, Pending
from bot.language import Lang, Text
from bot.sandbox import Chosen
from bot.slack import builder_form, forms, inbox
from bot.slack.blocks import Message, actions, button, section
from bot.slack.identity import Identity
from bot.slack.replies import FAILURES

log = logging.getLogger(__name__)

_FORMS_AT_ONCE = 1_000

BUILD = Text("Composer une commande", "Build a command")
TOO_LATE = Text(
    "Le formulaire n'a pas pu s'ouvrir à temps. Ouvrez-le avec ce bouton, ou tapez `/k8s help`.",
    "The form could not open in time. Open it with this button, or type `/k8s help`.",
)


def build_button(lang: Lang) -> dict[str, Any]:
    """Opens the builder: a click may, where a mention may not."""
    return button(BUILD[lang], inbox.BUILD, "k8s")


class BuilderDesk:
    """``works``: the story's click, by the name that the inbox gives it."""

    def __init__(
        self,
        builder: Builder,
        journal: Journal,
        identity: Identity,
        client: AsyncWebClient,
        language: Callable[[Pending], Awaitable[Lang]],
    ) -> None:
        self._builder = builder
        self._journal = journal
        self._identity = identity
        self._client = client
        self._language = language
        self._newest: LRUCache[str, str] = LRUCache(_FORMS_AT_ONCE)
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {inbox.BUILD: self._clicked}

    async def open(self, pending: Pending) -> Message | None:
        """The reply is the form itself, and so are refusals."""
        asked = pending.input
        try:
            opened = await self._client.views_open(
                trigger_id=asked.address.get("trigger_id", ""), view=builder_form.build_skeleton()
            )
        except SlackApiError as error:
            log.info("the builder could not be opened: %s", error.response["error"])
            await self._journal.decide(pending, "failed", TOO_LATE.en)
            lang = await self._language(pending)
            return Message(TOO_LATE[lang], [section(TOO_LATE[lang]), actions([build_button(lang)])], public=False)
        lang = await self._language(pending)
        try:
            view = await self._view({}, asked.user_id, inbox.address_of(asked), lang)
            await self._journal.decide(pending, "noted", "builder opened")
        except BotError as error:
            await self._journal.decide(pending, "refused", error.text.en)
            view = builder_form.build_words(error.text[lang], lang)
        await self._client.views_update(view_id=opened["view"]["id"], view=view)
        return None

    async def redraw(self, body: Mapping[str, Any]) -> None:
        """After a choice. Of two at once the later counts: each comes with all that is chosen."""
        view, made_at = body["view"], body["actions"][0].get("action_ts", "")
        self._newest[view["id"]] = made_at
        drawn = await self._redrawn(view, body["user"]["id"])
        if self._newest.get(view["id"]) != made_at:
            return
        try:
            await self._client.views_update(view_id=view["id"], view=drawn)
        except FAILURES:
            log.info("a form was closed before it was redrawn", exc_info=True)

    async def suggest(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The options for what was typed into a search; none where they cannot be had."""
        user_id = body["user"]["id"]
        try:
            person = await self._identity.person(user_id)
            names = await self._builder.search(forms.chosen(body["view"]), person, body["value"])
        except BotError:
            return []
        [searched] = [block for block in forms.inputs(body["view"]) if block["block_id"] == body["block_id"]]
        lang = await self._identity.language(user_id)
        return builder_form.build_options(names, required=not searched["optional"], lang=lang)

    async def objection(self, view: Mapping[str, Any], user_id: str) -> dict[str, Any] | None:
        """What a submitted form is to be answered with instead of being run: its mistakes, or the form anew.

        Anew where a choice was made and the form not redrawn yet: its other fields are those of the choice before.
        """
        chosen = forms.chosen(view)
        if forms.changed(view):
            return {"response_action": "update", "view": await self._redrawn(view, user_id)}
        try:
            mistakes = await self._builder.mistakes(chosen)
        except BotError:
            return None  # the command itself will say it
        lang = await self._identity.language(user_id)
        blocks = {forms.key_of(block): block["block_id"] for block in forms.inputs(view)}
        # A field's error is plain text.
        errors = {blocks[key]: text[lang].replace("`", "") for key, text in mistakes.items()}
        return {"response_action": "errors", "errors": errors} if errors else None

    async def _clicked(self, pending: Pending, _: str) -> Message | None:
        return await self.open(pending)

    async def _redrawn(self, view: Mapping[str, Any], user_id: str) -> dict[str, Any]:
        lang = await self._identity.language(user_id)
        try:
            return await self._view(forms.chosen(view), user_id, forms.metadata(view)["address"], lang)
        except BotError as error:
            return builder_form.build_words(error.text[lang], lang)

    async def _view(self, chosen: Chosen, user_id: str, address: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
        """Raises BotError."""
        person = await self._identity.person(user_id)
        form = await self._builder.form(chosen, person, self._identity.namespace(address["channel"]))
        return builder_form.build_form(form, address, lang)
