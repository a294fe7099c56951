"""The base that answers: the shipped entries, and the trainers' from the store, each as soon as it is saved."""

import asyncio
from collections.abc import Sequence

import yaml

from bot.journal import Entries, TrainerEntry
from bot.knowledge import Command, Entry, KnowledgeBase
from bot.language import LANGS, Lang, Text

CHAPTER = Text("Réponses des formateurs", "Answers from the trainers")

# What the loader asks of every entry; trainers write fewer, in one language.
_WORDINGS = 3
_EXPORTED = "# Written by trainers in Slack, in one language: translate it, and add the words that people use.\n"


class Library:
    def __init__(self, shipped: KnowledgeBase, store: Entries) -> None:
        self._shipped = shipped
        self._store = store
        self._base = shipped
        self._version = 0
        self._building = asyncio.Lock()

    async def base(self) -> KnowledgeBase:
        """The base as of now; one cheap query, and a new index only after a change of the store."""
        if await self._store.version() != self._version:
            async with self._building:
                await self._build()
        return self._base

    async def _build(self) -> None:
        version = await self._store.version()
        if version == self._version:
            return
        shipped = {entry.id for entry in self._shipped.entries}
        stored = [as_entry(entry) for entry in await self._store.all() if entry.id not in shipped]
        # Half a second of work: not in the loop that acknowledges.
        self._base = await asyncio.to_thread(_warm_base, (*self._shipped.entries, *stored))
        self._version = version


def _warm_base(entries: Sequence[Entry]) -> KnowledgeBase:
    base = KnowledgeBase(entries)
    base.warm()
    return base


def as_entry(stored: TrainerEntry) -> Entry:
    """What a trainer wrote in one language is said in both."""
    return Entry(
        id=stored.id,
        chapter=CHAPTER,
        title=_both(stored.title),
        questions=dict.fromkeys(LANGS, stored.wordings),
        answer=_both(stored.answer),
        commands=tuple(Command(run, _both(does)) for run, does in stored.commands),
        source=CHAPTER.fr,
        beyond_course=True,
    )


def as_yaml(entries: Sequence[TrainerEntry]) -> str:
    """One file of a base, as ``load_entries`` takes it."""
    content = {
        "chapter": _texts(CHAPTER),
        "source": CHAPTER.fr,
        "entries": [_fields(as_entry(entry)) for entry in entries],
    }
    return _EXPORTED + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _fields(entry: Entry) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": entry.id,
        "title": _texts(entry.title),
        "questions": {lang: _enough(entry, lang) for lang in LANGS},
        "answer": _texts(entry.answer),
        "beyond_course": True,
    }
    if entry.commands:
        fields["commands"] = [
            {"run": command.run, "does": _texts(command.does), "unproven": "written by a trainer in Slack"}
            for command in entry.commands
        ]
    return fields


def _enough(entry: Entry, lang: Lang) -> list[str]:
    """The wordings, and the title until there are as many as the loader asks for."""
    wordings = list(entry.questions[lang])
    return wordings + [entry.title[lang]] * (_WORDINGS - len(wordings))


def _both(text: str) -> Text:
    return Text(text, text)


def _texts(text: Text) -> dict[str, str]:
    return {lang: text[lang] for lang in LANGS}
