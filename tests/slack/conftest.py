"""The bot's Slack surface, real from the socket to the journal, on a small fake Slack and a sandbox that remembers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.helpdesk import Helpdesk
from bot.journal import Journal
from bot.knowledge import DEFAULT_FOLDER, KnowledgeBase, load_entries
from bot.sandbox import Command, Person, Result
from bot.sandbox.grammar import read
from bot.settings import Channel, Course, Settings, Trainers
from bot.slack.surface import Surface
from tests.slack.fake_slack import FakeSlack

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


@dataclass
class RememberingSandbox:
    """Runs nothing, and remembers for whom it would have; ``result`` or ``error`` is what comes back."""

    ran: list[tuple[str, Person, str | None]] = field(default_factory=list)
    stdout: str = "NAME   READY\nweb    1/1\n"
    error: BaseException | None = None

    async def parse(self, text: str) -> Command:
        return Command(read(text.split()))

    async def run(self, command: Command, person: Person, namespace: str | None) -> Result:
        self.ran.append((command.line, person, namespace))
        if self.error:
            raise self.error
        return Result(command.line, self.stdout, "", 0, None, command.writes)


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

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Another process holds the write lock, as a sick disk would."""
        with closing(sqlite3.connect(self.database)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield


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
    """Starts the bot; several starts in one test share the journal, as restarts do."""

    @asynccontextmanager
    async def start(course: Course = COURSE, preparing: Path | None = None) -> AsyncIterator[Bot]:
        database = tmp_path / "journal.db"
        settings = Settings(
            bot_token="xoxb-test",
            app_token="xapp-test",
            slack_api_url=f"{slack.url}/api/",
            kubeconfig=None,
            database_url=f"sqlite+aiosqlite:///{database}",
            port=0,
            knowledge=None,
            preparing=preparing,
            course=course,
        )
        sandbox = RememberingSandbox()
        async with (
            Journal.open(settings.database_url) as journal,
            Surface.open(settings, Helpdesk(knowledge, sandbox, journal, preparing), journal),
        ):
            await slack.connected()
            yield Bot(slack, sandbox, journal, database)

    return start


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start() as bot:
        yield bot
