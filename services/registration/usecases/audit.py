"""What was read is written down before it is shown."""

from datetime import datetime

from sqlalchemy import Connection

from services.registration.domain.reads import Read, Reader, ReadFilter
from services.registration.store import audit
from services.registration.store.audit import KeptRead


def note_read(connection: Connection, reader: Reader, what: str, about: str | None, found: int, now: datetime) -> None:
    """One row a read; never what was in it (contract section 3, reading back)."""
    audit.keep(connection, Read(now, reader.key_id, reader.partner_id, what, about, found))


def list_reads(connection: Connection, wanted: ReadFilter, limit: int) -> list[KeptRead]:
    """A page of reads, the newest first."""
    return audit.latest(connection, wanted, limit)
