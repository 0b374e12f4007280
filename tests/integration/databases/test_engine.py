"""The engine, and the one place that commits: the same promises on SQLite and on PostgreSQL."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError

from shared.clock import AMSTERDAM
from shared.database import ReadOnlyDatabaseError, UtcDateTime, connect, ensure_writable, reading, transaction
from tests.databases import DatabaseUrl

RARE = "".join(("Zeldzame", "naam"))
"""A value that must not be repeated; in no line of code as it is, as a traceback shows those."""
_metadata = MetaData()
_things = Table(
    "thing",
    _metadata,
    Column("name", String, primary_key=True),
    Column("at", UtcDateTime),
    Column("number", Integer),
)


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    yield from _opened(database_url("things"))


@pytest.fixture
def postgres_engine(postgres_url: DatabaseUrl) -> Iterator[Engine]:
    yield from _opened(postgres_url("things"))


def _opened(url: str) -> Iterator[Engine]:
    found = connect(url)
    with transaction(found) as connection:
        _metadata.create_all(connection)
    yield found
    found.dispose()


def add(engine: Engine, name: str, **more: Any) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(_things).values(name=name, **more))


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(_things.c.name).order_by(_things.c.name)).scalars())


def test_a_transaction_that_raises_leaves_nothing(engine: Engine) -> None:
    def fails_halfway() -> None:
        with transaction(engine) as connection:
            connection.execute(insert(_things).values(name="a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_halfway()
    assert names(engine) == []


def test_what_is_written_while_reading_stays_nowhere(engine: Engine) -> None:
    try:
        with reading(engine) as connection:
            connection.execute(insert(_things).values(name="a"))
    except DBAPIError:
        assert engine.dialect.name == "postgresql"
    assert names(engine) == []


def test_all_that_is_read_together_belongs_to_one_moment(engine: Engine) -> None:
    add(engine, "a")
    with reading(engine) as connection:
        before = connection.execute(select(_things.c.name)).scalars().all()
        add(engine, "b")
        after = connection.execute(select(_things.c.name)).scalars().all()
    assert (before, after, names(engine)) == (["a"], ["a"], ["a", "b"])


def test_who_waited_for_a_lock_sees_what_its_holder_wrote(engine: Engine) -> None:
    add(engine, "counter", number=0)
    mine = _things.c.name == "counter"

    def count() -> None:
        for _ in range(25):
            with transaction(engine) as connection:
                found = connection.execute(select(_things.c.number).where(mine).with_for_update()).scalar_one()
                connection.execute(update(_things).where(mine).values(number=found + 1))

    both = [threading.Thread(target=count) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    with reading(engine) as connection:
        assert connection.execute(select(_things.c.number)).scalar_one() == 50


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1), "2026-10-25T01:30:00+00:00"),
        (datetime(2026, 3, 29, 3, 0, 0, 1, tzinfo=AMSTERDAM), "2026-03-29T01:00:00.000001+00:00"),
        (datetime.max.replace(tzinfo=UTC), "9999-12-31T23:59:59.999999+00:00"),
        (datetime.min.replace(tzinfo=UTC), "0001-01-01T00:00:00+00:00"),
    ],
)
def test_an_instant_comes_back_in_utc(engine: Engine, moment: datetime, shown: str) -> None:
    add(engine, "a", at=moment)
    with reading(engine) as connection:
        assert connection.execute(select(_things.c.at)).scalar_one().isoformat() == shown


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError):
        add(engine, "a", at=datetime(2026, 1, 1))  # noqa: DTZ001  -- the point


def _twice(connection: Any) -> None:
    connection.execute(insert(_things).values(name=RARE))
    connection.execute(insert(_things).values(name=RARE))


def _twice_among_many(connection: Any) -> None:
    connection.execute(insert(_things), [{"name": name} for name in ("a", RARE, "b", RARE)])


def _no_number(connection: Any) -> None:
    connection.execute(text("insert into thing (name, number) values ('a', cast(:it as integer))"), {"it": RARE})


def _no_text(connection: Any) -> None:
    connection.execute(insert(_things).values(name=f"{RARE}\0"))


def _no_moment(connection: Any) -> None:
    connection.execute(text("select cast(:it as timestamptz)"), {"it": RARE})


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (_twice, IntegrityError),
        (_twice_among_many, IntegrityError),
        (_no_number, DataError),
        (_no_text, DataError),
        (_no_moment, DataError),
    ],
)
def test_an_error_of_postgresql_never_repeats_a_value(
    postgres_engine: Engine, fault: Callable[[Any], None], error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(error) as refused, transaction(postgres_engine) as connection:
        fault(connection)
    with caplog.at_level("DEBUG"):
        logging.getLogger("any").error("it failed", exc_info=refused.value)
    assert error.__name__ in caplog.text
    assert RARE not in caplog.text + str(refused.value) + repr(refused.value)


def test_an_error_of_sqlite_never_repeats_a_value(tmp_path: Path) -> None:
    for engine in _opened(f"sqlite:///{tmp_path / 'things.db'}"):
        with pytest.raises(IntegrityError) as refused, transaction(engine) as connection:
            _twice(connection)
    assert RARE not in str(refused.value)


def test_an_error_of_postgresql_still_says_what_was_wrong(postgres_engine: Engine) -> None:
    with pytest.raises(IntegrityError, match=r"UniqueViolation 23505 .*thing_pkey"):
        _twice_in(postgres_engine)


def _twice_in(engine: Engine) -> None:
    with transaction(engine) as connection:
        _twice(connection)


def test_a_database_that_is_away_is_named_without_its_password() -> None:
    engine = connect("postgresql://somebody:verzwegen@127.0.0.1:1/things")
    with pytest.raises(OperationalError, match=r"127\.0\.0\.1") as refused:
        names(engine)
    assert "verzwegen" not in str(refused.value)


def test_connections_that_the_server_ended_while_idle_are_replaced(postgres_engine: Engine) -> None:
    add(postgres_engine, "a")
    with transaction(postgres_engine) as mine, transaction(postgres_engine) as other:
        idle = mine.execute(text("select pg_backend_pid()")).scalar_one()
        last = other.execute(text("select pg_backend_pid()")).scalar_one()
    assert idle != last
    with transaction(postgres_engine) as connection:
        mine_now = connection.execute(text("select pg_backend_pid()")).scalar_one()
        gone = last if mine_now == idle else idle
        connection.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": gone})
    for _ in range(3):
        assert names(postgres_engine) == ["a"]


def test_a_connection_that_is_lost_within_a_transaction_loses_all_of_it_and_nothing_else(
    postgres_engine: Engine, postgres_url: DatabaseUrl
) -> None:
    killer = connect(postgres_url("things"))

    def lost_halfway() -> None:
        with transaction(postgres_engine) as connection:
            connection.execute(insert(_things).values(name="half"))
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
            with transaction(killer) as other:
                other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            connection.execute(insert(_things).values(name="other half"))

    with pytest.raises(OperationalError):
        lost_halfway()
    killer.dispose()
    add(postgres_engine, "whole")
    assert names(postgres_engine) == ["whole"]


def test_a_lock_is_waited_for_no_longer_than_the_url_says(postgres_url: DatabaseUrl) -> None:
    url = postgres_url("things")
    for holder in _opened(url):
        hasty = connect(f"{url}?options=-c%20lock_timeout%3D50ms&connect_timeout=3")
        add(holder, "a")
        with transaction(holder) as connection:
            connection.execute(update(_things).values(number=1))
            with pytest.raises(OperationalError, match="LockNotAvailable"), transaction(hasty) as other:
                other.execute(update(_things).values(number=2))
        hasty.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_an_url_may_name_the_driver_or_not(postgres_url: DatabaseUrl, scheme: str) -> None:
    engine = connect(postgres_url("things").replace("postgresql", scheme, 1))
    ensure_writable(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("lock_timeout", "10s"),
        ("timezone", "UTC"),
        ("transaction_isolation", "read committed"),
        ("client_encoding", "UTF8"),
    ],
)
def test_a_session_does_not_lean_on_the_settings_of_the_server(
    postgres_engine: Engine, setting: str, value: str
) -> None:
    with transaction(postgres_engine) as connection:
        name = str(postgres_engine.url.database)
        connection.execute(text(f'alter database "{name}" set default_transaction_isolation = serializable'))
    postgres_engine.dispose()
    with transaction(postgres_engine) as connection:
        assert connection.execute(text(f"show {setting}")).scalar_one() == value


def test_a_database_that_takes_writes_is_writable(engine: Engine) -> None:
    ensure_writable(engine)


def test_a_standby_is_not_writable(postgres_engine: Engine) -> None:
    with transaction(postgres_engine) as connection:
        name = str(postgres_engine.url.database)
        connection.execute(text(f'alter database "{name}" set default_transaction_read_only = on'))
    postgres_engine.dispose()
    with pytest.raises(ReadOnlyDatabaseError):
        ensure_writable(postgres_engine)


def test_a_connection_that_comes_back_after_the_engine_was_closed_is_closed_too(engine: Engine) -> None:
    """A thread may still be at work when a service stops."""
    with engine.connect() as connection:
        held: Any = connection.connection.dbapi_connection
        assert names(engine) == []
        engine.dispose()
        connection.execute(text("select 1"))
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError), match=r"closed"):
        held.cursor()
    assert names(engine) == []
