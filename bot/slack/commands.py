"""`/k8s`, the same below an answer's commands, and the buttons below writes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.errors import BotError, NotAllowed
from bot.helpdesk import Commands, Frozen, Outcome
from bot.journal import Freeze, Pending
from bot.knowledge import Answer
from bot.language import Lang, Text
from bot.slack import blocks, inbox
from bot.slack.answers import Buttons, lines
from bot.slack.blocks import Block, Message, actions, build_result, button, context, escape, section
from bot.slack.identity import Identity

UNDO = Text("Annuler", "Undo")
UNDO_FOR = Text("« Annuler » vaut 10 minutes.", "“Undo” works for 10 minutes.")
WOULD = Text("Rien n'est encore fait. Voici ce qui changerait :", "Nothing is done yet. This is what would change:")
CONFIRM = Text("Confirmer", "Confirm")
GIVE_UP = Text("Ne rien changer", "Change nothing")
CONFIRM_FOR = Text("Pour vous, pendant 5 minutes.", "For you, for 5 minutes.")
FROZEN = Text(
    ":snowflake: Écritures gelées {where} par <@{user}>, depuis {age}. Les lectures restent ouvertes. "
    "Un formateur rouvre avec `{line}`.",
    ":snowflake: Writes are frozen {where} by <@{user}>, for {age} now. Reads stay open. "
    "A trainer opens them again with `{line}`.",
)
EVERYWHERE = Text("partout", "everywhere")
MINUTES, HOURS, DAYS = (
    Text("{count} min", "{count} min"),
    Text("{count} h", "{count} h"),
    Text("{count} j", "{count} d"),
)
IN = Text("dans `{namespace}`", "in `{namespace}`")


class CommandsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(self, commands: Commands, identity: Identity, language: Callable[[Pending], Awaitable[Lang]]) -> None:
        self._commands = commands
        self._identity = identity
        self._language = language
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.RUN: self._run_shown,
            inbox.UNDO: self._undo,
            inbox.CONFIRM: self._confirm,
            inbox.GIVE_UP: self._give_up,
        }

    async def run(self, pending: Pending) -> Message:
        asked = pending.input
        if asked.address.get("edited"):
            raise BotError(blocks.NOT_RUN_AGAIN)
        person = await self._identity.person(asked.user_id)
        namespace = self._identity.namespace(asked.channel_id)
        return await self._told(pending, self._commands.run(pending, person, namespace, asked.text))

    async def runnable(self, pending: Pending, answers: Sequence[Answer]) -> Buttons:
        """What of the answers' commands has a button here: nothing where commands do not belong."""
        asked = pending.input
        try:
            namespace = self._identity.namespace(asked.channel_id)
        except NotAllowed:
            return {}
        if not namespace:
            with suppress(BotError):
                namespace = next(iter((await self._identity.person(asked.user_id)).namespaces), None)
        return await self._commands.runnable(lines(answers), namespace or "")

    async def _run_shown(self, pending: Pending, value: str) -> Message:
        """An answer's command, as if whoever clicks had typed it here; in the namespace shown where it is theirs."""
        asked, (shown, _, line) = pending.input, value.partition(" ")
        person = await self._identity.person(asked.user_id)
        namespace = self._identity.namespace(asked.channel_id)
        if shown in person.namespaces:
            namespace = shown
        return await self._told(pending, self._commands.run(pending, person, namespace, line))

    async def _undo(self, pending: Pending, offer_id: str) -> Message:
        person = await self._identity.person(pending.input.user_id)
        return await self._told(pending, self._commands.undo(pending, person, offer_id))

    async def _confirm(self, pending: Pending, offer_id: str) -> Message:
        person = await self._identity.person(pending.input.user_id)
        return await self._told(pending, self._commands.confirm(pending, person, offer_id), closes=True)

    async def _give_up(self, pending: Pending, offer_id: str) -> Message:
        text = await self._commands.give_up(pending, offer_id)
        words = text[await self._language(pending)]
        return Message(words, [section(words)], public=False, closes=True)

    async def _told(self, pending: Pending, work: Awaitable[Outcome], *, closes: bool = False) -> Message:
        lang = await self._language(pending)
        try:
            return build_outcome(await work, lang, closes=closes)
        except Frozen as frozen:
            raise NotAllowed(Text(*(build_freeze(frozen.freeze, known) for known in ("fr", "en")))) from frozen


def build_outcome(outcome: Outcome, lang: Lang, *, closes: bool = False) -> Message:
    """What a command printed; of a write first before → after and what became of it, and its buttons."""
    result, plain = outcome.result, build_result(outcome.result, lang)
    if not result.changes:
        return plain
    changed = [change.told[lang] for change in result.changes]
    if outcome.confirm:
        return _asking(plain, changed, outcome, lang)
    told = "\n".join([*changed, *([outcome.seen[lang]] if outcome.seen else [])])
    line, *printed = plain.blocks
    content = [line, section(escape(told)), *printed]
    if outcome.undo:
        content += [actions([button(UNDO[lang], inbox.UNDO, outcome.undo)]), context(UNDO_FOR[lang])]
    # Whatever was changed is shown to all, even where a part of it failed.
    return Message(told.replace("\n", " · "), content, public=True, closes=closes)


def _asking(plain: Message, changed: Sequence[str], outcome: Outcome, lang: Lang) -> Message:
    line, told = plain.blocks[0], "\n".join([WOULD[lang], *changed])
    failed: Iterable[Block] = [section(escape(outcome.result.explanation[lang]))] if outcome.result.explanation else []
    value = str(outcome.confirm)
    buttons = [
        button(CONFIRM[lang], inbox.CONFIRM, value, style="danger"),
        button(GIVE_UP[lang], inbox.GIVE_UP, value),
    ]
    return Message(
        told.replace("\n", " "),
        [line, section(escape(told)), *failed, actions(buttons), context(CONFIRM_FOR[lang])],
        public=False,
    )


def build_freeze(freeze: Freeze, lang: Lang) -> str:
    """Who stopped writes, and for how long they have been."""
    where = IN.format(namespace=freeze.namespace) if freeze.namespace else EVERYWHERE
    return FROZEN[lang].format(
        where=where[lang],
        user=freeze.user_id,
        age=age(datetime.now(UTC) - freeze.since)[lang],
        line=f"/k8s unfreeze {freeze.namespace}".rstrip(),
    )


def age(duration: timedelta) -> Text:
    """At least a minute, in the largest unit that is full twice."""
    minutes = max(1, duration // timedelta(minutes=1))
    for unit, length in ((DAYS, 24 * 60), (HOURS, 60)):
        if minutes >= 2 * length:
            return unit.format(count=minutes // length)
    return MINUTES.format(count=minutes)


def build_freezes(freezes: Iterable[Freeze], lang: Lang) -> list[Block]:
    return [section(build_freeze(freeze, lang)) for freeze in freezes]
