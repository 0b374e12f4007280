"""States of one attendance are held apart while an erasure may still turn out to lie between them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO attendance_anew
    (activity, pid, role, held, version, sequence, outcome, party_size, age_band, neighbourhood)
SELECT activity, pid, role, 0, version, sequence, outcome, party_size, age_band, neighbourhood FROM attendance
"""


def upgrade() -> None:
    """Bring the schema forward; `held` joins the key, so the table is written anew."""
    op.create_table(
        "attendance_anew",
        sa.Column("activity", sa.String(), primary_key=True),
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("role", sa.String(), primary_key=True),
        sa.Column("held", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=True),
        sa.Column("neighbourhood", sa.String(), nullable=True),
    )
    op.execute(_COPY)
    op.drop_table("attendance")
    op.rename_table("attendance_anew", "attendance")
    op.create_index("ix_attendance_pid", "attendance", ["pid"])
    op.create_index("ix_attendance_held", "attendance", ["held"])
