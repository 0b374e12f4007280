"""Rebuilds are remembered."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table for them; one that runs holds the slot."""
    op.create_table(
        "rebuild",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("slot", sa.String(), nullable=True, unique=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("live_digest", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("beat_at", UtcDateTime(timezone=True), nullable=False),
    )
