"""What activities and series are called."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select

from services.reporting.tables import ActivityRow
from shared.database import table_of

_activity = table_of(ActivityRow).c
_AT_ONCE = 1000
"""Values in one statement; databases have a limit."""


def activity_titles(connection: Connection, refs: Sequence[str]) -> dict[str, str]:
    """Reference -> title, for activities that are known."""
    titles: dict[str, str] = {}
    for some in _in_parts(refs):
        statement = select(_activity.ref, _activity.title).where(_activity.ref.in_(some))
        titles.update((ref, title) for ref, title in connection.execute(statement))
    return titles


def series_titles(connection: Connection, series: Sequence[str]) -> dict[str, str]:
    """Series -> the title of its latest activity; a series without activities has none. A row of an index each."""
    of_one = select(_activity.title).where(_activity.series == bindparam("key"))
    latest = of_one.order_by(_activity.day.desc(), _activity.ref.desc()).limit(1)
    found = ((key, connection.execute(latest, {"key": key}).scalar()) for key in series)
    return {key: title for key, title in found if title is not None}


def _in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
