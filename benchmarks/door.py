"""The write door: the example year decided and committed in chunks of 500, on SQLite, against two ways below it."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
from sqlalchemy import Engine

from benchmarks.rounds import Contender, Row, measure
from services.registration.app import MIGRATIONS
from services.registration.domain.commands import Post
from services.registration.schemas.cloud_event import Door, read_post
from services.registration.usecases.record_events import record
from shared.clock import utc_now
from shared.database import connect, transaction, upgrade
from shared.http.keys import Caller

FILE = Path(__file__).resolve().parents[1] / "examples" / "almelo" / "2023-2024.ndjson"
KEY = b"k" * 40
CHUNK = 500


def run() -> list[Row]:
    """Floor: decode and insert the bytes, one commit a chunk. Then ours by chunk, and ours an event a transaction."""
    lines = FILE.read_bytes().splitlines()
    contenders = (
        Contender("floor: decode, insert the bytes, commit a chunk", _plain, lambda found: _insert(found, lines)),
        Contender("ours: every decision, commit a chunk", _ours, lambda found: _record(found, lines, CHUNK)),
        Contender("naive: every decision, commit an event", _ours, lambda found: _record(found, lines, 1)),
    )
    return measure("door", len(lines), contenders)


def _chunks(lines: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    return (lines[start : start + size] for start in range(0, len(lines), size))


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="komerbij-bench-"))


def _plain() -> sqlite3.Connection:
    connection = sqlite3.connect(_folder() / "floor.db", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table event (sequence integer primary key, body text not null)")
    return connection


def _insert(found: object, lines: Sequence[bytes]) -> None:
    if not isinstance(found, sqlite3.Connection):
        raise TypeError("prepared by _plain")
    for part in _chunks(lines, CHUNK):
        bodies = [(orjson.dumps(orjson.loads(line)).decode(),) for line in part]
        found.execute("begin immediate")
        found.executemany("insert into event (body) values (?)", bodies)
        found.execute("commit")
    found.close()


def _ours() -> Engine:
    engine = connect(f"sqlite:///{_folder() / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    return engine


def _record(found: object, lines: Sequence[bytes], chunk: int) -> None:
    if not isinstance(found, Engine):
        raise TypeError("prepared by _ours")
    door = Door(utc_now(), Caller("bench", None, frozenset({"admin"})), KEY)
    for part in _chunks(lines, chunk):
        posts: list[Post] = [read_post(door, orjson.loads(line)) for line in part]
        with transaction(found) as connection:
            record(connection, posts, utc_now(), KEY)
    found.dispose()
