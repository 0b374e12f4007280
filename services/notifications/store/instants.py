"""What time the database has."""

from datetime import datetime

from sqlalchemy import Connection, DateTime, func, select


def present(connection: Connection) -> datetime:
    """PostgreSQL's clock at this very statement, not at the beginning of the transaction."""
    return connection.execute(select(func.clock_timestamp(type_=DateTime(timezone=True)))).scalar_one()
