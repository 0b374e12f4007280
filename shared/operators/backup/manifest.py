"""What a backup says of itself: versions, how far each service was, and a digest of every part."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

FORMAT = 1
"""Of the file; a reader refuses a higher one."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableCopy(_Part):
    """One table: its columns in the order of the values of a row, and what its lines must add up to."""

    columns: list[str]
    rows: int
    sha256: str


class DatabaseCopy(_Part):
    """One database as it was at one moment.

    `schema_version`: Alembic's. `sequence`: registration's log head, a consumer's watermark. `newest`: the highest
    event that had its effect; above the watermark where one is missing below.
    """

    schema_version: str
    taken_at: datetime
    sequence: int
    newest: int
    tables: dict[str, TableCopy]


class Manifest(_Part):
    """`person_key`: tells whether the key at hand is the one behind the pids, and nothing else of it; None: unknown."""

    format: int
    product: str
    created_at: datetime
    person_key: str | None
    ledger_sha256: str | None
    databases: dict[str, DatabaseCopy]
