"""A consumer's own memory: what it has seen, how far it is, what failed, what can never be read."""

from datetime import datetime

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime

consumer_metadata = MetaData()


class ConsumerTable(SQLModel, registry=registry(metadata=consumer_metadata)):
    """Tables that every consumer's database has."""


class InboxRow(ConsumerTable, table=True):
    """An event that had its effect. Kept for good: an inbox shorter than the log counts twice at a replay."""

    __tablename__ = "inbox"

    sequence: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    event_id: str


class PositionRow(ConsumerTable, table=True):
    """How far this consumer is: every event up to `watermark` had its effect. One row."""

    __tablename__ = "position"

    name: str = Field(primary_key=True)
    watermark: int = Field(sa_type=BigInteger)


class AttemptRow(ConsumerTable, table=True):
    """An event whose effect failed and is tried again; goes when it succeeds or is given up."""

    __tablename__ = "delivery_attempt"

    sequence: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    attempts: int
    reason: str


class DeadLetterRow(ConsumerTable, table=True):
    """An entry that cannot be read, or an event given up after its last attempt."""

    __tablename__ = "dead_letter"

    id: int | None = Field(default=None, primary_key=True)
    stream_id: str = Field(unique=True)
    type: str | None = None
    reason: str
    body: str
    attempts: int
    at: datetime = Field(sa_type=UtcDateTime)
