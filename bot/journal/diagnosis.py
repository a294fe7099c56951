"""Whether the journal's database is there and can be written, without bringing its schema forward."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import Unavailable
from bot.findings import Finding, fault, ok
from bot.journal import database


async def diagnose(url: str) -> Finding:
    try:
        async with database.as_it_is(url) as engine:
            async with engine.connect() as connection:
                revision = await connection.run_sync(_revision)
                ahead = await connection.run_sync(database.is_ahead, database.migrations())
            await database.take_write_lock(engine)
    except (DBAPIError, Unavailable, TimeoutError) as error:
        reason = (
            error.text.en
            if isinstance(error, Unavailable)
            else str(error.orig if isinstance(error, DBAPIError) else "slow")
        )
        return fault(
            "database", reason.strip(), "Look at DATABASE_URL, and whether the database's disk or server is there."
        )
    newest = ScriptDirectory.from_config(database.migrations()).get_current_head()
    if ahead:
        return ok("database", f"can be written; a newer version brought its schema to {revision}")
    if revision == newest:
        return ok("database", f"can be written; schema {revision}")
    return ok("database", f"can be written; the next start brings its schema from {revision or 'nothing'} to {newest}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
