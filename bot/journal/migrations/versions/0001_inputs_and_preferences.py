"""Inputs and preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "inputs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(255), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("address", sa.JSON, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("understood", sa.Text),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("decision", sa.String(16)),
        sa.Column("outcome", sa.Text),
        sa.Column("duration_ms", sa.Integer),
        sa.Column("replied_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_inputs_user_id", "inputs", ["user_id"])
    op.create_index("inputs_thread", "inputs", ["channel_id", "thread_ts"])
    op.create_index("inputs_pending", "inputs", ["replied_at"])
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("language", sa.String(2), nullable=False),
    )
