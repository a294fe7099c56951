"""Who works on an input and until when; a reply that is still to be posted, and what a write was about to change."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("inputs", sa.Column("claimed_by", sa.String(64)))
    op.add_column("inputs", sa.Column("claimed_until", sa.DateTime(timezone=True)))
    op.add_column("inputs", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("inputs", sa.Column("reply", sa.JSON))
    op.add_column("inputs", sa.Column("changes", sa.JSON))
