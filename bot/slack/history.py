"""`/k8s history`: the day's writes, for one trainer's eyes."""

from datetime import datetime, tzinfo

from bot.helpdesk import Deed, History, Page
from bot.language import Lang, Text
from bot.sandbox import Person
from bot.slack import inbox
from bot.slack.blocks import Block, Message, button, context, escape, section
from bot.slack.identity import Identity

_LINE_CHARACTERS, _CHANGES_CHARACTERS = 200, 200

TODAY = Text("Écritures d'aujourd'hui", "Today's writes")
ABOUT = Text("{title} : `{about}`", "{title}: `{about}`")
NONE = Text("Rien n'a été écrit aujourd'hui.", "Nothing was written today.")
SHOWN = Text("{shown} sur {total}, de la plus récente à la plus ancienne", "{shown} of {total}, the newest first")
UNDO = Text("Annuler", "Undo")
DECISIONS = {
    "ran": Text("fait", "done"),
    "refused": Text("refusé", "refused"),
    "failed": Text("échec", "failed"),
    "error": Text("erreur imprévue", "unexpected error"),
    "": Text("interrompu : à vérifier", "interrupted: have a look"),
}
PROPOSED = Text("proposé par <@{user}>", "proposed by <@{user}>")
UNDONE = Text("annulé par <@{user}>", "undone by <@{user}>")


class HistoryDesk:
    def __init__(self, history: History, identity: Identity) -> None:
        self._history = history
        self._identity = identity

    async def show(self, person: Person, about: str, lang: Lang) -> Message:
        """Today is the day of whoever asks."""
        zone = await self._identity.time_zone(person.user_id)
        midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return build_history(await self._history.since(midnight, person, about), about, zone, lang)


def build_history(page: Page, about: str, zone: tzinfo, lang: Lang) -> Message:
    title = ABOUT[lang].format(title=TODAY[lang], about=escape(about)) if about else TODAY[lang]
    blocks = [section(f"*{title}*"), *(_deed(deed, zone, lang) for deed in page.deeds)]
    count = SHOWN[lang].format(shown=len(page.deeds), total=page.total) if page.total else NONE[lang]
    return Message(f"{title} — {count}", [*blocks, context(count)], public=False)


def _deed(deed: Deed, zone: tzinfo, lang: Lang) -> Block:
    write = deed.write
    ended = [DECISIONS.get(write.decision, DECISIONS["error"])[lang]]
    if write.proposed_by:
        ended.append(PROPOSED[lang].format(user=write.proposed_by))
    if deed.undone_by:
        ended.append(UNDONE[lang].format(user=deed.undone_by))
    changed = [escape(_cut("\n".join(change.told[lang] for change in deed.changes), _CHANGES_CHARACTERS))]
    line = escape(_cut(write.line, _LINE_CHARACTERS)).replace("`", "'")
    head = f"*{write.at.astimezone(zone):%H:%M}* <@{write.user_id}> `{line}`"
    told = section("\n".join([head, *filter(None, changed), " · ".join(ended)]))
    return told | ({"accessory": button(UNDO[lang], inbox.UNDO_LISTED, deed.undo)} if deed.undo else {})


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
