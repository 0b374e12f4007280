"""How far this service has read the log."""

from sqlalchemy import Connection, func, select

from shared.database import table_of
from shared.messaging.tables import PositionRow

_position = table_of(PositionRow)


def watermark(connection: Connection) -> int:
    """Every event up to this sequence is in the figures; 0 before the first."""
    return connection.execute(select(func.max(_position.c.watermark))).scalar() or 0
