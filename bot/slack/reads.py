"""What a read printed, shown again: to all, or whole as a file."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.helpdesk import Reads
from bot.journal import Pending
from bot.language import Lang, Text
from bot.sandbox import Result
from bot.slack import inbox
from bot.slack.blocks import Message, after_first, build_result, build_words, context, section
from bot.slack.identity import Identity
from bot.slack.replies import Replies

SHARED_BY = Text("Partagé par <@{user}>", "Shared by <@{user}>")
WHOLE_SENT = Text("Le fichier est dans vos messages directs.", "The file is in your direct messages.")
WHOLE_NOT_SENT = Text(
    "Slack n'a pas pris le fichier. Voici la suite :", "Slack did not take the file. This comes next:"
)


class ReadsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(
        self, reads: Reads, identity: Identity, replies: Replies, language: Callable[[Pending], Awaitable[Lang]]
    ) -> None:
        self._reads = reads
        self._identity = identity
        self._replies = replies
        self._language = language
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.SHARE: self._share,
            inbox.WHOLE: self._whole,
        }

    async def _share(self, pending: Pending, offer_id: str) -> Message:
        person = await self._identity.person(pending.input.user_id)
        result = await self._reads.share(pending, person, offer_id)
        return build_shared(result, person.user_id, await self._language(pending))

    async def _whole(self, pending: Pending, offer_id: str) -> Message:
        person = await self._identity.person(pending.input.user_id)
        result = await self._reads.whole(pending, person, offer_id)
        sent = bool(result.stdout) and await self._replies.send_file(person.user_id, result.stdout, result.line)
        return build_whole(result, await self._language(pending), sent=sent)


def build_shared(result: Result, user_id: str, lang: Lang) -> Message:
    shared = context(SHARED_BY[lang].format(user=user_id))
    plain = build_result(result, lang, len(SHARED_BY[lang]))
    return replace(plain, blocks=[shared, *plain.blocks], public=True, closes=True)


def build_whole(result: Result, lang: Lang, *, sent: bool) -> Message:
    """That the file is there; else what comes after the part that was shown."""
    if sent:
        return build_words(WHOLE_SENT[lang])
    if not result.stdout:
        return replace(build_result(result, lang), public=False)
    rest = build_result(after_first(result, lang), lang, len(WHOLE_NOT_SENT[lang]))
    return replace(rest, blocks=[section(WHOLE_NOT_SENT[lang]), *rest.blocks], public=False)
