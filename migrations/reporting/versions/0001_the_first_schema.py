"""Projections of every subject, quoted figures, and what every consumer and every keyholder needs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    _activities()
    _persons()
    _facts()
    _coalition()
    _consumer()
    _access()


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})


def _whole(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), **{"nullable": False, **options})


def _big(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), **{"nullable": False, **options})


def _day(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), **{"nullable": False, **options})


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _activities() -> None:
    op.create_table(
        "activity",
        _text("ref", primary_key=True),
        _whole("version"),
        _text("partner_id"),
        _day("day"),
        _text("kind"),
        _text("goal"),
        _text("title"),
        _text("series", nullable=True),
        _text("neighbourhood", nullable=True),
        _whole("capacity", nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
    )
    _index("activity", "day")
    _index("activity", "series")


def _persons() -> None:
    op.create_table(
        "signup",
        _text("ref", primary_key=True),
        _whole("version"),
        _big("sequence"),
        _text("activity"),
        _text("pid"),
        _text("role"),
        _text("status"),
        _whole("party_size"),
        _text("age_band", nullable=True),
        _text("neighbourhood", nullable=True),
    )
    _index("signup", "activity")
    _index("signup", "pid")
    op.create_table(
        "attendance",
        _text("activity", primary_key=True),
        _text("pid", primary_key=True),
        _text("role", primary_key=True),
        _whole("version"),
        _big("sequence"),
        _text("outcome"),
        _whole("party_size"),
        _text("age_band", nullable=True),
        _text("neighbourhood", nullable=True),
    )
    _index("attendance", "pid")
    op.create_table(
        "assignment",
        _text("ref", primary_key=True),
        _whole("version"),
        _big("sequence"),
        _text("partner_id"),
        _text("pid"),
        _text("series", nullable=True),
        _day("first_day"),
        _day("last_day", nullable=True),
        _text("age_band", nullable=True),
        _text("neighbourhood", nullable=True),
    )
    _index("assignment", "pid")
    op.create_table(
        "pending_erasure",
        _big("sequence", primary_key=True, autoincrement=False),
        _text("pid"),
        _text("token"),
    )
    _index("pending_erasure", "pid")


def _facts() -> None:
    op.create_table(
        "head_count",
        _text("activity", primary_key=True),
        _text("count_key", primary_key=True),
        _whole("version"),
        _big("value", nullable=True),
    )
    op.create_table(
        "outreach",
        _text("ref", primary_key=True),
        _whole("version"),
        _text("partner_id"),
        _text("kind"),
        _text("goal"),
        _day("day"),
        _text("series", nullable=True),
        _big("quantity", nullable=True),
        _big("personalised", nullable=True),
        _text("precision"),
        _text("personalised_precision"),
        sa.Column("void", sa.Boolean(), nullable=False),
    )
    _index("outreach", "day")


def _coalition() -> None:
    op.create_table(
        "member",
        _text("ref", primary_key=True),
        _whole("version"),
        _text("partner_id"),
        _text("kind"),
        _day("joined_on"),
        _day("left_on", nullable=True),
        _text("via_activity", nullable=True),
    )
    _index("member", "via_activity")
    op.create_table(
        "partner",
        _text("partner_id", primary_key=True),
        _whole("version"),
        _text("name"),
        _text("kind"),
        _text("municipality"),
        _day("joined_on"),
        _day("left_on", nullable=True),
    )
    op.create_table(
        "external_figure",
        _text("figure_id", primary_key=True),
        _text("label_nl"),
        _text("label_en"),
        sa.Column("value", sa.Float(), nullable=False),
        _text("unit"),
        _whole("year"),
        _text("source"),
        _text("instrument"),
    )


def _consumer() -> None:
    op.create_table("inbox", _big("sequence", primary_key=True, autoincrement=False), _text("event_id"))
    op.create_table("position", _text("name", primary_key=True), _big("watermark"))
    op.create_table(
        "delivery_attempt",
        _big("sequence", primary_key=True, autoincrement=False),
        _whole("attempts"),
        _text("reason"),
    )
    op.create_table(
        "dead_letter",
        _whole("id", primary_key=True),
        _text("stream_id", unique=True),
        _text("type", nullable=True),
        _text("reason"),
        _text("body"),
        _whole("attempts"),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
    )


def _access() -> None:
    op.create_table(
        "access_key",
        _text("key_id", primary_key=True),
        _text("key_hash", unique=True),
        _text("label"),
        _text("partner_id", nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", UtcDateTime(timezone=True), nullable=True),
    )
