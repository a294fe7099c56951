"""The two databases that the journal may live in, and all that differs between them.

SQLite for one replica, in WAL so that `timonier journal` reads while the bot writes; PostgreSQL for several.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Executable, Insert, Row, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import Unavailable
from bot.journal.tables import Base
from bot.language import Text

T = TypeVar("T")

# Only another process can hold SQLite's lock; longer than this and the ack would be late.
_BUSY_MILLISECONDS = 400
# Of PostgreSQL: what its own defaults would wait for are minutes.
_PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 5_000, "keepalives_idle": 10, "application_name": "timonier"}
_POSTGRESQL_AT_ONCE = 10
_MIGRATIONS_LOCK = 7_466_766_437

NOT_OPENED = Text(
    "Le journal ne s'ouvre pas (DATABASE_URL) : {reason}.", "The journal does not open (DATABASE_URL): {reason}."
)


class Database:
    """Each transaction is one trip to a thread that has a connection: an asynchronous driver makes one a statement."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._threads = threads

    async def run(self, work: Callable[[Connection], T]) -> T:
        """All that ``work`` does, or nothing. A transaction that has begun comes to its end, whoever is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._transact, work)

    async def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        return await self.run(lambda connection: connection.execute(statement, values).all())

    async def row(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """The first one."""
        return await self.run(lambda connection: connection.execute(statement, values).first())

    async def scalar(self, statement: Executable) -> Any:
        """Of the first row, the first column; None without one."""
        return await self.run(lambda connection: connection.execute(statement).scalar())

    async def write(self, statement: Executable) -> int:
        """Returns how many rows it was."""
        return await self.run(lambda connection: connection.execute(statement).rowcount)

    def upsert(self, row: type[Base], values: Mapping[str, Any], **key: Any) -> Insert:
        """One row by its key: inserted, or the ``values`` written over it."""
        insert = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        return insert(row).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=dict(values))

    async def take_write_lock(self) -> None:
        """Raises where nothing can be written: a lock that another holds, a standby."""
        writes = "BEGIN IMMEDIATE" if self._engine.dialect.name == "sqlite" else "SELECT pg_current_xact_id()"
        await self.run(lambda connection: connection.execute(text(writes)))

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Database]:
    """One on a schema that was brought forward. Raises Unavailable."""
    async with as_it_is(url) as database:
        await _bring_forward(database)
        yield database


@asynccontextmanager
async def as_it_is(url: str) -> AsyncIterator[Database]:
    """One on whatever schema there is."""
    # SQLite has one writer anyway, and waiting in line is fair where its lock is not.
    at_once, engine = (1, _sqlite(url)) if url.startswith("sqlite") else (_POSTGRESQL_AT_ONCE, _postgresql(url))
    try:
        with ThreadPoolExecutor(at_once, "journal") as threads:
            yield Database(engine, threads)
    finally:
        engine.dispose()


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("bot.journal") / "migrations"))
    return config


def size(connection: Connection) -> int:
    """Bytes."""
    sqlite_size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    query = sqlite_size if connection.dialect.name == "sqlite" else "SELECT pg_database_size(current_database())"
    return int(connection.execute(text(query)).scalar_one())


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, pool_size=1, max_overflow=0)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _postgresql(url: str) -> Engine:
    """``pool_pre_ping``: a server that went away and came back costs nobody an error."""
    return create_engine(url, pool_size=_POSTGRESQL_AT_ONCE, max_overflow=0, pool_pre_ping=True, connect_args=_PATIENCE)


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    cursor.close()


async def _bring_forward(database: Database) -> None:
    try:
        await database.run(_migrate)
    except DBAPIError as error:
        raise Unavailable(NOT_OPENED.format(reason=str(error.orig).strip())) from error


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # replicas that start together go one after the other
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATIONS_LOCK})
    config = migrations(connection)
    if not is_ahead(connection, config):
        command.upgrade(config, "head")


def is_ahead(connection: Connection, config: Config) -> bool:
    """Whether a newer version brought the schema forward. It only adds, so that this one works on it as it is."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return revision is not None and revision not in known
