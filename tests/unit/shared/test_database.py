"""The engine, and the one place that commits."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, MetaData, String, Table, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from shared.clock import AMSTERDAM
from shared.database import UtcDateTime, connect, reading, transaction

_metadata = MetaData()
_things = Table("thing", _metadata, Column("name", String, primary_key=True), Column("at", UtcDateTime))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = connect(f"sqlite:///{tmp_path / 'things.db'}")
    with transaction(found) as connection:
        _metadata.create_all(connection)
    yield found
    found.dispose()


def names(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(_things.c.name)).scalars())


def test_an_error_never_repeats_a_value(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(insert(_things).values(name="Zeldzamenaam"))
    with pytest.raises(IntegrityError) as refused, transaction(engine) as connection:
        connection.execute(insert(_things).values(name="Zeldzamenaam"))
    assert "Zeldzamenaam" not in str(refused.value)


def test_a_transaction_that_raises_leaves_nothing(engine: Engine) -> None:
    def fails_halfway() -> None:
        with transaction(engine) as connection:
            connection.execute(insert(_things).values(name="a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_halfway()
    assert names(engine) == []


def test_what_is_written_while_reading_is_rolled_back(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(insert(_things).values(name="a"))
    assert names(engine) == []


def test_an_instant_comes_back_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1)
    with transaction(engine) as connection:
        connection.execute(insert(_things).values(name="a", at=moment))
    with reading(engine) as connection:
        found = connection.execute(select(_things.c.at)).scalar_one()
    assert found.isoformat() == "2026-10-25T01:30:00+00:00"


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError), transaction(engine) as connection:
        connection.execute(insert(_things).values(name="a", at=datetime(2026, 1, 1)))  # noqa: DTZ001  -- the point
