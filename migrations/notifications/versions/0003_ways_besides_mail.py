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
        sa.Column("address_hash", sa.String(), nullable=True),
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
    _timer()
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
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("applied_at", UtcDateTime(timezone=True), nullable=True),
    )


def _timer() -> None:
    """What is due is found without what is finished; a sign-up has one message in sending at a time."""
    op.drop_index("by_status", "message")
    op.create_index("by_status", "message", ["status", "created_at", "id"])
    for name, columns, where in (
        ("due", ["lane", "due_at", "id"], "status IN ('scheduled', 'retry')"),
        ("too_late", ["not_after"], "status IN ('scheduled', 'retry')"),
        ("leased", ["lease_until"], "status = 'sending'"),
        ("one_of_a_signup", ["signup"], "status = 'sending'"),
        ("second_copies", ["resend_at"], "resend_at IS NOT NULL"),
    ):
        condition, alone = sa.text(where), name == "one_of_a_signup"
        op.create_index(name, "message", columns, unique=alone, sqlite_where=condition, postgresql_where=condition)


def _people() -> None:
    op.create_table(
        "opt_out",
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "bad_address",
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("address_hash", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )
