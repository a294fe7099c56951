"""Commands that people proposed to the trainers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("offer_id", sa.String(32), sa.ForeignKey("offers.id"), primary_key=True),
        sa.Column("click_id", sa.Integer, sa.ForeignKey("inputs.id"), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False, index=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.String(32)),
    )
    op.add_column("offers", sa.Column("proposal_id", sa.String(32)))
