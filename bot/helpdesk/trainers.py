"""From a question to a trainer, from the trainer's words to an entry, and what still wants one."""

import asyncio
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rapidfuzz import fuzz, process

from bot.errors import BotError, NotAllowed
from bot.helpdesk.library import Library
from bot.helpdesk.questions import NO_QUESTION
from bot.journal import Journal, Pending, Request, Requests, TrainerEntry, Unsolved
from bot.knowledge import Answer
from bot.language import Lang, Text

REQUESTS_AN_HOUR = 5
BACKLOG_DAYS = 30
BACKLOG_QUESTIONS = 500
# Of rapidfuzz's token_sort_ratio: below it, groups mix questions about different things.
ALIKE = 80
# What questions have in common whatever they are about.
_COMMON = re.compile(
    r"(a|ai|au|aux|avec|c|ce|ces|comment|d|dans|de|des|du|en|est|et|faire|faut|il|j|je|l|la|le|les|ma|mes|mon|on|ou|par"
    r"|peut|peux|pour|pourquoi|qu|quand|que|quel|quelle|quelles|quels|qui|s|sa|se|ses|si|son|sur|un|une|y"
    r"|an|and|are|can|do|does|for|how|i|in|is|it|my|of|or|the|to|what|when|where|which|who|why|with|you)"
)

