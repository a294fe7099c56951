"""Who is asking: from Slack's ids to a role and namespaces. Closed when Slack does not tell."""

from collections.abc import Awaitable, Callable
from datetime import UTC, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cachetools import TTLCache
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, Unavailable
from bot.language import Lang, Text
from bot.sandbox import Person
from bot.settings import Channel, Course

V = TypeVar("V")

_PEOPLE_AT_ONCE = 10_000
_PROFILE_SECONDS = 3600  # users.info: locale and guest flags change rarely
_MEMBERS_SECONDS = 60  # someone who joins a team's channel does not wait for long
_DIRECT = ("D", "U", "W")  # a conversation with one person, or that person for it
_USER_GROUP_SECONDS = 600  # usergroups.* is tier 2: 20 calls a minute

OTHER_WORKSPACE = Text(
    "Je ne réponds qu'aux personnes de cet espace Slack. Demandez à votre formateur de poser la question pour vous.",
    "I only answer people of this Slack workspace. Ask your trainer to put the question for you.",
)
NO_BOTS = Text("Je n'exécute rien pour une application.", "I run nothing for an app.")
NO_GUESTS = Text(
    "Les comptes invités ne peuvent pas utiliser `/k8s` ici. Un formateur peut l'autoriser (réglage `guests`).",
    "Guest accounts cannot use `/k8s` here. A trainer can allow it (setting `guests`).",
)
STRANGER = Text(
    "`/k8s` est réservé aux membres des canaux du cours. Rejoignez celui de votre équipe, puis recommencez.",
    "`/k8s` is for the members of the course's channels. Join your team's channel, then try again.",
)
OTHER_CHANNEL = Text(
    "`/k8s` ne répond pas dans ce canal. Utilisez {channels} ou un message direct avec moi.",
    "`/k8s` does not answer in this channel. Use {channels} or a direct message with me.",
)
TRAINERS_ONLY = Text("C'est réservé aux formateurs du cours.", "This is for the course's trainers.")
SLACK_AWAY = Text(
    "Slack ne me dit pas qui vous êtes pour l'instant, et sans le savoir je n'exécute rien. Réessayez dans une minute.",
    "Slack does not tell me who you are right now, and without knowing I run nothing. Try again in a minute.",
)


class Identity:
    """``team_id`` is the workspace's own; looks people up in Slack and keeps what it learnt for a while."""

    def __init__(
        self,
        client: AsyncWebClient,
        team_id: str,
        course: Course,
        chosen_language: Callable[[str], Awaitable[Lang | None]],
    ) -> None:
        self._client = client
        self._chosen_language = chosen_language
        self._team_id = team_id
        self._course = course
        self._profiles: TTLCache[str, dict[str, Any]] = TTLCache(_PEOPLE_AT_ONCE, _PROFILE_SECONDS)
        self._members: TTLCache[str, frozenset[str]] = TTLCache(1000, _MEMBERS_SECONDS)
        self._user_groups: TTLCache[str, frozenset[str]] = TTLCache(1000, _USER_GROUP_SECONDS)

    @property
    def trainers_channel(self) -> str | None:
        return self._course.trainers.channel

    @property
    def course_language(self) -> Lang:
        """What is said to several people at once is said in it."""
        return self._course.language

    async def language(self, user_id: str) -> Lang:
        """What the person chose, else Slack's locale where it is one of ours, else the course's language.

        A Slack that does not answer is no error here.
        """
        if chosen := await self._chosen_language(user_id):
            return chosen
        try:
            locale = str((await self._profile(user_id)).get("locale", ""))
        except Unavailable:
            locale = ""
        return "fr" if locale.startswith("fr") else "en" if locale.startswith("en") else self._course.language

    async def time_zone(self, user_id: str) -> tzinfo:
        """The person's own as Slack has it, else UTC."""
        profile = await self._profile(user_id)
        try:
            return ZoneInfo(str(profile["tz"]))
        except (KeyError, ValueError, ZoneInfoNotFoundError):
            return UTC

    async def check_workspace(self, user_id: str) -> None:
        """Raises NotAllowed for people of other workspaces and for bots."""
        profile = await self._profile(user_id)
        if profile.get("is_bot") or profile.get("deleted"):
            raise NotAllowed(NO_BOTS)
        if profile.get("team_id", self._team_id) != self._team_id or profile.get("is_stranger"):
            raise NotAllowed(OTHER_WORKSPACE)

    async def person(self, user_id: str) -> Person:
        """The role and namespaces of a user; raises NotAllowed for whoever has none."""
        await self.check_workspace(user_id)
        if await self.is_trainer(user_id):
            return Person(user_id, "trainer", self._course.namespaces)
        profile = await self._profile(user_id)
        if (profile.get("is_restricted") or profile.get("is_ultra_restricted")) and not self._course.guests:
            raise NotAllowed(NO_GUESTS)
        joined = [channel for id_, channel in self._course.channels.items() if user_id in await self._members_of(id_)]
        if not joined:
            raise NotAllowed(STRANGER)
        namespaces = dict.fromkeys(channel.namespace for channel in joined if channel.namespace)
        return Person(user_id, "student", tuple(namespaces))

    def namespace(self, channel_id: str) -> str | None:
        """The namespace that a command in this channel means; raises NotAllowed where commands do not belong."""
        if channel_id[:1] in _DIRECT or channel_id == self._course.trainers.channel:
            return None
        channel = self._course.channels.get(channel_id)
        if channel is None:
            channels = ", ".join(f"<#{id_}>" for id_ in self._course.channels)
            raise NotAllowed(OTHER_CHANNEL.format(channels=channels), linked=True)
        return channel.namespace

    def is_public(self, channel_id: str, *, writes: bool) -> bool:
        """Whether all see what a command there printed; in a direct message there is nobody to hide it from."""
        if channel_id[:1] in _DIRECT:
            return True
        channel = self._course.channels.get(channel_id, Channel())
        return (channel.writes if writes else channel.reads) == "public"

    async def check_trainer(self, user_id: str) -> None:
        """Raises NotAllowed for everyone else."""
        await self.check_workspace(user_id)
        if not await self.is_trainer(user_id):
            raise NotAllowed(TRAINERS_ONLY)

    async def is_trainer(self, user_id: str) -> bool:
        trainers = self._course.trainers
        if user_id in trainers.users:
            return True
        return any([user_id in await self._user_group(group) for group in trainers.user_groups])

    async def _profile(self, user_id: str) -> dict[str, Any]:
        async def ask() -> dict[str, Any]:
            answer = await self._client.users_info(user=user_id, include_locale=True)
            return dict(answer["user"])

        return await _remembered(self._profiles, user_id, ask)

    async def _members_of(self, channel_id: str) -> frozenset[str]:
        async def ask() -> frozenset[str]:
            members: set[str] = set()
            async for page in await self._client.conversations_members(channel=channel_id, limit=1000):
                members.update(page["members"])
            return frozenset(members)

        return await _remembered(self._members, channel_id, ask)

    async def _user_group(self, group_id: str) -> frozenset[str]:
        async def ask() -> frozenset[str]:
            answer = await self._client.usergroups_users_list(usergroup=group_id)
            return frozenset(answer["users"])

        return await _remembered(self._user_groups, group_id, ask)


async def _remembered(cache: TTLCache[str, V], key: str, ask: Callable[[], Awaitable[V]]) -> V:
    known = cache.get(key)
    if known is not None:
        return known
    try:
        cache[key] = answer = await ask()
    except (SlackClientError, OSError, TimeoutError) as error:
        raise Unavailable(SLACK_AWAY) from error
    return answer
