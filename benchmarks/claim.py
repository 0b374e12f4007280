"""Claiming due reminders, and looking in vain, beside no and beside a million finished messages, on both databases."""

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, String, cast, insert, literal, select, text, true

from benchmarks.rounds import Contender, Row, measure
from services.notifications.app import MIGRATIONS
from services.notifications.domain.policy import Policy
from services.notifications.tables import MessageRow
from services.notifications.usecases.claiming import take_turn
from shared.database import connect, table_of, transaction, upgrade
from tests.databases import DatabaseUrl, PostgresServer, fresh_postgres, sqlite_files
from tests.integration.notifications.crowd import due_reminders, finished
from tests.integration.notifications.story import START

FINISHED = 1_000_000
_COPIED = 1_000
_OWN = ("id", "dedup_key", "signup", "pid")
"""What differs from one message to the next."""
DUE = 2_000
AT_ONCE = 50
LOOKS = 200
NOW = START - timedelta(hours=23)
"""All `DUE` reminders have been due for an hour."""
BEFORE = START - timedelta(days=2)
"""None is."""
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_TABLE = "create table due (id integer primary key, due_at integer not null, taken integer not null default 0)"
_INDEX = "create index open on due (due_at) where taken = 0"
_ROWS = """
    insert into due (id, due_at)
    with recursive n(number) as (select 1 union all select number + 1 from n where number < 2000)
    select number, number from n
    """
_TAKE = "update due set taken = 1 where id in (select id from due where taken = 0 order by due_at limit 50)"
_HEAD = "select min(due_at) from due where taken = 0"


@dataclass(frozen=True)
class Plain:
    """A connection of the bare driver to a table of nothing but due times."""

    run: Callable[[str], object]
    """One statement, committed."""


def run() -> list[Row]:
    """Floor: take 50 by one index and commit, or look at one index entry, with the bare driver."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="komerbij-bench-") as folder:
        found += _compared("SQLite", sqlite_files(Path(folder)), _plain_sqlite)
    try:
        with _postgres() as url_of:
            found += _compared("PostgreSQL", url_of, _plain_postgres)
    except LookupError as missing:
        print(missing, file=sys.stderr)
    return found


def _compared(name: str, url_of: DatabaseUrl, plain: Callable[[str], AbstractContextManager[Plain]]) -> Iterator[Row]:
    engines = {f"beside {rows:,} finished": _filled(url_of(f"beside_{rows}"), rows) for rows in (0, FINISHED)}
    with plain(url_of("floor")) as floor:
        claims = Contender(f"{name} floor: take {AT_ONCE}, commit", lambda: _refill(floor), _take_all)
        looks = Contender(f"{name} floor: one look at an index", lambda: floor, _look)
        yield from measure("claim", DUE, (claims, *(_claiming(f"{name}, {how}", one) for how, one in engines.items())))
        yield from measure("claim", LOOKS, (looks, *(_idle(f"{name}, {how}", one) for how, one in engines.items())))
    for engine in engines.values():
        engine.dispose()


def _claiming(name: str, engine: Engine) -> Contender:
    return Contender(f"{name}: claim {AT_ONCE}", lambda: _due_again(engine), _claim_all)


def _idle(name: str, engine: Engine) -> Contender:
    return Contender(f"{name}: nothing due", lambda: engine, _look_in_vain)


def _filled(url: str, rows: int) -> Engine:
    engine = connect(url)
    upgrade(engine, MIGRATIONS)
    if rows:
        finished(engine, _COPIED, START)
        _multiply(engine, rows // _COPIED)
    due_reminders(engine, DUE, START)
    with transaction(engine) as connection:
        connection.execute(text("analyze"))
    return engine


def _multiply(engine: Engine, times: int) -> None:
    """So many of every message there is."""
    table = table_of(MessageRow)
    first = select(literal(2).label("number")).cte("copies", recursive=True)
    copies = first.union_all(select(first.c.number + 1).where(first.c.number < times))
    mark = cast(copies.c.number, String) + "-"
    columns = [(mark + column).label(column.name) if column.name in _OWN else column for column in table.c]
    with transaction(engine) as connection:
        connection.execute(
            insert(table).from_select([*table.c.keys()], select(*columns).select_from(table.join(copies, true())))
        )


def _due_again(engine: Engine) -> Engine:
    with transaction(engine) as connection:
        connection.execute(text("update message set status = 'scheduled', attempts = 0 where kind = 'reminder'"))
    return engine


def _claim_all(engine: Any) -> None:
    """As a scheduler with 50 free hands does; what it judges and prepares for each message is part of a claim."""
    claimed = 0
    while claimed < DUE:
        claimed += len(take_turn(engine, NOW, AT_ONCE, Policy(), lambda _id: None).assignments)


def _look_in_vain(engine: Any) -> None:
    for _ in range(LOOKS):
        if take_turn(engine, BEFORE, AT_ONCE, Policy(), lambda _id: None).assignments:
            raise ValueError("nothing was due")


def _refill(floor: Plain) -> Plain:
    floor.run("update due set taken = 0")
    return floor


def _take_all(floor: Any) -> None:
    for _ in range(DUE // AT_ONCE):
        floor.run(_TAKE)


def _look(floor: Any) -> None:
    for _ in range(LOOKS):
        floor.run(_HEAD)


def _prepared(execute: Callable[[str], object]) -> Plain:
    execute(_TABLE)
    execute(_INDEX)
    execute(_ROWS)
    return Plain(execute)


@contextmanager
def _plain_sqlite(url: str) -> Iterator[Plain]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    yield _prepared(lambda statement: connection.execute(statement).fetchall())
    connection.close()


@contextmanager
def _plain_postgres(url: str) -> Iterator[Plain]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield _prepared(connection.execute)


@contextmanager
def _postgres() -> Iterator[DatabaseUrl]:
    """Raises LookupError where there is none to be had."""
    with tempfile.TemporaryDirectory(prefix="komerbij-bench-") as folder:
        server = PostgresServer(Path(folder), options=_DURABLE)
        try:
            with fresh_postgres(server.start().url) as url_of:
                yield url_of
        finally:
            server.stop()
