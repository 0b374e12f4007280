"""A SQLite file that nobody has opened yet: SQLite refuses to wait when several make it a WAL file at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine

from shared.database import connect, transaction

ROUNDS, AT_ONCE = 80, 4


def test_connections_that_open_a_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        engines = [connect(f"sqlite:///{tmp_path}/{number}.db") for _ in range(AT_ONCE)]
        all_set = threading.Barrier(AT_ONCE)

        def begin(engine: Engine, all_set: threading.Barrier = all_set) -> None:
            all_set.wait(30)
            with transaction(engine):
                pass

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(begin, engines))
        for engine in engines:
            engine.dispose()
