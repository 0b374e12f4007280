"""A backup holds every row of every table, at every schema, and fits either kind of database."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, String, cast, func, null, select, text, update

from shared.database import connect, reading, transaction, upgrade
from shared.operators.backup.archive import Archive, ArchiveWriter, DamagedBackupError, new_private_file
from shared.operators.backup.copying import NotOursError, copy_database
from shared.operators.backup.filling import UnfitTargetError, ensure_known, ensure_unused, fill
from shared.operators.backup.manifest import FORMAT, Manifest
from shared.operators.backup.rows import tables_of
from tests.databases import DATABASES, DatabaseUrl, sqlite_files
from tests.integration.databases.schemas import SERVICES, Service
from tests.integration.databases.schemas import fill as make_up_rows


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def backed_up(engine: Engine, service: str, path: Path) -> Archive:
    """A backup of one database."""
    with new_private_file(path) as file, ArchiveWriter(file) as writer:
        copy = copy_database(engine, service, writer)
        manifest = Manifest(
            format=FORMAT,
            product="0",
            created_at=datetime.now(UTC),
            person_key=None,
            ledger_sha256=writer.add_ledger(b'{"mark": "m"}\n'),
            databases={service: copy},
        )
        writer.finish(manifest)
    return Archive(path)


def rows_of(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table in a form that both databases share."""
    with reading(engine) as connection:
        return {
            name: sorted(str([same(value) for value in row]) for row in connection.execute(table.select()))
            for name, table in tables_of(connection).items()
        }


def same(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def put(archive: Archive, service: Service, target: Engine, *, replace: bool = False, ran_since: bool = False) -> None:
    with transaction(target) as connection:
        fill(connection, service.name, archive, service.migrations, replace=replace, ran_since=ran_since)


@pytest.fixture(params=DATABASES)
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """Where a backup goes: another database than the one it comes from, of either kind."""
    (tmp_path / "target").mkdir()
    if request.param == "sqlite":
        return sqlite_files(tmp_path / "target")
    url_of: DatabaseUrl = request.getfixturevalue("postgres_url")
    return lambda name: url_of(f"target_{name}")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_every_row_of_every_table_comes_back_and_the_service_goes_on_from_there(
    service: Service, database_url: DatabaseUrl, target_url: DatabaseUrl, tmp_path: Path
) -> None:
    with open_engine(database_url(service.name)) as source, open_engine(target_url(service.name)) as target:
        service.migrate(source, "head")
        make_up_rows(source)
        without_json_null(source)
        archive = backed_up(source, service.name, tmp_path / "b")
        put(archive, service, target)
        archive.close()
        assert rows_of(target) == rows_of(source)
        assert nulls_of(target) == nulls_of(source)
        upgrade(target, service.migrations)
        assert numbers_go_on(target, service)


def without_json_null(engine: Engine) -> None:
    """As our tables write nothing; made-up rows have the JSON word instead."""
    with transaction(engine) as connection:
        for table in tables_of(connection).values():
            for column in table.columns:
                if isinstance(column.type, JSON):
                    connection.execute(
                        update(table).where(cast(column, String) == "null").values({column.name: null()})
                    )


def nulls_of(engine: Engine) -> dict[str, list[int]]:
    """How many values are NULL, by column: a JSON null is none."""
    with reading(engine) as connection:
        return {
            name: list(connection.execute(select(*(func.count() - func.count(one) for one in table.columns))).one())
            for name, table in tables_of(connection).items()
        }


NUMBERED = {
    "registration": ("read_audit", "number", "(at, key_id, what, found) values ('2026-01-01', 'k', 'w', 1)"),
    "notifications": (
        "message_attempt",
        "number",
        "(message, at, phase, outcome) values ('m', '2026-01-01', 'p', 'o')",
    ),
    "reporting": (
        "dead_letter",
        "id",
        "(stream_id, reason, body, attempts, at) values ('n', 'r', 'b', 1, '2026-01-01')",
    ),
}
"""Service -> a table whose rows get their number from the database, that number, and a row without it."""


def numbers_go_on(engine: Engine, service: Service) -> bool:
    """Does the next number that the database gives by itself come after all that are there?"""
    name, number, row = NUMBERED[service.name]
    with transaction(engine) as connection:
        before: int = max(connection.execute(select(tables_of(connection)[name].c[number])).scalars())
        connection.execute(text(f"insert into {name} {row}"))
        after: int = max(connection.execute(select(tables_of(connection)[name].c[number])).scalars())
    return after == before + 1


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: str(service.name))
def test_an_older_backup_gets_its_own_schema_and_is_brought_up_to_date_as_an_old_database_is(
    service: Service, tmp_path: Path
) -> None:
    with (
        open_engine(f"sqlite:///{tmp_path / 'old.db'}") as source,
        open_engine(f"sqlite:///{tmp_path / 'n.db'}") as new,
    ):
        service.migrate(source, service.revisions[0])
        make_up_rows(source)
        archive = backed_up(source, service.name, tmp_path / "b")
        put(archive, service, new)
        archive.close()
        assert rows_of(new) == rows_of(source)
        for engine in (source, new):
            upgrade(engine, service.migrations)
        assert rows_of(new) == rows_of(source)


