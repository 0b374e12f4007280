"""Activities with their versions, sign-ups, messages with attempts; what every consumer and keyholder needs."""

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
    _projections()
    _messages()
    _consumer()
    _access()


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})


def _whole(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), **{"nullable": False, **options})


def _big(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), **{"nullable": False, **options})


def _yes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _at(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime(timezone=True), **{"nullable": False, **options})


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _projections() -> None:
    op.create_table(
        "activity_version",
        _text("ref", primary_key=True),
        _whole("version", primary_key=True, autoincrement=False),
        _text("title"),
        _at("starts_at"),
        _at("ends_at"),
        _text("place"),
        _text("address", nullable=True),
        _text("contact_phone", nullable=True),
        _text("status"),
        _text("reason", nullable=True),
        _at("recorded_at"),
    )
    op.create_table(
        "signup",
        _text("ref", primary_key=True),
        _text("partner_id"),
        _text("activity"),
        _text("pid"),
        _text("role"),
        _whole("party_size"),
        _yes("reminders"),
        _text("status"),
        _at("arrived_at"),
        _at("confirmed_at", nullable=True),
        _yes("promoted"),
        _whole("version"),
        _big("sequence"),
    )
    _index("signup", "activity")
    _index("signup", "pid")
    op.create_table("erasure", _text("pid_hash", primary_key=True), _big("sequence"))


def _messages() -> None:
    op.create_table("message", *_plan_columns(), *_progress_columns())
    for column in ("activity", "signup", "pid"):
        _index("message", column)
    op.create_index("by_status", "message", ["status", "due_at"])
    op.create_index("by_creation", "message", ["created_at", "id"])
    op.create_table(
        "message_attempt",
        _whole("number", primary_key=True),
        _text("message"),
        _at("at"),
        _text("phase"),
        _text("outcome"),
        _text("detail", nullable=True),
    )
    _index("message_attempt", "message")


def _plan_columns() -> list[sa.Column[Any]]:
    return [
        _text("id", primary_key=True),
        _text("dedup_key", unique=True),
        _text("kind"),
        _text("partner_id"),
        _text("activity"),
        _text("signup"),
        _text("pid"),
        _whole("subject_version"),
        _text("channel"),
        _whole("lane"),
        _at("moment_at"),
        _at("due_at"),
        _at("not_after"),
    ]


def _progress_columns() -> list[sa.Column[Any]]:
    return [
        _text("status"),
        _text("reason", nullable=True),
        _whole("attempts"),
        _whole("crashes"),
        _whole("doubts"),
        _text("lease_token", nullable=True),
        _at("lease_until", nullable=True),
        _at("intent_at", nullable=True),
        _whole("told_version", nullable=True),
        _at("resend_at", nullable=True),
        _at("sent_at", nullable=True),
        _whole("generation"),
        _at("created_at"),
    ]


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
        _at("at"),
    )


def _access() -> None:
    op.create_table(
        "access_key",
        _text("key_id", primary_key=True),
        _text("key_hash", unique=True),
        _text("label"),
        _text("partner_id", nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _at("created_at"),
        _at("last_used_at", nullable=True),
    )
