"""Whether the journal's database is there and can be written, without bringing its schema forward."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.findings import Finding, fault, ok
from bot.journal import database


async def diagnose(url: str) -> Finding:
    try:
        async with database.as_it_is(url) as journals:
            revision = await journals.run(_revision)
            ahead = await journals.run(lambda connection: database.is_ahead(connection, database.migrations()))
            await journals.take_write_lock()
    except DBAPIError as error:
        do = "Look at DATABASE_URL, and whether the database's disk or server is there."
        return fault("database", str(error.orig).strip(), do)
    newest = ScriptDirectory.from_config(database.migrations()).get_current_head()
    if ahead:
        return ok("database", f"can be written; a newer version brought its schema to {revision}")
    if revision == newest:
        return ok("database", f"can be written; schema {revision}")
    return ok("database", f"can be written; the next start brings its schema from {revision or 'nothing'} to {newest}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
