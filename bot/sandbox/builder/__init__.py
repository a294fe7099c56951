"""A command put together choice by choice, from the table and with what the live API has for this person."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cachetools import TTLCache

from bot.errors import BotError, NotAllowed, Unavailable
from bot.language import Text
from bot.sandbox.access import NO_TEAM, Places
from bot.sandbox.api import Api, Refused
from bot.sandbox.builder.line import SWITCHES, VERB, Chosen, line_of, shown
from bot.sandbox.builder.steps import DECISIVE, LISTED, PLACE, Field, Step
from bot.sandbox.commands import Command
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.person import Person
from bot.sandbox.session import CHUNK, MOST, next_of
from bot.sandbox.table import VERBS
from bot.sandbox.table.kinds import NAMESPACES

__all__ = ["DECISIVE", "PLACE", "SWITCHES", "VERB", "Builder", "Chosen", "Field", "Form", "line_of"]

LISTS_KEPT, LIST_SECONDS = 500, 10.0
ONLY_NAMES = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"

SAMPLE = "x"
"""A word where one is missing."""

EMPTY = Text("À remplir.", "Please fill this in.")


@dataclass(frozen=True, slots=True)
class Form:
    """``line``: what the choices come to so far."""

    line: str
    fields: tuple[Field, ...]


class Builder:
    """``types`` reads the catalog; ``parse`` raises what is wrong with a line."""

    def __init__(
        self,
        api: Api,
        places: Places,
        types: Callable[[], Awaitable[Catalog]],
        parse: Callable[[str], Awaitable[Command]],
    ) -> None:
        self._api = api
        self._places = places
        self._types = types
        self._parse = parse
        self._lists: TTLCache[tuple[object, ...], tuple[str, ...]] = TTLCache(LISTS_KEPT, LIST_SECONDS)

    async def form(self, chosen: Chosen, person: Person, namespace: str | None) -> Form:
        """What there is to choose after ``chosen``; ``namespace`` is the one to begin with.

        Raises NotAllowed, Unavailable.
        """
        step = await self._step(chosen, person, namespace)
        fields = tuple(step.fields(await self._names(step, LISTED + 1)))
        return Form(shown({field.key: field.value for field in fields}), fields)

    async def search(self, chosen: Chosen, person: Person, typed: str) -> tuple[str, ...]:
        """The names with what was typed in them, those that begin with it first."""
        names = await self._names(await self._step(chosen, person, None), MOST)
        found = [name for name in names if typed.lower() in name]
        return tuple(sorted(found, key=lambda name: not name.startswith(typed.lower()))[:LISTED])

    async def mistakes(self, chosen: Chosen) -> Mapping[str, Text]:
        """What keeps the line from being a command, by the key of the field that it is about. Raises Unavailable."""
        verb = VERBS[chosen[VERB]]
        needed = [f"--{flag.name}" for flag in verb.flags if flag.required]
        needed += [arg.name for arg in verb.args if arg.required]
        if missing := [key for key in needed if not chosen.get(key, "").strip()]:
            return dict.fromkeys(missing, EMPTY)
        mistake = await self._mistake(chosen)
        return {await self._place_of(mistake, chosen, needed): mistake} if mistake else {}

    async def _place_of(self, mistake: Text, chosen: Chosen, needed: list[str]) -> str:
        """The flag that it names, the word that is missing, or what would make another mistake if left out."""
        for key in chosen:
            if f"`{key}`" in mistake.en:
                return key
        for arg in VERBS[chosen[VERB]].args:
            if not chosen.get(arg.name) and await self._mistake({**chosen, arg.name: SAMPLE}) is None:
                return arg.name
        optional = [key for key, value in chosen.items() if value and key != VERB and key not in needed]
        for key in reversed([*needed, *optional]):
            if await self._mistake({**chosen, key: ""}) != mistake:
                return key
        return VERB

    async def _mistake(self, chosen: Chosen) -> Text | None:
        try:
            await self._parse(line_of(chosen))
        except Unavailable:
            raise
        except BotError as error:
            return error.text
        return None

    async def _step(self, chosen: Chosen, person: Person, namespace: str | None) -> Step:
        if not person.namespaces:
            raise NotAllowed(NO_TEAM)
        return Step.of(chosen, person, namespace or person.namespaces[0], self._places, await self._types())

    async def _names(self, step: Step, most: int) -> tuple[str, ...]:
        """None (in number) where they cannot be listed."""
        resource, person, namespace = step.names_of, step.person, step.namespace
        if resource is None:
            return ()
        if resource.kind == NAMESPACES:
            return self._places.visible(person)
        key = (person, resource.kind, namespace, most)
        if key not in self._lists:
            try:
                self._lists[key] = await self._list(person, resource, namespace, most)
            except (Refused, Unavailable):
                return ()
        return self._lists[key]

    async def _list(self, person: Person, resource: Resource, namespace: str, most: int) -> tuple[str, ...]:
        query, names, path = [("limit", str(min(most, CHUNK)))], list[str](), resource.path(namespace)
        while True:
            chunk = (await self._api.send(person, namespace, "GET", path, query=query, accept=ONLY_NAMES)).object
            names += [item["metadata"]["name"] for item in chunk.get("items") or ()]
            following = next_of(chunk)
            if not following or len(names) >= most:
                return tuple(names)
            query = [*query[:1], ("continue", following)]
