"""The sandbox cluster as the rest of the bot sees it: parse what was typed, run it for a person."""

import asyncio
import shlex
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from cachetools import TTLCache

from bot.errors import BadRequest, NotAllowed, Unavailable
from bot.language import LANGS, Text
from bot.sandbox import access, aftermath, grammar
from bot.sandbox.access import Places
from bot.sandbox.api import Api, Refused, connect
from bot.sandbox.builder import Builder
from bot.sandbox.changes import Change
from bot.sandbox.commands import ApiResources, Brake, Command, Help, Write, WritesOfToday
from bot.sandbox.discovery import Catalog, Resource, read_catalog
from bot.sandbox.endpoints import is_new_service, learn_behind
from bot.sandbox.errors import UsageError
from bot.sandbox.explanations import explain, explain_warning
from bot.sandbox.help import help_text
from bot.sandbox.lessons import of_workload
from bot.sandbox.parser import understand
from bot.sandbox.parser.targets import UnknownType
from bot.sandbox.person import Person
from bot.sandbox.printing import print_error
from bot.sandbox.reads import read
from bot.sandbox.redaction import redact_text
from bot.sandbox.result import Lesson, Result, teaching, together
from bot.sandbox.session import NO_SUCH_TYPE, Failure, Session
from bot.sandbox.settling import has_pods, named, settle
from bot.sandbox.symptoms import learn_from_pods
from bot.sandbox.table import HELP, VERBS
from bot.sandbox.undo import undo
from bot.sandbox.words import to_argv
from bot.sandbox.writing import Writer, Written, write
from bot.sandbox.writing.writer import is_missing

Told = tuple[str, Lesson]
"""An error in kubectl's words, and for the person."""

REFRESH_SECONDS = 60.0  # a type that is not known makes us look again at most this often
NEAREST_AMONG = 500
KEPT_MANUALS, MANUAL_SECONDS = 4, 600.0  # documents of OpenAPI, some megabytes each

IN_SLACK_ONLY = Text(
    "`{verb}` se tape dans Slack : c'est le bot qui tient le frein et le journal, pas le cluster.",
    "`{verb}` is typed in Slack: the bot holds the brake and the journal, not the cluster.",
)


