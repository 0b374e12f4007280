"""Where a service keeps the hashes of its access keys."""

from datetime import datetime

from sqlalchemy import JSON, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import UtcDateTime

key_metadata = MetaData()


class KeyTable(SQLModel, registry=registry(metadata=key_metadata)):
    """The tables that HTTP access needs in every service."""


class KeyRow(KeyTable, table=True):
    """An access key: who, what for, and a hash; never the key itself."""

    __tablename__ = "access_key"

    key_id: str = Field(primary_key=True)
    key_hash: str = Field(unique=True)
    label: str
    partner_id: str | None = None
    scopes: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
