"""Copy one database into a backup, as it is at one moment, while its service goes on."""

from sqlalchemy import Connection, Engine, Table, func, select

from shared.clock import utc_now
from shared.database import reading
from shared.operators.backup.archive import ArchiveWriter
from shared.operators.backup.manifest import DatabaseCopy
from shared.operators.backup.rows import VERSIONS, lines, tables_of


class NotOursError(Exception):
    """The database has no tables of KomErbij. Says of which service, in one sentence."""


def copy_database(engine: Engine, service: str, archive: ArchiveWriter) -> DatabaseCopy:
    """All tables in one reading transaction: it holds no lock, and sees nothing that is committed after its beginning.

    NotOursError where no service has made its tables yet.
    """
    with reading(engine) as connection:
        taken_at = utc_now()
        tables = tables_of(connection)
        if VERSIONS not in tables:
            raise NotOursError(f"the database of {service} holds no tables of KomErbij")
        schema: str = connection.execute(select(tables[VERSIONS].c.version_num)).scalar_one()
        sequence, newest = _progress(connection, tables)
        copies = {
            name: archive.add_table(service, name, list(table.columns.keys()), lines(connection, table))
            for name, table in sorted(tables.items())
            if name != VERSIONS
        }
    return DatabaseCopy(schema_version=schema, taken_at=taken_at, sequence=sequence, newest=newest, tables=copies)


def _progress(connection: Connection, tables: dict[str, Table]) -> tuple[int, int]:
    """(the log's head or the watermark, the highest event that had its effect)."""
    if "log_head" in tables:
        head = connection.execute(select(func.max(tables["log_head"].c.assigned))).scalar() or 0
        return head, head
    position, inbox = tables["position"], tables["inbox"]
    mark = connection.execute(select(position.c.watermark).where(position.c.name == "main")).scalar() or 0
    return mark, max(mark, connection.execute(select(func.max(inbox.c.sequence))).scalar() or 0)
