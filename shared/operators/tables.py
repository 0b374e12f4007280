"""What a consumer remembers of its rebuilds."""

from datetime import datetime

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime

operator_metadata = MetaData()


class OperatorTable(SQLModel, registry=registry(metadata=operator_metadata)):
    """Tables that every consumer's database has for its operators."""


class RebuildRow(OperatorTable, table=True):
    """One rebuild. `slot` is set while it runs: one at a time; `beat_at` shows that its process lives."""

    __tablename__ = "rebuild"

    id: str = Field(primary_key=True)
    slot: str | None = Field(default=None, unique=True)
    status: str
    events: int = Field(default=0, sa_type=BigInteger)
    digest: str | None = None
    live_digest: str | None = None
    reason: str | None = None
    started_at: datetime = Field(sa_type=UtcDateTime)
    beat_at: datetime = Field(sa_type=UtcDateTime)
