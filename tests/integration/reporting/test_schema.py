"""The migrations build exactly the schema that the code expects."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from services.reporting.app import MIGRATIONS
from services.reporting.tables import metadata
from shared.database import connect, reading, transaction, upgrade


def test_the_migrated_schema_is_the_schema_of_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_attendances_of_the_first_schema_are_kept(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = "INSERT INTO attendance VALUES ('avedan/one', 'anna', 'participant', 2, 7, 'present', 1, NULL, NULL)"
        connection.execute(text(row))
    upgrade(engine, MIGRATIONS)
    with reading(engine) as connection:
        kept = connection.execute(text("SELECT activity, pid, held, version, sequence, outcome FROM attendance")).all()
    engine.dispose()
    assert [tuple(found) for found in kept] == [("avedan/one", "anna", 0, 2, 7, "present")]
