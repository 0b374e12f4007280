"""At every moment of a test: everybody is told, about to be told, on a list, or wants nothing (must-hold of step 4)."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from services.notifications.domain.policy import Policy
from services.notifications.tables import MessageRow
from services.notifications.usecases.completeness import Item, completeness
from shared.database import reading, table_of

EVER = timedelta(days=365 * 20)


def adds_up(engine: Engine, now: datetime, policy: Policy) -> list[Item]:
    """Nobody is missing, and every activity's people are the sum of the four; returns the activities."""
    with reading(engine) as connection:
        items = completeness(connection, now, now + EVER, policy)
    for item in items:
        found = item.balance
        assert found.due == found.told + found.planned + found.call_list + found.opted_out, _said(engine, item, now)
        assert found.missing == 0
    return items


def _said(engine: Engine, item: Item, now: datetime) -> str:
    """What a reader of a failed test wants to see."""
    table = table_of(MessageRow)
    columns = [table.c[name] for name in ("dedup_key", "status", "reason", "told_version", "call_since", "call_reason")]
    with reading(engine) as connection:
        rows = connection.execute(select(*columns).where(table.c.activity == item.activity)).all()
    return "\n".join([f"somebody is missing at {now}: {item}", *(str(tuple(row)) for row in rows)])
