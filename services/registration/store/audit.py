"""Which reads of sign-ups and contact data took place."""

from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from services.registration.domain.reads import Read, ReadFilter
from services.registration.tables import ReadAuditRow
from shared.database import table_of

_reads = table_of(ReadAuditRow)


class KeptRead(NamedTuple):
    """A read and its number, which rises."""

    number: int
    read: Read


def keep(connection: Connection, read: Read) -> None:
    """Write it down."""
    connection.execute(insert(_reads).values(asdict(read)))


def latest(connection: Connection, wanted: ReadFilter, limit: int) -> list[KeptRead]:
    """The newest first."""
    statement = select(_reads).order_by(_reads.c.number.desc()).limit(limit)
    if wanted.key_id is not None:
        statement = statement.where(_reads.c.key_id == wanted.key_id)
    if wanted.about is not None:
        statement = statement.where(_reads.c.about == wanted.about)
    if wanted.before is not None:
        statement = statement.where(_reads.c.number < wanted.before)
    rows = (dict(row) for row in connection.execute(statement).mappings())
    return [KeptRead(row.pop("number"), Read(**row)) for row in rows]