ALREADY = Text(
    "Cette question est déjà chez les formateurs. Leur réponse viendra ici.",
    "The trainers already have this question. Their answer will come here.",
)
TOO_MANY = Text(
    "Vous avez transmis {count} questions aux formateurs en une heure, et c'est la limite. "
    "La prochaine pourra partir dans {minutes} min.",
    "You have put {count} questions to the trainers within an hour, which is the limit. "
    "The next one can go in {minutes} min.",
)
NOT_YOURS = Text("Seule la personne qui a posé cette question peut la transmettre.", "Only its asker can send this on.")
OTHER_FIRST = Text(
    "Une autre personne a enregistré cette fiche juste avant vous. Rouvrez-la pour voir sa version et la corriger.",
    "Someone else saved this entry just before you. Open it again to see their version and correct it.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a trainer typed, checked; ``revision``: of the stored entry that the trainer saw, 0 for none."""

    question_id: int
    revision: int
    title: str
    wordings: tuple[str, ...]
    answer: str
    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike, the newest first: it speaks for them."""

    questions: tuple[Unsolved, ...]

    @property
    def not_useful(self) -> int:
        return sum(question.not_useful for question in self.questions)


class Trainers:
    def __init__(self, library: Library, journal: Journal) -> None:
        self._library = library
        self._journal = journal

    async def question(self, pending: Pending, input_id: int) -> Pending:
        """The question behind a button on its answer; raises BotError when there is none, or in another channel."""
        question = await self.any_question(input_id)
        if question.input.channel_id != pending.input.channel_id:
            raise BotError(NO_QUESTION)
        return question

    async def any_question(self, input_id: int) -> Pending:
        """The question behind a trainer's button, which may stand in any channel."""
        question = await self._journal.question_of(input_id)
        if question is None:
            raise BotError(NO_QUESTION)
        return question

    async def ask_consent(self, pending: Pending, question: Pending) -> None:
        """Before a question that was asked in private is sent; raises BotError where it may not be."""
        await self._check_may_ask(question, pending.input.user_id)
        await self._journal.decide(pending, "noted", "asked for consent")

    async def send_nothing(self, pending: Pending) -> None:
        await self._journal.decide(pending, "noted", "nothing sent")

    async def claim(self, pending: Pending, question: Pending) -> bool:
        """Makes the request this click's own; False when this very click has posted it, before a stop.

        Raises BotError where it may not be made.
        """
        made = await self._journal.requests.of(question.id)
        if made is None or made.click_id != pending.id:
            await self._check_may_ask(question, pending.input.user_id)
        request = await self._journal.requests.claim(question.id, pending.id, pending.input.user_id)
        if request.click_id != pending.id:
            raise BotError(ALREADY)
        return request.ts is None

    async def posted(self, pending: Pending, question: Pending, ts: str) -> None:
        await self._journal.requests.posted(question.id, ts)
        await self._journal.decide(pending, "noted", "put to the trainers")

    async def withdraw(self, question: Pending) -> None:
        await self._journal.requests.withdraw(question.id)

    async def request(self, question_id: int) -> Request | None:
        return await self._journal.requests.of(question_id)

    async def entry(self, question_id: int) -> TrainerEntry | None:
        return await self._journal.entries.of(question_id)

    async def save(self, pending: Pending, draft: Draft) -> TrainerEntry:
        """Saves an entry, live at once; raises BotError when someone else saved one since the trainer looked."""
        stored = await self.entry(draft.question_id)
        entry = TrainerEntry(
            question_id=draft.question_id,
            id=stored.id if stored else f"{slug(draft.title)}-{draft.question_id}",
            title=draft.title,
            wordings=draft.wordings,
            answer=draft.answer,
            commands=draft.commands,
            author=pending.input.user_id,
            revision=draft.revision,
        )
        if not await self._journal.entries.save(entry, pending.id):
            raise BotError(OTHER_FIRST)
        self._journal.understand(pending, entry.id)
        await self._journal.decide(pending, "noted", "entry saved")
        return entry

    async def still_to_tell(self, entry: TrainerEntry) -> bool:
        """Whether the asker is not told yet that there is an answer; True once."""
        return await self._journal.entries.tell(entry.question_id)

    async def show(self, entry: TrainerEntry, lang: Lang) -> Answer | None:
        return (await self._library.base()).show(entry.id, lang)

    async def backlog(self) -> list[Group]:
        """What wants an entry, the most asked first; nothing that one was made for since."""
        since = datetime.now(UTC) - timedelta(days=BACKLOG_DAYS)
        questions = await self._journal.votes.unsolved(since, BACKLOG_QUESTIONS)
        groups = await asyncio.to_thread(group, questions)  # a tenth of a second for as many as there may be
        open_groups = [Group(tuple(_open(questions))) for questions in groups]
        return sorted(filter(lambda g: g.questions, open_groups), key=lambda g: -len(g.questions))

    async def _check_may_ask(self, question: Pending, user_id: str) -> None:
        """Raises BotError for a question that is with the trainers already, and for one too many."""
        if question.input.channel_id.startswith("D") and question.input.user_id != user_id:
            raise NotAllowed(NOT_YOURS)
        if await self._journal.requests.of(question.id):
            raise BotError(ALREADY)
        await check_rate(self._journal.requests, user_id, TOO_MANY)


async def check_rate(requests: Requests, user_id: str, too_many: Text) -> None:
    """Raises NotAllowed for one request too many within an hour."""
    now, hour = datetime.now(UTC), timedelta(hours=1)
    made = await requests.by(user_id, since=now - hour)
    if len(made) >= REQUESTS_AN_HOUR:
        left = made[-REQUESTS_AN_HOUR] + hour - now
        raise NotAllowed(too_many.format(count=len(made), minutes=int(left.total_seconds() // 60) + 1))


def group(questions: Iterable[Unsolved]) -> list[list[Unsolved]]:
    """Puts each question to the first ones that it is like."""
    groups: dict[str, list[Unsolved]] = {}
    for question in questions:
        words = _words(question.text)
        text = " ".join([word for word in words if not _COMMON.fullmatch(word)] or words)
        alike = process.extractOne(text, groups.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        groups.setdefault(alike[0] if alike else text, []).append(question)
    return list(groups.values())


def slug(title: str) -> str:
    """A name that is safe as an entry's id and in a file: ``Voir l'état`` is ``voir-l-etat``."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(_words(title))).strip("-")[:60].strip("-") or "entry"


def _words(text: str) -> list[str]:
    """In lower case and without accents."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.findall(r"\w+", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _open(questions: list[Unsolved]) -> Iterable[Unsolved]:
    made = max((question.made_at for question in questions if question.made_at), default=None)
    return (question for question in questions if made is None or question.since > made)
