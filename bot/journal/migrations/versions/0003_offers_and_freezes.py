"""What the buttons of a write would do, and the brake."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("input_id", sa.Integer, sa.ForeignKey("inputs.id"), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("namespace", sa.String(63), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("click_id", sa.Integer, sa.ForeignKey("inputs.id")),
        sa.Column("taken_by", sa.String(32)),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "freezes",
        sa.Column("namespace", sa.String(63), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
