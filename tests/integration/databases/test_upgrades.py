"""An upgrade loses nothing: every revision of every service, from every one before it, on both databases."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Table, text

from shared.database import NewerSchemaError, connect, reading, transaction, upgrade
from tests.databases import DatabaseUrl
from tests.integration.databases.schemas import ROWS, SERVICES, Service, Step, after, fill, reflected, rows_of

STEPS = [
    pytest.param(service, revision, id=f"{service.name}-{revision}")
    for service in SERVICES
    for revision in service.revisions
]
EACH = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
Open = Callable[[], Engine]


@pytest.fixture(name="open_database")
def engines_on_one_database(database_url: DatabaseUrl) -> Iterator[Open]:
    """Engines on the same database, as processes have them."""
    opened: list[Engine] = []

    def open_database() -> Engine:
        opened.append(connect(database_url("upgraded")))
        return opened[-1]

    yield open_database
    for engine in opened:
        engine.dispose()


@pytest.fixture(name="engine")
def one_engine(open_database: Open) -> Engine:
    return open_database()


def keys(engine: Engine) -> dict[str, list[str]]:
    with reading(engine) as connection:
        return {table.name: [column.name for column in table.primary_key] for table in reflected(connection)}


@pytest.mark.parametrize(("service", "revision"), STEPS)
def test_an_upgrade_to_the_newest_schema_keeps_every_row_and_value(
    engine: Engine, service: Service, revision: str
) -> None:
    service.migrate(engine, revision)
    fill(engine)
    before = rows_of(engine)
    assert before
    assert {len(rows) for rows in before.values()} == {ROWS}
    upgrade(engine, service.migrations)
    coming = service.revisions[service.revisions.index(revision) + 1 :]
    steps = [service.steps.get(later, Step()) for later in coming]
    wanted = reduce(lambda rows, step: after(step, rows, keys(engine)), steps, before)
    found = rows_of(engine)
    assert {table: found.get(table) for table in wanted} == wanted
    assert upgraded(engine, service)


def upgraded(engine: Engine, service: Service) -> bool:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, service.metadata) == []
        return context.get_current_heads() == (service.revisions[-1],)


@EACH
def test_an_upgraded_schema_is_the_schema_of_a_new_database(database_url: DatabaseUrl, service: Service) -> None:
    """Keys, indexes and what may be null, too, whatever way they were made."""
    engines = [connect(database_url(name)) for name in ("step_by_step", "made")]
    for revision in service.revisions:
        service.migrate(engines[0], revision)
    service.metadata.create_all(engines[1])
    by_steps, made = (shape(engine) for engine in engines)
    for engine in engines:
        engine.dispose()
    assert by_steps == made


def shape(engine: Engine) -> dict[str, object]:
    with reading(engine) as connection:
        return {
            table.name: (
                [
                    (column.name, str(column.type), column.nullable, column.primary_key)
                    for column in sorted_columns(table)
                ],
                sorted((index.name, [c.name for c in index.columns], index.unique) for index in table.indexes),
            )
            for table in reflected(connection)
        }


def sorted_columns(table: Table) -> list[Column[Any]]:
    return sorted(table.columns, key=lambda column: column.name)


@EACH
def test_an_upgrade_that_is_done_changes_nothing_when_it_is_asked_again(engine: Engine, service: Service) -> None:
    upgrade(engine, service.migrations)
    fill(engine)
    before = rows_of(engine)
    upgrade(engine, service.migrations)
    assert rows_of(engine) == before


@EACH
@pytest.mark.parametrize("made_before", [False, True], ids=["an empty database", "the first schema with rows"])
def test_processes_that_start_at_once_upgrade_once(open_database: Open, service: Service, made_before: bool) -> None:
    if made_before:
        first = open_database()
        service.migrate(first, "0001")
        fill(first)
    engines = [open_database() for _ in range(4)]
    all_set = threading.Barrier(len(engines))

    def start(engine: Engine) -> None:
        all_set.wait(30)
        upgrade(engine, service.migrations)

    with ThreadPoolExecutor(len(engines)) as pool:
        for ended in [pool.submit(start, engine) for engine in engines]:
            ended.result(60)
    assert upgraded(engines[0], service)
    if made_before:
        assert {len(rows) for rows in rows_of(engines[0]).values()} <= {0, ROWS}


@EACH
def test_a_database_with_a_newer_schema_is_refused_and_left_alone(engine: Engine, service: Service) -> None:
    upgrade(engine, service.migrations)
    fill(engine)
    with transaction(engine) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    before = rows_of(engine)
    with pytest.raises(NewerSchemaError, match=rf"{service.name} has schema 9999.*{service.revisions[-1]}.*backup"):
        upgrade(engine, service.migrations)
    assert rows_of(engine) == before
    with reading(engine) as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() == "9999"
