"""What people ask of trainers, what they think of answers, and what trainers made of both."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("inputs", sa.Column("message_ts", sa.String(32)))
    op.add_column("inputs", sa.Column("reply_ts", sa.String(32)))
    op.create_index("inputs_message", "inputs", ["channel_id", "message_ts"])
    op.create_table(
        "requests",
        sa.Column("question_id", sa.Integer, sa.ForeignKey("inputs.id"), primary_key=True, autoincrement=False),
        sa.Column("click_id", sa.Integer, sa.ForeignKey("inputs.id"), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.String(32)),
    )
    op.create_index("ix_requests_user_id", "requests", ["user_id"])
    op.create_table(
        "votes",
        sa.Column("answer_id", sa.Integer, sa.ForeignKey("inputs.id"), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("question_id", sa.Integer, sa.ForeignKey("inputs.id"), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_votes_question_id", "votes", ["question_id"])
    op.create_table(
        "entries",
        sa.Column("question_id", sa.Integer, sa.ForeignKey("inputs.id"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(100), nullable=False, unique=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("wordings", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("commands", sa.JSON, nullable=False),
        sa.Column("author", sa.String(32), nullable=False),
        sa.Column("input_id", sa.Integer, sa.ForeignKey("inputs.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
    )
