"""The schema on a database that several replicas share, and a database that is not as it should be."""

import asyncio
import re
import threading
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.errors import Unavailable
from bot.journal import Journal, migrations
from bot.journal.database import as_it_is, connect
from bot.journal.diagnosis import diagnose
from bot.journal.tables import Base
from tests.databases import PostgreSQL
from tests.journal.test_journal import QUESTION, accept


async def test_the_schema_is_brought_forward_again_and_again_without_loss(database_url: str) -> None:
    for _ in range(3):
        async with Journal.open(database_url) as journal:
            await journal.accept(QUESTION)
            assert len(await journal.pending()) == 1


async def test_a_version_that_was_rolled_back_starts_on_the_newer_schema(database_url: str) -> None:
    async with Journal.open(database_url), connect(database_url) as database:
        await database.write(text("UPDATE alembic_version SET version_num = 'of a newer version'"))
    async with Journal.open(database_url) as journal:
        await journal.accept(QUESTION)
    assert "a newer version" in (await diagnose(database_url)).said


async def test_replicas_that_start_at_once_bring_the_schema_forward_once(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    url = sql_url(postgresql.create(tmp_path.name))
    async with AsyncExitStack() as stack:
        journals = [stack.enter_async_context(Journal.open(url)) for _ in range(4)]
        first, *others = await asyncio.gather(*journals)
        await first.accept(QUESTION)
        assert [await other.accept(QUESTION) for other in others] == [None, None, None]


async def test_a_transaction_that_has_begun_comes_to_its_end_though_whoever_waits_is_cancelled(
    database_url: str,
) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    def write(connection: Connection) -> None:
        begun.set()
        cancelled.wait(5)
        connection.execute(text("UPDATE alembic_version SET version_num = 'written'"))

    async with connect(database_url) as database:
        writing = asyncio.create_task(database.run(write))
        await asyncio.to_thread(begun.wait, 5)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        cancelled.set()
    async with as_it_is(database_url) as database:
        assert await database.scalar(text("SELECT version_num FROM alembic_version")) == "written"


async def test_times_are_utc_whatever_the_zone_of_the_database(journal: Journal) -> None:
    pending = await accept(journal, QUESTION)
    [found] = await journal.pending()
    assert found.accepted_at == pending.accepted_at
    assert found.accepted_at.tzinfo is UTC


async def test_a_file_that_cannot_be_opened_is_told_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="DATABASE_URL"):
        async with Journal.open(f"sqlite:///{tmp_path}/nowhere/journal.db"):
            pass


@pytest.mark.parametrize("wrong", ["nowhere", "postgres?sslmode=verify-full", "postgres?no_such_option=1"])
async def test_a_server_that_does_not_let_us_in_is_told_by_its_setting_and_no_password_is(
    postgresql: PostgreSQL, wrong: str
) -> None:
    url = f"postgresql+psycopg://timonier:hunter2@127.0.0.1:{postgresql.port}/{wrong}"
    with pytest.raises(Unavailable, match="DATABASE_URL") as raised:
        async with Journal.open(url):
            pass
    assert "hunter2" not in str(raised.value)


async def test_what_was_committed_before_the_connections_were_cut_is_there_after(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    async with Journal.open(sql_url(postgresql.create(tmp_path.name))) as journal:
        await accept(journal, QUESTION)
        postgresql.cut(tmp_path.name)
        assert await journal.accept(QUESTION) is None
        assert await journal.accept(replace(QUESTION, key="message:C1:2.0"))


def sql_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def test_a_migration_only_adds_so_that_the_version_before_still_runs_beside_it() -> None:
    for migration in sorted((Path(migrations.__file__).parent / "versions").glob("0*.py")):
        text = migration.read_text()
        assert not re.search(r"op\.(?!add_column|create_table|create_index)", text), migration.name
        for column in re.findall(r"op\.add_column\(.*", text):
            assert "nullable=False" not in column or "server_default" in column, migration.name


async def test_the_migrations_make_the_tables_that_the_code_writes(database_url: str) -> None:
    async with connect(database_url) as database:
        assert await database.run(differences) == []


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
