"""What became of a command, drawn: what it printed or changed, would change or may not, and its buttons."""

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.errors import NotAllowed
from bot.helpdesk import Frozen, Outcome, changes_of
from bot.journal import Freeze, Offer
from bot.language import LANGS, Lang, Text
from bot.sandbox import Change
from bot.slack import inbox
from bot.slack.blocks import Block, Message, actions, build_result, button, context, plain_section, quote, section
from bot.slack.builder import build_button

NOTHING = Text("Cette commande n'affiche rien, comme avec kubectl.", "This command prints nothing, as with kubectl.")
UNDO = Text("Annuler", "Undo")
UNDONE = Text("Annulée par <@{user}>.", "Undone by <@{user}>.")
SHARE = Text("Partager", "Share")
WHOLE = Text("Tout recevoir en fichier", "Get it all as a file")
UNDO_FOR = Text("« Annuler » vaut 10 minutes.", "“Undo” works for 10 minutes.")
WOULD = Text("Rien n'est encore fait. Voici ce qui changerait :", "Nothing is done yet. This is what would change:")
CONFIRM = Text("Confirmer", "Confirm")
GIVE_UP = Text("Ne rien changer", "Change nothing")
PROPOSE = Text("Proposer à un formateur", "Propose to a trainer")
MOST_TOLD = 20  # changes, one by one
AND_MORE = Text("… et {count} autres, choisis par la même commande", "… and {count} more, chosen by the same command")
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


async def explained(work: Awaitable[Outcome]) -> Outcome:
    """Its outcome; raises BotError, which says of a brake who pulled it."""
    try:
        return await work
    except Frozen as frozen:
        raise NotAllowed(Text(*(build_freeze(frozen.freeze, lang) for lang in LANGS)), linked=True) from frozen


def build_outcome(outcome: Outcome, lang: Lang, *, public: bool) -> Message:
    """What a command printed; of a write first before → after and what became of it; and its buttons.

    ``public``: whether its channel shows such results to all; refusals and questions back are for one person anyway.
    """
    if outcome.confirm:
        return _asking(outcome, lang)
    if outcome.result.changes:
        return _written(outcome, lang, public=public)
    plain = build_result(outcome.result, lang)
    nothing = [] if plain.blocks[1:] or not outcome.result.line else [section(NOTHING[lang])]
    buttons = _buttons(outcome, plain, lang, public=public)
    shown = plain.public and public and bool(outcome.result.line)
    return replace(plain, blocks=[*plain.blocks, *nothing, *buttons], public=shown)


def build_undone(offer: Offer, user_id: str, lang: Lang) -> list[Block]:
    """What a write's message becomes: what it was, and no button."""
    changed = quote("\n".join(_each_told(changes_of(offer), lang)))
    undone = section(UNDONE[lang].format(user=user_id))
    return [context(f"`{quote(offer.line)}`"), plain_section(changed), undone]


def _written(outcome: Outcome, lang: Lang, *, public: bool) -> Message:
    changed = _each_told(outcome.result.changes, lang)
    told = quote("\n".join([*changed, *([outcome.seen[lang]] if outcome.seen else [])]))
    # What matters of the API server's warnings is in the explanation.
    errors = [text for text in outcome.result.stderr.splitlines() if not text.startswith("Warning: ")]
    shown = replace(outcome.result, stderr="\n".join(errors))
    line, *printed = build_result(shown, lang, len(told)).blocks
    content = [line, plain_section(told), *printed]
    if outcome.undo:
        content += [actions([button(UNDO[lang], inbox.UNDO, outcome.undo)]), context(UNDO_FOR[lang])]
    return Message(told.replace("\n", " · "), content, public=public)


def _each_told(changes: Sequence[Change], lang: Lang) -> list[str]:
    more = len(changes) - MOST_TOLD
    rest = [AND_MORE[lang].format(count=more)] if more > 0 else []
    return [*(change.told[lang] for change in changes[:MOST_TOLD]), *rest]


def _buttons(outcome: Outcome, plain: Message, lang: Lang, *, public: bool) -> list[Block]:
    buttons = [build_button(lang)] if outcome.helps else []
    if outcome.propose:
        buttons.append(button(PROPOSE[lang], inbox.PROPOSE, outcome.propose))
    if outcome.read and not public:
        buttons.append(button(SHARE[lang], inbox.SHARE, outcome.read))
    if outcome.read and plain.is_cut:
        buttons.append(button(WHOLE[lang], inbox.WHOLE, outcome.read))
    return [actions(buttons)] if buttons else []


def _asking(outcome: Outcome, lang: Lang) -> Message:
    result = outcome.result
    told = quote("\n".join([WOULD[lang], *_each_told(result.changes, lang)]))
    line, *failed = build_result(replace(result, stdout="", stderr=""), lang, len(told)).blocks
    value = str(outcome.confirm)
    buttons = [
        button(CONFIRM[lang], inbox.CONFIRM, value, style="danger"),
        button(GIVE_UP[lang], inbox.GIVE_UP, value),
    ]
    return Message(
        told.replace("\n", " "),
        [line, plain_section(told), *failed, actions(buttons), context(CONFIRM_FOR[lang])],
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
