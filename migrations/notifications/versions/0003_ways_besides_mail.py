"""People are told by other ways than mail: numbers, lists, receipts, and who wants no reminders."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of a message, and a table for each new thing that is remembered."""
    for column in (
        sa.Column("transport_ref", sa.String(), nullable=True),
        sa.Column("probed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("call_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("call_reason", sa.String(), nullable=True),
        sa.Column("call_outcome", sa.String(), nullable=True),
        sa.Column("called_at", UtcDateTime(timezone=True), nullable=True),
    ):
        op.add_column("message", column)
    op.execute("update message set call_since = due_at, call_reason = reason where status = 'to-call'")
    op.create_index("by_call", "message", ["call_since"])
    op.create_index("ix_message_transport_ref", "message", ["transport_ref"])
    _people()
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "receipt",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("message", sa.String(), nullable=False, index=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )


def _people() -> None:
    op.create_table(
        "opt_out",
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "unsubscribe_token",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("pid", sa.String(), nullable=False, index=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "bad_address",
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("address_hash", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )
