"""A question put to the trainers, once, with its asker's agreement where it was asked in private."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Unavailable
from bot.helpdesk import Trainers
from bot.journal import Pending
from bot.knowledge import language_of
from bot.language import Lang, Text
from bot.slack import inbox
from bot.slack.blocks import Block, Message, actions, button, context, escape, section
from bot.slack.identity import Identity
from bot.slack.replies import FAILURES, Replies

log = logging.getLogger(__name__)

_QUESTION_CHARACTERS = 2_000

QUESTION = Text("<@{asker}> demande à un formateur :", "<@{asker}> asks a trainer:")
PRIVATE = Text(
    "Posée en message direct. Répondez sous ce message, puis faites-en une fiche : je la lui enverrai.",
    "Asked in a direct message. Answer below this message, then make it an entry: I will send it on.",
)
OPEN_THREAD = Text("Ouvrir le fil", "Open the thread")
MAKE_ENTRY = Text("En faire une fiche", "Make it an entry")
CONSENT = Text(
    "Voici exactement ce que les formateurs recevront, avec votre nom :",
    "This is exactly what the trainers will get, with your name:",
)
SEND = Text("Envoyer aux formateurs", "Send to the trainers")
SEND_NOTHING = Text("Ne rien envoyer", "Send nothing")
SENT = Text(
    "<@{asker}> a transmis cette question aux formateurs. La réponse viendra dans ce fil.",
    "<@{asker}> has put this question to the trainers. The answer will come in this thread.",
)
SENT_FROM_DM = Text(
    "C'est envoyé aux formateurs. Je vous préviendrai ici quand la réponse sera prête.",
    "Sent to the trainers. I will tell you here when the answer is ready.",
)
NOTHING_SENT = Text("Rien n'a été envoyé.", "Nothing was sent.")
NOT_SENT = Text(
    "Je n'arrive pas à joindre le canal des formateurs : rien n'a été envoyé. Écrivez-leur directement.",
    "I cannot reach the trainers' channel: nothing was sent. Please write to them yourself.",
)


class RequestsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(
        self,
        trainers: Trainers,
        identity: Identity,
        replies: Replies,
        client: AsyncWebClient,
        language: Callable[[Pending], Awaitable[Lang]],
    ) -> None:
        self._trainers = trainers
        self._identity = identity
        self._replies = replies
        self._client = client
        self._language = language
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.ASK_TRAINER: self._ask,
            inbox.SEND_TO_TRAINERS: self._send,
            inbox.SEND_NOTHING: self._send_nothing,
        }

    async def _ask(self, pending: Pending, value: str) -> Message:
        question = await self._trainers.question(pending, int(value))
        if not question.input.channel_id.startswith("D"):
            return await self._put(pending, question)
        await self._trainers.ask_consent(pending, question)
        return self._consent(question, await self._language(pending))

    async def _send(self, pending: Pending, value: str) -> Message:
        return await self._put(pending, await self._trainers.question(pending, int(value)))

    async def _send_nothing(self, pending: Pending, _: str) -> Message:
        await self._trainers.send_nothing(pending)
        text = NOTHING_SENT[await self._language(pending)]
        return Message(text, [section(text)], instead_of=pending.input.message_ts)

    async def _put(self, pending: Pending, question: Pending) -> Message:
        """Posts it in the trainers' channel, once; the reply tells whoever waits in the thread."""
        channel = self._identity.trainers_channel
        if channel is None:
            raise Unavailable(NOT_SENT)
        private = question.input.channel_id.startswith("D")
        if await self._trainers.claim(pending, question):
            await self._post(pending, question, channel)
        lang = language_of(inbox.plain(question.input.text)) or await self._language(pending)
        text = (SENT_FROM_DM if private else SENT)[lang].format(asker=pending.input.user_id)
        return Message(text, [section(text)], instead_of=pending.input.message_ts if private else None)

    async def _post(self, pending: Pending, question: Pending, channel: str) -> None:
        asked = question.input
        private = asked.channel_id.startswith("D")
        link = None if private else await permalink(self._client, asked.channel_id, asked.message_ts)
        message = build_request(question, link, self._identity.course_language, actionable=True)
        try:
            ts = await self._replies.post(channel, None, message)
        except FAILURES as error:
            await self._trainers.withdraw(question)
            raise Unavailable(NOT_SENT) from error
        await self._trainers.posted(pending, question, ts)

    def _consent(self, question: Pending, lang: Lang) -> Message:
        request = build_request(question, None, self._identity.course_language)
        value = str(question.id)
        buttons = [
            button(SEND[lang], inbox.SEND_TO_TRAINERS, value, style="primary"),
            button(SEND_NOTHING[lang], inbox.SEND_NOTHING, value),
        ]
        divider = {"type": "divider"}
        return Message(CONSENT[lang], [section(CONSENT[lang]), divider, *request.blocks, divider, actions(buttons)])


def build_request(question: Pending, link: str | None, lang: Lang, *, actionable: bool = False) -> Message:
    """A question as the trainers get it; what is shown for consent is the same without its button."""
    asked = question.input
    text = inbox.plain(asked.text)
    text = text if len(text) <= _QUESTION_CHARACTERS else f"{text[:_QUESTION_CHARACTERS]}…"
    quoted = {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
    note = f"<{link}|{OPEN_THREAD[lang]}>" if link else PRIVATE[lang] if asked.channel_id.startswith("D") else ""
    heading = QUESTION[lang].format(asker=asked.user_id)
    blocks: list[Block] = [section(heading), quoted, *([context(note)] if note else [])]
    if actionable:
        blocks.append(actions([button(MAKE_ENTRY[lang], inbox.MAKE_ENTRY, str(question.id))]))
    return Message(f"{heading} {escape(text)}", blocks)


async def permalink(client: AsyncWebClient, channel: str, ts: str | None) -> str | None:
    """None where Slack gives none: the rest is as useful without."""
    if ts is None:
        return None
    try:
        return str((await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])
    except FAILURES:
        log.exception("no permalink")
        return None
