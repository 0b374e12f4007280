"""Backups of registration on either database, and a service that starts again over one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from services.registration.app import build
from services.registration.tables import metadata
from shared.database import connect, reading, transaction
from tests.integration.registration.running import MovingClock, Registration, served, settings

Rows = dict[str, list[dict[str, Any]]]
LEDGER = "registration-erasures.jsonl"


@dataclass
class Place:
    """A data folder and a database, over which registration runs now and then."""

    folder: Path
    database: str
    clock: MovingClock

    @property
    def ledger(self) -> Path:
        return self.folder / LEDGER

    @contextmanager
    def running(self) -> Iterator[Registration]:
        """For the length of a block."""
        app = build(settings(self.folder, database_url=self.database), self.clock)
        with served(app, self.database, self.clock) as found:
            yield found

    def backup(self) -> Rows:
        """Every row of every table."""
        engine = connect(self.database)
        with reading(engine) as connection:
            found = {
                name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for name, table in metadata.tables.items()
            }
        engine.dispose()
        return found

    def restore(self, rows: Rows) -> None:
        """What was there at the backup, and nothing else."""
        engine = connect(self.database)
        with transaction(engine) as connection:
            for name, table in metadata.tables.items():
                connection.execute(delete(table))
                if rows[name]:
                    connection.execute(insert(table), rows[name])
        engine.dispose()