class Sandbox:
    """Commands on the cluster, each with the rights of the person who asks."""

    def __init__(self, api: Api, places: Places, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._places = places
        self._clock = clock
        self._catalog: Catalog | None = None
        self._looked = 0.0
        self._manuals: TTLCache[str, Mapping[str, Any]] = TTLCache(KEPT_MANUALS, MANUAL_SECONDS, clock)
        self.builder = Builder(api, places, self._types, self.parse)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        kubeconfig: Path | None,
        namespaces: Sequence[str],
        read_only_namespaces: Sequence[str],
        students_write: Sequence[str] = (),
    ) -> AsyncIterator["Sandbox"]:
        """One connection for the process; the API server need not be there yet. None: the account of the pod."""
        async with connect(kubeconfig) as api:
            yield cls(api, Places(tuple(namespaces), tuple(read_only_namespaces), tuple(students_write)))

    async def ready(self) -> None:
        """Raises Unavailable, with the reason, when the API server does not answer within two seconds."""
        await self._api.ready()

    async def parse(self, text: str) -> Command:
        """What was typed in Slack; raises BadRequest, NotAllowed, Unavailable."""
        return await self.parse_argv(to_argv(text))

    async def parse_line(self, line: str) -> Command:
        """What a command says that it is, once more a command."""
        return await self.parse_argv(shlex.split(line)[1:])

    async def parse_argv(self, argv: Sequence[str]) -> Command:
        """The words after `kubectl`, already split."""
        words = grammar.read(argv)
        if words.verb is HELP:
            if about := Help(words).about:
                grammar.find_verbs(about)
            return Help(words)
        try:
            return understand(words, await self._types())
        except UnknownType:
            if self._clock() - self._looked < REFRESH_SECONDS:
                raise
        return understand(words, await self._discover())

    def is_open(self, command: Command) -> bool:
        """Whether somebody may run it where it says."""
        return self._places.is_open(command)

    async def run(self, command: Command, person: Person, namespace: str | None, *, whole: bool = True) -> Result:
        """``namespace`` is used where the command has none. Not ``whole``: of a long table the first chunk is enough.

        Raises NotAllowed before any call, Unavailable.
        """
        if isinstance(command, Help):
            texts = (help_text(lang, command.about, self._places.students_write) for lang in LANGS)
            return Result("", "", "", 0, Text(*texts), False)
        if not person.namespaces:
            raise NotAllowed(access.NO_TEAM)
        where = command.namespace or namespace or person.namespaces[0]
        self._check_role(person, command, where)
        command = command.in_namespace(where)
        if isinstance(command, Brake | WritesOfToday):
            raise BadRequest(IN_SLACK_ONLY.format(verb=command.verb.name))
        if isinstance(command, Write):
            return await self._write(command, person, where)
        return await self._read(command, person, where, whole=whole)

    async def preview(self, command: Command, person: Person, namespace: str) -> Result:
        """What a write would come to, by a server-side dry run. Raises NotAllowed before any call, Unavailable."""
        if not isinstance(command, Write):
            raise TypeError(f"{command!r} writes nothing")
        if not person.namespaces:
            raise NotAllowed(access.NO_TEAM)
        self._check_role(person, command, namespace)
        return await self._write(command.in_namespace(namespace), person, namespace, dry=True)

    async def undo(self, changes: Sequence[Change], person: Person, *, dry: bool = False) -> Result:
        """Takes them back, or only tries (``dry``). Raises NotAllowed where one is no longer as it was left."""
        for change in changes:
            self._places.check_role(person, VERBS[change.verb], change.namespace)
            self._places.check_named(person, change.namespace)
        undone, told = list[Change](), list[Told]()
        for change in reversed(changes):
            resource = await self._resource(change)
            try:
                undone.append(await undo(Writer(self._api, person, change.namespace, dry=dry), resource, change))
            except Refused as error:
                command = Command(grammar.Words(VERBS[change.verb], (change.thing,), {}))
                told.append(await self._told(command, person, Failure(error, resource, change.namespace)))
                break
        return as_result(" && ".join(change.undo_line for change in changes), Written(tuple(undone)), told)

    async def look_again(self, changes: Sequence[Change], person: Person) -> Text | None:
        """What became of the pods within three seconds, in a line for each change; None where nobody can tell."""
        seen = [change for change in changes if has_pods(change)]
        with suppress(Refused, Unavailable):
            resources = [await self._resource(change) for change in seen]
            looks = (settle(self._api, person, *pair) for pair in zip(resources, seen, strict=True))
            return together(named(seen, await asyncio.gather(*looks)))
        return None

    async def lesson_after(self, changes: Sequence[Change], person: Person) -> Lesson | None:
        """Of the first change whose pods fail, or that finds none."""
        with suppress(Refused, Unavailable):
            for change in filter(has_pods, changes):
                if lesson := await self._lesson_of(change, person):
                    return lesson
        return None

    async def _lesson_of(self, change: Change, person: Person) -> Lesson | None:
        if is_new_service(change):
            return await learn_behind(self._api, person, change)
        session = await self._session(person, change.namespace)
        thing = await session.read(await self._resource(change), change.namespace, change.name)
        return of_workload(thing) or await learn_from_pods(session, [thing])

    async def aftermath(self, changes: Sequence[Change], person: Person) -> Text:
        """Whether each was made, by a look under the person's own rights. Raises Unavailable."""
        looks = [aftermath.look(self._api, person, await self._resource(change), change) for change in changes]
        return together(await asyncio.gather(*looks)) or Text("", "")

    async def _session(self, person: Person, namespace: str, *, whole: bool = True) -> Session:
        return Session(self._api, self._places, await self._types(), person, namespace, self._manual, whole)

    def _check_role(self, person: Person, command: Command, namespace: str) -> None:
        kinds = [resource.kind for resource in command.resources]
        self._places.check_role(person, command.verb, namespace, kinds)

    async def _resource(self, change: Change) -> Resource:
        """Raises Unavailable where the server has lost its type."""
        found = (await self._types()).find(change.kind)
        if found is None:
            raise Unavailable(NO_SUCH_TYPE.format(kind=change.kind))
        return found

    async def _read(self, command: Command, person: Person, namespace: str, *, whole: bool) -> Result:
        await self._types(fresh=isinstance(command, ApiResources))
        session = await self._session(person, namespace, whole=whole)
        try:
            said = await read(session, command)
        except UsageError as error:
            return Result(command.line, "", lines([error.stderr]), 1, error.text, False)
        told = [await self._told(command, person, failure) for failure in said.failures]
        warnings = (f"Warning: {warning}" for warning in session.warnings)
        stderr = lines([*warnings, *said.notes, *(line for line, _ in told)])
        lesson = teaching([*(lesson for _, lesson in told), said.lesson])
        explanation = together([said.remark, *(lesson.text for _, lesson in told), lesson.text if lesson else None])
        status = said.status or int(bool(told))
        return Result(command.line, said.stdout, stderr, status, explanation, False, said.left, lesson=lesson)

    async def _write(self, command: Write, person: Person, namespace: str, *, dry: bool = False) -> Result:
        for resource in command.resources:
            self._places.check(person, command, resource.kind, namespace)
        writer = Writer(self._api, person, namespace, dry=dry)
        done = await write(writer, command)
        told = [await self._told(command, person, failure) for failure in done.failures]
        return as_result(command.line, done, told, writer.warnings)

    async def _told(self, command: Command, person: Person, failure: Failure) -> Told:
        error, resource, namespace = failure.error, failure.resource, failure.namespace
        if isinstance(error, UsageError):
            return failure.stderr or error.stderr, Lesson(error.text)
        existing = await self._names(person, resource, namespace) if is_missing(error) else ()
        lesson = explain(error, command, person, resource, namespace, existing)
        return failure.stderr or print_error(error.status), lesson

    async def _names(self, person: Person, resource: Resource, namespace: str | None) -> list[str]:
        """The names there are, none where they may not be listed."""
        query = [("limit", str(NEAREST_AMONG))]
        try:
            answer = await self._api.send(person, namespace, "GET", resource.path(namespace), query=query)
        except Refused:
            return []
        return [item["metadata"]["name"] for item in answer.object.get("items") or ()]

    async def _manual(self, path: str) -> Mapping[str, Any]:
        if path not in self._manuals:
            self._manuals[path] = await self._api.read_open(path)
        return self._manuals[path]

    async def _types(self, *, fresh: bool = False) -> Catalog:
        """``fresh``: no older than what is looked at again for a type that is not known."""
        if fresh and self._clock() - self._looked >= REFRESH_SECONDS:
            return await self._discover()
        return self._catalog or await self._discover()

    async def _discover(self) -> Catalog:
        self._looked = self._clock()
        core = await self._api.read_open("/api")
        self._catalog = read_catalog(core, await self._api.read_open("/apis"))
        return self._catalog


def as_result(line: str, done: Written, told: Sequence[Told], warnings: Iterable[str] = ()) -> Result:
    stdout = "".join(f"{change.line}\n" for change in done.changes) + done.said
    stderr = lines([*(f"Warning: {warning}" for warning in warnings), *done.notes, *(line for line, _ in told)])
    lessons = [lesson for _, lesson in told]
    warned = map(explain_warning, warnings) if any(change.makes_pods for change in done.changes) else ()
    explanation = together([done.remark, *(lesson.text for lesson in lessons), *warned])
    lesson = teaching(lessons)
    return Result(line, stdout, stderr, int(bool(told)), explanation, True, changes=done.changes, lesson=lesson)


def lines(texts: Sequence[str]) -> str:
    return redact_text("".join(f"{text}\n" for text in texts))
