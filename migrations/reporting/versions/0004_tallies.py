"""What facts add up to, kept beside them; empty here, because the next start adds up what is there already."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AUDIENCE = ("attendances", "signups", "unmet", "absent", "came")
_WHOLE = (*_AUDIENCE, "activities", "taken", "capacity", "measured", "visits", "counted", "joined")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "activity_tally",
        _text("activity", primary_key=True),
        _day("day"),
        _text("kind"),
        _text("goal"),
        _text("partner_id"),
        _text("series", nullable=True),
        _text("neighbourhood", nullable=True),
        *_added_up(_WHOLE),
    )
    op.create_index("ix_activity_tally_day", "activity_tally", ["day"])
    op.create_table(
        "audience_tally",
        _text("activity", primary_key=True),
        _text("dimension", primary_key=True),
        _text("key", primary_key=True),
        *_added_up(_AUDIENCE),
    )
    op.create_table(
        "month_tally",
        _day("month", primary_key=True),
        _text("dimension", primary_key=True),
        _text("key", primary_key=True),
        *_added_up(_WHOLE),
    )
    op.create_table(
        "person",
        _text("pid", primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        _day("first_day", nullable=True),
    )
    op.create_index("ix_person_first_day", "person", ["first_day"])
    op.create_table("newcomers", _day("month", primary_key=True), _set("participants"))
    op.drop_index("ix_activity_series", "activity")
    op.create_index("ix_activity_series_day", "activity", ["series", "day", "ref"])


def _added_up(counters: tuple[str, ...]) -> tuple[sa.Column[Any], ...]:
    numbers = (sa.Column(name, sa.BigInteger(), nullable=False) for name in counters)
    return (*numbers, _set("participants"), _set("professionals"))


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), **{"nullable": False, **options})


def _day(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), **{"nullable": False, **options})


def _set(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)
