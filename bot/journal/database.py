"""The two databases that the journal may live in, and all that differs between them.

SQLite, in WAL so that readers never wait for the writer, for one replica; PostgreSQL for several.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Insert, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import Unavailable
from bot.journal.tables import Base
from bot.language import Text

# Only another process can hold SQLite's lock; longer than this and the ack would be late.
_BUSY_MILLISECONDS = 400
# Of PostgreSQL: what its own defaults would wait for are minutes.
_PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 5_000, "keepalives_idle": 10, "application_name": "timonier"}
_MIGRATIONS_LOCK = 7_466_766_437

NOT_OPENED = Text(
    "Le journal ne s'ouvre pas (DATABASE_URL) : {reason}.", "The journal does not open (DATABASE_URL): {reason}."
)


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a schema that was brought forward. Raises Unavailable."""
    async with as_it_is(url) as engine:
        migrating = asyncio.create_task(_bring_forward(engine))
        try:
            await asyncio.shield(migrating)
        finally:
            await asyncio.wait({migrating})  # a stop lets it come to its end
        yield engine


@asynccontextmanager
async def as_it_is(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on whatever schema there is. Raises Unavailable."""
    engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("bot.journal") / "migrations"))
    return config


def upsert(engine: AsyncEngine, row: type[Base], values: Mapping[str, Any], **key: Any) -> Insert:
    """One row by its key: inserted, or the ``values`` written over it."""
    insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    return insert(row).values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=dict(values))


async def take_write_lock(engine: AsyncEngine) -> None:
    """Raises where nothing can be written: a lock that another holds, a standby."""
    writes = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "SELECT pg_current_xact_id()"
    async with engine.begin() as connection:
        await connection.execute(text(writes))


async def size(connection: AsyncConnection) -> int:
    """Bytes."""
    sqlite_size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    query = sqlite_size if connection.dialect.name == "sqlite" else "SELECT pg_database_size(current_database())"
    return int((await connection.execute(text(query))).scalar_one())


def _sqlite(url: str) -> AsyncEngine:
    try:
        # Tried without the driver: its thread would still be telling of the failure when the loop is closed.
        sqlite3.connect(make_url(url).database or ":memory:").close()
    except sqlite3.Error as error:
        raise Unavailable(NOT_OPENED.format(reason=error)) from error
    # One connection: SQLite has one writer anyway, and waiting in line is fair where its lock is not.
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _postgresql(url: str) -> AsyncEngine:
    """``pool_pre_ping``: a server that went away and came back costs nobody an error."""
    return create_async_engine(
        url, pool_size=10, max_overflow=0, pool_timeout=5, pool_pre_ping=True, connect_args=_PATIENCE
    )


def _set_pragmas(connection: Any, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    cursor.close()


async def _bring_forward(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_migrate)
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