def test_a_backup_of_a_newer_version_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    service = SERVICES[0]
    with open_engine(f"sqlite:///{tmp_path / 'newer.db'}") as source:
        service.migrate(source, "head")
        with transaction(source) as connection:
            connection.execute(text("update alembic_version set version_num = '9999'"))
        archive = backed_up(source, service.name, tmp_path / "b")
    with pytest.raises(UnfitTargetError, match="9999"):
        ensure_known(service.name, archive.manifest.databases[service.name], service.migrations)
    archive.close()


def test_what_is_there_stays_unless_it_is_to_be_replaced(database_url: DatabaseUrl, tmp_path: Path) -> None:
    service = SERVICES[1]
    with open_engine(database_url("full")) as full, open_engine(database_url("other")) as other:
        for engine in (full, other):
            service.migrate(engine, "head")
        make_up_rows(full)
        archive = backed_up(full, service.name, tmp_path / "b")
        with transaction(other) as connection:
            connection.execute(text("insert into opt_out (pid, at) values ('mine', '2026-01-01')"))
        before = rows_of(other)
        with pytest.raises(UnfitTargetError, match="not empty"):
            put(archive, service, other)
        assert rows_of(other) == before
        put(archive, service, other, replace=True)
        archive.close()
        assert rows_of(other) == rows_of(full)


def test_a_database_of_somebody_else_is_never_replaced(database_url: DatabaseUrl, tmp_path: Path) -> None:
    service = SERVICES[2]
    with open_engine(database_url("ours")) as ours, open_engine(database_url("theirs")) as theirs:
        with pytest.raises(NotOursError):
            backed_up(ours, service.name, tmp_path / "none")
        service.migrate(ours, "head")
        archive = backed_up(ours, service.name, tmp_path / "b")
        with transaction(theirs) as connection:
            connection.execute(text("create table books (title text)"))
        with pytest.raises(UnfitTargetError, match="not KomErbij's"):
            put(archive, service, theirs, replace=True)
        archive.close()
        assert set(rows_of(theirs)) == {"books"}
    assert not (tmp_path / "none").exists()


def test_a_database_that_a_service_has_open_is_not_touched(database_url: DatabaseUrl, tmp_path: Path) -> None:
    service = SERVICES[0]
    with open_engine(database_url("busy")) as busy:
        service.migrate(busy, "head")
        archive = backed_up(busy, service.name, tmp_path / "b")
        with busy.connect() as service_connection, open_engine(database_url("busy")) as ours:
            service_connection.execute(text("select 1"))
            service_connection.rollback()
            with pytest.raises(UnfitTargetError, match="in use"):
                take_over(archive, service, database_url("busy"), ours)
        busy.dispose()
        ensure_unused(database_url("busy"), service.name)
        archive.close()


def take_over(archive: Archive, service: Service, url: str, engine: Engine) -> None:
    """As the command does."""
    ensure_unused(url, service.name)
    put(archive, service, engine, replace=True)


@pytest.fixture(scope="module")
def small_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    service = SERVICES[1]
    with open_engine(f"sqlite:///{folder / 'a.db'}") as engine:
        service.migrate(engine, "head")
        make_up_rows(engine)
        backed_up(engine, service.name, folder / "b").close()
    return folder / "b"


def test_a_backup_is_for_its_owner_alone(small_backup: Path) -> None:
    assert small_backup.stat().st_mode & 0o777 == 0o600


def told(archive: Archive) -> dict[str, list[bytes]]:
    """All that a backup says."""
    parts = {
        f"{service}/{table}": list(archive.lines(service, table))
        for service, copy in archive.manifest.databases.items()
        for table in copy.tables
    }
    return {**parts, "ledger": [archive.ledger()], "manifest": [archive.manifest.model_dump_json().encode()]}


def test_a_byte_that_changed_anywhere_is_seen_or_says_nothing(small_backup: Path, tmp_path: Path) -> None:
    whole = Archive(small_backup)
    truth = told(whole)
    whole.close()
    content, seen = small_backup.read_bytes(), 0
    for place in range(0, len(content), max(len(content) // 250, 1)):
        changed = bytearray(content)
        changed[place] ^= 0x55
        (tmp_path / "changed").write_bytes(changed)
        try:
            archive = Archive(tmp_path / "changed")
        except DamagedBackupError:
            seen += 1
            continue
        found = told(archive)
        archive.close()
        assert found == truth, place
    assert seen > 150


def test_a_part_that_was_written_anew_is_seen(small_backup: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(small_backup) as whole, zipfile.ZipFile(tmp_path / "forged", "w") as forged:
        for name in whole.namelist():
            content = whole.read(name)
            forged.writestr(name, content.replace(b"status", b"STATUS") if "message.jsonl" in name else content)
    with pytest.raises(DamagedBackupError, match="not what was written"):
        Archive(tmp_path / "forged")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_none(part: float, small_backup: Path, tmp_path: Path) -> None:
    content = small_backup.read_bytes()
    (tmp_path / "cut").write_bytes(content[: int(len(content) * part)])
    with pytest.raises(DamagedBackupError):
        Archive(tmp_path / "cut")
