"""What was published stays."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables for publications, for what is in them, and for the days on which the timer published."""
    op.create_table(
        "publication",
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("corrections_held", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("sides", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "published_table",
        sa.Column("year", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("indicator", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("group_by", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "publishing_turn",
        sa.Column("due", sa.Date(), primary_key=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
    )
