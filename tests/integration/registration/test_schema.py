"""The migrated schema is what the tables say; it may be upgraded at every start, by several processes at once."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from services.registration import event_log
from services.registration.app import MIGRATIONS
from services.registration.tables import metadata
from shared.database import connect, reading, transaction, upgrade
from tests.databases import DatabaseUrl
from tests.servers import ROOT

AT_ONCE = """
import sys
from services.registration.app import MIGRATIONS
from shared.database import connect, upgrade
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
upgrade(engine, MIGRATIONS)
"""


@pytest.fixture
def url(database_url: DatabaseUrl) -> str:
    """An empty database."""
    return database_url("registration")


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """Into that database."""
    engine = connect(url)
    yield engine
    engine.dispose()


def test_migrations_lead_to_the_schema_of_the_tables(empty: Engine) -> None:
    upgrade(empty, MIGRATIONS)
    upgrade(empty, MIGRATIONS)
    with reading(empty) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
        assert event_log.head(connection) == (0, 0, 0)


def test_the_relays_marks_move_to_a_row_of_their_own_and_none_is_lost(empty: Engine) -> None:
    upgrade_to(empty, "0001")
    with transaction(empty) as connection:
        connection.exec_driver_sql("update log_head set assigned = 9, published = 7, replay_floor = 4")
    upgrade(empty, MIGRATIONS)
    with reading(empty) as connection:
        assert event_log.head(connection) == (9, 7, 4)


def upgrade_to(engine: Engine, revision: str) -> None:
    """As an earlier version of the service left the database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_processes_that_start_at_once_on_an_empty_database_all_start(url: str, empty: Engine) -> None:
    argv = [sys.executable, "-c", AT_ONCE, url]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    with reading(empty) as connection:
        assert event_log.head(connection) == (0, 0, 0)


def test_one_person_can_have_one_active_sign_up_even_if_the_rules_fail(empty: Engine) -> None:
    upgrade(empty, MIGRATIONS)
    with reading(empty) as connection:
        (index,) = [index for index in inspect(connection).get_indexes("signup") if index["unique"]]
    assert index["column_names"] == ["activity", "pid", "role"]
