"""The bot's Slack surface, real from the socket to the journal, on a small fake Slack and a sandbox that remembers."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import NotAllowed, Unavailable
from bot.helpdesk import Helpdesk
from bot.journal import Journal
from bot.knowledge import DEFAULT_FOLDER, KnowledgeBase, load_entries
from bot.language import Text
from bot.sandbox import Brake, Builder, Change, Command, Help, Lesson, Person, Result, TrainersOnly, WritesOfToday
from bot.sandbox.access import Places
from bot.sandbox.aftermath import tell
from bot.sandbox.api import Api
from bot.sandbox.grammar import read
from bot.sandbox.result import together
from bot.sandbox.telling import replicas
from bot.sandbox.words import to_argv
from bot.settings import Channel, Course, Mode, Settings, Trainers
from bot.slack.surface import Surface
from tests.slack.fake_slack import SECRET, FakeSlack

COURSE = Course(
    namespaces=("equipe-rouge", "equipe-bleue"),
    trainers=Trainers(users=("U0TRAINER",), user_groups=("S0TRAINERS",), channel="C0TRAINERS"),
    channels={
        "C0COURS": Channel(),
        "C0ROUGE": Channel(namespace="equipe-rouge"),
        "C0BLEUE": Channel(namespace="equipe-bleue"),
    },
)
MEMBERS = {"C0COURS": ["U0ANNA", "U0BORIS", "U0TRAINER"], "C0ROUGE": ["U0ANNA"], "C0BLEUE": ["U0BORIS"]}


class Somewhere(Command):
    """A command that is about a namespace."""

    @property
    def namespaced(self) -> bool:
        return "nodes" not in self.words.args


async def nothing(_: str = "") -> Any:
    raise Unavailable(Text("pas de cluster", "no cluster"))


NO_BUILDER = Builder(Api(None), Places((), ()), nothing, nothing)


@dataclass
class RememberingSandbox:
    """Reads nothing, scales numbers, and remembers for whom; ``stdout`` or ``error`` is what comes back.

    ``replicas``: by name, 2 where nobody scaled. ``seen``: what the look after a write finds. ``silent``: no answer.
    ``fails``: what was tried is refused when it is done, and reads fail; ``breaks``: what its doing raises.
    """

    ran: list[tuple[str, Person, str | None]] = field(default_factory=list)
    undone: list[Person] = field(default_factory=list)
    stdout: str = "NAME   READY\nweb    1/1\n"
    lesson: Lesson | None = None
    error: BaseException | None = None
    replicas: dict[str, int] = field(default_factory=lambda: defaultdict(lambda: 2))
    seen: Text | None = None
    silent: bool = False
    fails: bool = False
    breaks: BaseException | None = None
    builder: Builder = NO_BUILDER

    async def parse(self, text: str) -> Command:
        if self.silent:
            await asyncio.Event().wait()
        words = read(to_argv(text))
        if words.verb.name in ("freeze", "unfreeze"):
            return Brake(words, "".join(words.args))
        if words.verb.name == "history":
            return WritesOfToday(words, "".join(words.args))
        return Help(words) if words.verb.name == "help" else Somewhere(words)

    async def parse_line(self, line: str) -> Command:
        return await self.parse(line)

    def is_open(self, command: Command) -> bool:
        return command.namespace != "closed"

    async def run(self, command: Command, person: Person, namespace: str | None, *, whole: bool = True) -> Result:
        self.ran.append((command.line, person, namespace))
        if self.error:
            raise self.error
        if not command.writes:
            told = self.lesson.text if self.lesson else None
            return Result(command.line, self.stdout, "", int(self.fails), told, False, lesson=self.lesson)
        result = await self.preview(command, person, str(namespace))
        if self.breaks:
            raise self.breaks
        if self.fails:
            return replace(result, stdout="", stderr="quota\n", status=1, changes=())
        self._write(result.changes)
        return result

    async def preview(self, command: Command, person: Person, namespace: str) -> Result:
        if self.error:
            raise self.error
        if person.role == "student":
            raise TrainersOnly(Text("réservé aux formateurs", "for trainers only"))
        names = [word.partition("/")[2] or word for word in command.words.args if word != "deployment"]
        after = int(command.words.flags["replicas"])
        return scaled(
            command.in_namespace(namespace).line, [scale(name, self.replicas[name], after, namespace) for name in names]
        )

    async def undo(self, changes: Sequence[Change], person: Person, *, dry: bool = False) -> Result:
        for change in changes:
            if change.after != {"spec": {"replicas": self.replicas[change.name]}}:
                raise NotAllowed(Text("changé depuis", "changed since"))
        back = [change.inverse for change in changes]
        if not dry:
            self.undone.append(person)
            self._write(back)
        return scaled("kubectl scale (undo)", back)

    async def aftermath(self, changes: Sequence[Change], person: Person) -> Text:
        if self.error:
            raise self.error
        return together(tell(change, self.found(change)) for change in changes) or Text("", "")

    def found(self, change: Change) -> dict[str, Any]:
        return {"metadata": {"uid": change.uid}, "spec": {"replicas": self.replicas[change.name]}}

    async def look_again(self, changes: Sequence[Change], person: Person) -> Text | None:
        return self.seen

    async def lesson_after(self, changes: Sequence[Change], person: Person) -> Lesson | None:
        return self.lesson

    def _write(self, changes: Sequence[Change]) -> None:
        self.replicas.update({change.name: replicas(change.after or {}) or 0 for change in changes})


def scale(name: str, before: int, after: int, namespace: str) -> Change:
    fields = ({"spec": {"replicas": count}} for count in (before, after))
    return Change("scale", "deployment.apps", name, namespace, f"uid-{name}", *fields)


def scaled(line: str, changes: Sequence[Change]) -> Result:
    stdout = "".join(f"{change.line}\n" for change in changes)
    return Result(line, stdout, "", 0, None, True, changes=tuple(changes))


@dataclass
class Bot:
    slack: FakeSlack
    sandbox: RememberingSandbox
    journal: Journal
    database: Path

    async def settled(self) -> None:
        """Until nothing is owed to anyone."""
        async with asyncio.timeout(5):
            while await self.journal.pending():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def make_late(self) -> None:
        """The time of every button is over."""
        with closing(sqlite3.connect(self.database)) as other:
            other.execute("UPDATE offers SET until = '2000-01-01 00:00:00.000000'")
            other.execute("UPDATE inputs SET accepted_at = '2000-01-01 00:00:00.000000'")
            other.commit()

    def decided(self, user_id: str) -> list[tuple[str, str]]:
        """What the journal says was decided for one person, and the outcome."""
        with closing(sqlite3.connect(self.database)) as other:
            rows = other.execute("SELECT decision, outcome FROM inputs WHERE user_id = ? ORDER BY id", [user_id])
            return rows.fetchall()

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Another process holds the write lock, as a sick disk would."""
        with closing(sqlite3.connect(self.database)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield


KEEP_SECONDS = 1.5  # a test beside others on a busy machine is no sick disk
Start = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase(load_entries(DEFAULT_FOLDER))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.open(members=MEMBERS, user_groups={"S0TRAINERS": ["U0GROUPED"]}) as slack:
        yield slack


@pytest.fixture
def start(slack: FakeSlack, knowledge: KnowledgeBase, tmp_path: Path) -> Start:
    """Starts the bot; several starts in one test share the journal, as restarts and replicas do."""

    @asynccontextmanager
    async def start(
        course: Course = COURSE,
        preparing: Path | None = None,
        builder: Builder = NO_BUILDER,
        mode: Mode = "socket",
        database_url: str = "",
        api_url: str = "",
        replica: int = 1,
        sandbox: RememberingSandbox | None = None,
    ) -> AsyncIterator[Bot]:
        database = tmp_path / "journal.db"
        settings = Settings(
            bot_token="xoxb-test",
            app_token="xapp-test",
            slack_api_url=api_url or f"{slack.url}/api/",
            kubeconfig=None,
            database_url=database_url or f"sqlite:///{database}",
            port=0,
            knowledge=None,
            preparing=preparing,
            course=course,
            mode=mode,
            signing_secret=SECRET,
        )
        sandbox = sandbox or RememberingSandbox(builder=builder)
        async with (
            Journal.open(settings.database_url) as journal,
            Surface.open(settings, Helpdesk(knowledge, sandbox, journal, preparing), journal, KEEP_SECONDS) as surface,
            serving(surface.routes) as url,
        ):
            slack.request_url = f"{url}/slack/events" if mode == "http" else ""
            if mode == "socket":
                await slack.connected(replica)
            yield Bot(slack, sandbox, journal, database)

    return start


@asynccontextmanager
async def serving(routes: Sequence[web.RouteDef]) -> AsyncIterator[str]:
    """Where Slack calls in HTTP mode."""
    app = web.Application()
    app.router.add_routes(routes)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start() as bot:
        yield bot


@pytest.fixture
async def journals(database_url: str) -> AsyncIterator[tuple[Journal, Journal]]:
    """Those of two replicas."""
    async with Journal.open(database_url) as first, Journal.open(database_url) as second:
        yield first, second
