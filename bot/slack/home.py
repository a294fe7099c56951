"""The bot's Home: three things to try and the language; for trainers, also what still wants an entry."""

import asyncio
import logging
from collections.abc import Sequence

from cachetools import LRUCache
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BotError
from bot.helpdesk import BACKLOG_DAYS, Brake, Group, Trainers
from bot.language import Lang, Text
from bot.slack import inbox
from bot.slack.blocks import Block, actions, button, context, escape, section
from bot.slack.builder import build_button
from bot.slack.identity import Identity
from bot.slack.outcomes import build_freezes
from bot.slack.replies import FAILURES
from bot.slack.requests import MAKE_ENTRY, OPEN_THREAD, permalink

log = logging.getLogger(__name__)

CHOOSE_LANGUAGE = "choose-language"
_GROUPS = 15
_QUESTION_CHARACTERS = 200
_LINKS = 1_000

HOME = Text(
    "*Bonjour !* Je réponds aux questions du cours Kubernetes et j'exécute `/k8s` sur le bac à sable.\n\n"
    "*Trois choses à essayer*\n"
    "1. Dans le canal du cours : `@timonier comment voir les pods ?`\n"
    "2. Dans le canal du bac à sable : `/k8s get pods`\n"
    "3. Côté formateur : `/k8s scale deployment demonstration --replicas=5`\n\n"
    "`/k8s help` montre tout ce qui est permis ; `/k8s` seul vous aide à composer une commande.",
    "*Hello!* I answer questions about the Kubernetes course and run `/k8s` on the sandbox.\n\n"
    "*Three things to try*\n"
    "1. In the course channel: `@timonier how do I see the pods?`\n"
    "2. In the sandbox channel: `/k8s get pods`\n"
    "3. As a trainer: `/k8s scale deployment demonstration --replicas=5`\n\n"
    "`/k8s help` shows all that is allowed; `/k8s` alone helps you build a command.",
)
LANGUAGE = Text("Langue des réponses à `/k8s`", "Language of the answers to `/k8s`")
WANTED = Text(
    "*Pour les formateurs : ce qui attend une fiche*\n"
    "Les questions des {days} derniers jours restées sans réponse ou dont la réponse n'a pas aidé.",
    "*For trainers: what wants an entry*\n"
    "The questions of the last {days} days that got no answer, or one that did not help.",
)
NOTHING_WANTED = Text("Rien pour l'instant.", "Nothing right now.")
TIMES = Text("posée {count} fois", "asked {count} times")
NOT_USEFUL = Text("jugée pas utile {count} fois", "found not useful {count} times")
UNKNOWN = Text("sans réponse", "without an answer")
OTHERS = Text("… et {count} autres", "… and {count} more")


class Home:
    def __init__(self, client: AsyncWebClient, identity: Identity, trainers: Trainers, brake: Brake) -> None:
        self._client = client
        self._identity = identity
        self._trainers = trainers
        self._brake = brake
        self._links: LRUCache[int, str] = LRUCache(_LINKS)

    async def publish(self, user_id: str) -> None:
        """The role is looked up each time; whoever has none that Slack confirms gets the students' Home."""
        lang = await self._identity.language(user_id)
        blocks = build_freezes(await self._brake.frozen(), lang) + build_home(lang)
        if await self._is_trainer(user_id):
            blocks += await self._wanted(lang)
        try:
            await self._client.views_publish(user_id=user_id, view={"type": "home", "blocks": blocks})
        except FAILURES:
            log.exception("the Home of %s could not be published", user_id)

    async def _is_trainer(self, user_id: str) -> bool:
        try:
            await self._identity.check_trainer(user_id)
        except BotError:
            return False
        return True

    async def _wanted(self, lang: Lang) -> list[Block]:
        groups = await self._trainers.backlog()
        links = await asyncio.gather(*(self._link(group) for group in groups[:_GROUPS]))
        return build_wanted(groups, links, lang)

    async def _link(self, group: Group) -> str | None:
        """To the newest of the threads that a trainer can open."""
        public = (question for question in group.questions if not question.channel_id.startswith("D"))
        question = next(public, None)
        if question is None:
            return None
        if question.question_id not in self._links:
            link = await permalink(self._client, question.channel_id, question.message_ts)
            if link is None:
                return None
            self._links[question.question_id] = link
        return self._links[question.question_id]


def build_home(lang: Lang) -> list[Block]:
    buttons = [
        {
            "type": "button",
            "action_id": f"{CHOOSE_LANGUAGE}-{choice}",
            "text": {"type": "plain_text", "text": name},
            "value": choice,
            **({"style": "primary"} if choice == lang else {}),
        }
        for choice, name in (("fr", "Français"), ("en", "English"))
    ]
    return [
        section(HOME[lang]),
        actions([build_button(lang)]),
        {"type": "divider"},
        section(LANGUAGE[lang]),
        actions(buttons),
    ]


def build_wanted(groups: Sequence[Group], links: Sequence[str | None], lang: Lang) -> list[Block]:
    """``links``: for the first groups, which are shown; for each its thread, where there is one to open."""
    blocks = [{"type": "divider"}, section(WANTED[lang].format(days=BACKLOG_DAYS))]
    blocks += [_group(group, link, lang) for group, link in zip(groups, links, strict=False)]
    if not groups:
        blocks.append(context(NOTHING_WANTED[lang]))
    if len(groups) > len(links):
        blocks.append(context(OTHERS[lang].format(count=len(groups) - len(links))))
    return blocks


def _group(group: Group, link: str | None, lang: Lang) -> Block:
    question = group.questions[0]
    facts = [TIMES[lang].format(count=len(group.questions))] if len(group.questions) > 1 else []
    if any(question.unknown for question in group.questions):
        facts.append(UNKNOWN[lang])
    if group.not_useful:
        facts.append(NOT_USEFUL[lang].format(count=group.not_useful))
    if link:
        facts.append(f"<{link}|{OPEN_THREAD[lang]}>")
    text = " ".join(inbox.plain(question.text).split())
    text = text if len(text) <= _QUESTION_CHARACTERS else f"{text[:_QUESTION_CHARACTERS]}…"
    make = button(MAKE_ENTRY[lang], inbox.MAKE_ENTRY, str(question.question_id))
    return section(f"{escape(text)}\n{' · '.join(facts)}") | {"accessory": make}
