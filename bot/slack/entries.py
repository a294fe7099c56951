"""A trainer's answer made an entry: the form, prefilled from the thread; live, and its asker told."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError, Unavailable
from bot.helpdesk import Trainers
from bot.journal import Input, Journal, Pending, TrainerEntry
from bot.knowledge import language_of
from bot.language import Lang, Text
from bot.slack import entry_form, inbox
from bot.slack.answers import build_answer
from bot.slack.blocks import Message, build_words, escape, section
from bot.slack.entry_form import Form
from bot.slack.identity import Identity
from bot.slack.replies import FAILURES, Replies

log = logging.getLogger(__name__)

_THREAD_MESSAGES = 1_000

TOO_LATE = Text(
    "Le formulaire n'a pas pu s'ouvrir à temps. Cliquez de nouveau sur le bouton.",
    "The form could not open in time. Click the button again.",
)
ANSWERED = Text("Un formateur a répondu à votre question :", "A trainer has answered your question:")
ANSWERED_TO = Text(
    "<@{asker}>, un formateur a répondu à votre question :", "<@{asker}>, a trainer has answered your question:"
)
SAVED = Text(
    "Fiche enregistrée par <@{author}>, en ligne dès maintenant : *{title}*",
    "Entry saved by <@{author}>, live from now on: *{title}*",
)
NOT_TOLD = Text(
    "Je n'ai pas pu prévenir la personne qui avait posé la question.", "I could not tell the person who had asked."
)


class EntriesDesk:
    """``works``: the story's click and form, by the names that the inbox gives them."""

    def __init__(
        self,
        trainers: Trainers,
        journal: Journal,
        identity: Identity,
        replies: Replies,
        client: AsyncWebClient,
        bot_user_id: str,
        language: Callable[[Pending], Awaitable[Lang]],
        refresh_home: Callable[[str], Awaitable[None]],
    ) -> None:
        self._trainers = trainers
        self._journal = journal
        self._identity = identity
        self._replies = replies
        self._client = client
        self._bot_user_id = bot_user_id
        self._language = language
        self._refresh_home = refresh_home
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.MAKE_ENTRY: self._open_form,
            inbox.SAVE_ENTRY: self._save,
        }

    async def objection(self, submitted: Input) -> dict[str, Any] | None:
        """What an acknowledged form would lose: errors at its fields, or the entry that someone else saved first."""
        form = Form.submitted(submitted.text.partition(" ")[2])
        lang = await self._identity.language(submitted.user_id)
        if problems := entry_form.problems(form):
            return {"response_action": "errors", "errors": {name: text[lang] for name, text in problems.items()}}
        stored = await self._trainers.entry(form.question_id)
        if stored is None or stored.revision == form.revision or not await self._identity.is_trainer(submitted.user_id):
            return None
        mine = Form(form.question_id, stored.revision, form.fields)
        view = entry_form.build_form(mine, lang, *entry_form.about_others(stored, lang))
        return {"response_action": "update", "view": view}

    async def _open_form(self, pending: Pending, value: str) -> None:
        """The reply is the form itself, and so are refusals."""
        try:
            opened = await self._client.views_open(
                trigger_id=pending.input.address.get("trigger_id", ""), view=entry_form.build_skeleton()
            )
        except SlackApiError as error:
            raise Unavailable(TOO_LATE) from error
        lang = await self._language(pending)
        try:
            await self._identity.check_trainer(pending.input.user_id)
            view = await self._form(await self._trainers.any_question(int(value)), lang)
            await self._journal.decide(pending, "noted", "form opened")
        except BotError as error:
            await self._journal.decide(pending, "refused", error.text.en)
            view = entry_form.build_words(error.text[lang], lang)
        await self._client.views_update(view_id=opened["view"]["id"], view=view)

    async def _form(self, question: Pending, lang: Lang) -> dict[str, Any]:
        stored = await self._trainers.entry(question.id)
        if stored:
            return entry_form.build_form(Form.of_entry(stored), lang, entry_form.about_stored(stored, lang))
        fields = {
            "wordings": " ".join(inbox.plain(question.input.text).split()),
            "answer": await self._said_by_trainers(question),
        }
        return entry_form.build_form(Form(question.id, 0, fields), lang)

    async def _said_by_trainers(self, question: Pending) -> str:
        """What they wrote after the question in its thread; where they wrote nothing, or cannot, below its post."""
        asked = question.input
        said = ""
        if not asked.channel_id.startswith("D") and asked.thread_ts:
            said = await self._said(asked.channel_id, asked.thread_ts, asked.message_ts or asked.thread_ts)
        request = await self._trainers.request(question.id)
        if not said and request and request.ts and self._identity.trainers_channel:
            said = await self._said(self._identity.trainers_channel, request.ts, request.ts)
        return said

    async def _said(self, channel: str, thread_ts: str, after: str) -> str:
        try:
            replies = await self._client.conversations_replies(channel=channel, ts=thread_ts, limit=_THREAD_MESSAGES)
        except SlackApiError as error:
            # Without the optional scopes the trainer types the answer, and that is all.
            log.info("the thread of a question cannot be read: %s", error.response["error"])
            return ""
        texts = [
            inbox.plain(message["text"])
            for message in replies["messages"]
            if message["ts"] > after
            and inbox.is_from_a_person(message, self._bot_user_id)
            and f"<@{self._bot_user_id}>" not in message["text"]
            and await self._identity.is_trainer(message["user"])
        ]
        return "\n\n".join(filter(None, texts))

    async def _save(self, pending: Pending, value: str) -> Message | None:
        author = pending.input.user_id
        await self._identity.check_trainer(author)
        entry = await self._trainers.save(pending, entry_form.draft(Form.submitted(value)))
        question = await self._trainers.any_question(entry.question_id)
        told = await self._tell_asker(question, entry)
        lang = self._identity.course_language
        words = [SAVED[lang].format(author=author, title=escape(entry.title)), *([] if told else [NOT_TOLD[lang]])]
        message = build_words("\n".join(words))
        await self._refresh_home(author)
        request = await self._trainers.request(entry.question_id)
        if request and request.ts and self._identity.trainers_channel:
            await self._replies.post(self._identity.trainers_channel, request.ts, message)
            return None
        return message

    async def _tell_asker(self, question: Pending, entry: TrainerEntry) -> bool:
        if not await self._trainers.still_to_tell(entry):
            return True
        asked = question.input
        lang = language_of(inbox.plain(asked.text)) or await self._identity.language(asked.user_id)
        answer = await self._trainers.show(entry, lang)
        if answer is None:
            return True
        shown = build_answer(answer, question.id, {}, can_ask=False)
        words = ANSWERED if asked.channel_id.startswith("D") else ANSWERED_TO.format(asker=asked.user_id)
        message = Message(f"{words[lang]} {escape(entry.title)}", [section(words[lang]), *shown.blocks])
        try:
            await self._replies.post(asked.channel_id, asked.thread_ts, message)
        except FAILURES:
            log.exception("the asker of question %s could not be told", question.id)
            return False
        return True
