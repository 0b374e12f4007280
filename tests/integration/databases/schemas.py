"""Schemas at any revision, and rows made up for whatever tables they have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, insert, select

from services.notifications.app import MIGRATIONS as NOTIFICATIONS
from services.notifications.tables import metadata as notifications
from services.registration.app import MIGRATIONS as REGISTRATION
from services.registration.tables import metadata as registration
from services.reporting.app import MIGRATIONS as REPORTING
from services.reporting.tables import metadata as reporting
from shared.database import transaction

Row = dict[str, Any]
Rows = dict[str, list[Row]]
ROWS = 3
"""Rows made up per table."""


@dataclass(frozen=True)
class Step:
    """What a revision does to rows besides keeping them.

    `moved`: (table, column) -> (table, column) where the value is found afterwards, in rows of the same key.
    `added`: table -> the columns it got, with the value that rows of before have now.
    """

    moved: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    added: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """A service's migrations, the schema its code expects, and the revisions that do more than add tables."""

    migrations: Path
    metadata: MetaData
    steps: Mapping[str, Step] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.migrations.name

    @property
    def revisions(self) -> list[str]:
        """Oldest first."""
        return [
            script.revision for script in reversed(list(ScriptDirectory.from_config(self._config()).walk_revisions()))
        ]

    def migrate(self, engine: Engine, revision: str) -> None:
        """Bring a database to a revision, as the code of that day did."""
        config = self._config()
        with transaction(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    def _config(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self.migrations))
        return config


SERVICES = (
    Service(
        REGISTRATION,
        registration,
        {
            "0002": Step(
                moved={
                    ("log_head", "published"): ("relay_state", "published"),
                    ("log_head", "replay_floor"): ("relay_state", "replay_floor"),
                }
            )
        },
    ),
    Service(
        NOTIFICATIONS,
        notifications,
        {
            "0003": Step(
                added={
                    "message": {
                        "transport_ref": None,
                        "address_hash": None,
                        "probed_at": None,
                        "call_since": None,
                        "call_reason": None,
                        "call_outcome": None,
                        "called_at": None,
                    }
                }
            )
        },
    ),
    Service(REPORTING, reporting, {"0002": Step(added={"attendance": {"held": 0}})}),
)


def reflected(connection: Connection) -> Sequence[Table]:
    """The tables of a database as they are, but Alembic's own."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(engine: Engine) -> None:
    """Give every table `ROWS` rows with a value in each column, none the same; replaces rows that a migration made."""
    with transaction(engine) as connection:
        for table in reflected(connection):
            connection.execute(table.delete())
            connection.execute(insert(table), [made_up(table, number) for number in range(1, ROWS + 1)])


def made_up(table: Table, number: int) -> Row:
    """One row; the last one is empty where it may be."""
    empty = number == ROWS
    return {
        column.name: None if empty and column.nullable else _value(column, place * 100 + number)
        for place, column in enumerate(table.columns, 1)
    }


def _value(column: Column[Any], number: int) -> Any:
    make = _MAKERS.get(column.type.python_type)
    return make(number) if make else f"{column.name} {number} é"


_DAY = date(2024, 2, 29)
_MAKERS: Mapping[type[Any], Callable[[int], Any]] = {
    bool: lambda number: number % 2 == 0,
    datetime: lambda number: datetime(2024, 2, 29, 23, 59, tzinfo=UTC) + timedelta(minutes=number),
    date: lambda number: _DAY + timedelta(days=number),
    int: lambda number: number,
    float: lambda number: number + 0.25,
    dict: lambda number: {"list": [number]},
    bytes: lambda number: bytes([0, number & 255, 255]),
}
"""What a column of this kind gets; all else is text."""


def rows_of(engine: Engine) -> Rows:
    """Everything, each table in the order of its key."""
    with transaction(engine) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in reflected(connection)
        }


def after(step: Step, rows: Rows, keys: Mapping[str, Sequence[str]]) -> Rows:
    """The rows that must be there when a revision is done, of all that were there before."""
    wanted: Rows = {table: [dict(row) for row in found] for table, found in rows.items()}
    for (table, column), (target, name) in step.moved.items():
        for number, row in enumerate(rows[table]):
            key = {part: row[part] for part in keys[target]}
            held = next((kept for kept in wanted.setdefault(target, []) if key.items() <= kept.items()), None)
            if held is None:
                wanted[target].append(held := key)
            held[name] = row[column]
            del wanted[table][number][column]
    for table, columns in step.added.items():
        for row in wanted[table]:
            row.update(columns)
    return wanted
