"""One kind of thing for the length of a chunk: read once, decided on in memory, written at once."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, RowMapping, Table, select, tuple_

from shared.database import upsert

Value = TypeVar("Value")
Key = tuple[Any, ...]
_AT_ONCE = 400


class Shelf(Generic[Value]):
    """Values of one dataclass and the table with the same column names; misses are remembered too."""

    def __init__(self, connection: Connection, table: Table, value: type[Value]) -> None:
        self._connection = connection
        self._table = table
        self._value = value
        self._names = tuple(field.name for field in fields(value))  # type: ignore[arg-type]  # always a dataclass
        self._key = tuple(column.name for column in table.primary_key)
        self._held: dict[Key, Value | None] = {}
        self._changed: dict[Key, Value] = {}

    def get(self, *key: Any) -> Value | None:
        """The value under a key as this chunk sees it; None if there is none."""
        if key not in self._held:
            self.fetch([key])
        return self._held[key]

    def fetch(self, keys: Iterable[Key]) -> None:
        """Read several keys in one go."""
        wanted = sorted({key for key in keys if key not in self._held})
        columns = [self._table.c[name] for name in self._key]
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            match = tuple_(*columns).in_(part) if len(columns) > 1 else columns[0].in_([key[0] for key in part])
            rows = self._connection.execute(select(self._table).where(match)).mappings()
            self._held.update(dict.fromkeys(part))
            self.hold(rows)

    def hold(self, rows: Iterable[RowMapping]) -> list[Value]:
        """Take in rows that a query found; what was decided in this chunk stays."""
        found = []
        for row in rows:
            key = tuple(row[name] for name in self._key)
            if self._held.get(key) is None:
                self._held[key] = self._value(**{name: row[name] for name in self._names})
            held = self._held[key]
            if held is not None:
                found.append(held)
        return found

    def put(self, value: Value) -> None:
        """Decide on a new state; written at `flush`."""
        key = tuple(getattr(value, name) for name in self._key)
        self._held[key] = value
        self._changed[key] = value

    def flush(self) -> None:
        """Write what changed, each key once."""
        if not self._changed:
            return
        statement = upsert(self._connection, self._table)
        others = {name: statement.excluded[name] for name in self._names if name not in self._key}
        rows = [{name: getattr(value, name) for name in self._names} for value in self._changed.values()]
        self._connection.execute(statement.on_conflict_do_update(index_elements=self._key, set_=others), rows)
        self._changed.clear()

    def drop(self) -> None:
        """Forget what is held, after rows were rewritten behind the shelf's back."""
        self._held.clear()
