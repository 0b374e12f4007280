"""The migrated schema is what the tables say, and an upgrade may be run at every start."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from services.registration.app import MIGRATIONS
from services.registration.tables import metadata
from shared.database import connect, reading, upgrade


def test_migrations_lead_to_the_schema_of_the_tables(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    upgrade(engine, MIGRATIONS)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
        assert [tuple(row) for row in connection.exec_driver_sql("select * from log_head")] == [("main", 0)]
    engine.dispose()


def test_one_person_can_have_one_active_sign_up_even_if_the_rules_fail(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    with reading(engine) as connection:
        (index,) = [index for index in inspect(connection).get_indexes("signup") if index["unique"]]
    assert index["column_names"] == ["activity", "pid", "role"]
    engine.dispose()
