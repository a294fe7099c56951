"""Alembic's entry: always inside the journal's own connection and transaction."""

from alembic import context

from bot.journal.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
