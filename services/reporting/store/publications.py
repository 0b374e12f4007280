"""Keeping publications. There is no function here that changes or deletes one."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, tuple_

from services.reporting.domain.publication.records import Contents, Publication, PublicationId, StoredTable
from services.reporting.tables import PublicationRow, PublishedTableRow, PublishingTurnRow
from shared.database import Upsert, table_of, upsert

_publication, _table = table_of(PublicationRow), table_of(PublishedTableRow)
_turn = table_of(PublishingTurnRow)
_p, _t = _publication.c, _table.c
_ABOUT = (_p.period, _p.number, _p.created_at, _p.closed, _p.corrections_held)


def add(connection: Connection, publication: PublicationId, contents: Contents, created_at: datetime) -> bool:
    """Keep a publication with all that it says; False, and nothing is kept, where that number is taken."""
    about = {"created_at": created_at, "closed": contents.closed, "corrections_held": contents.corrections_held}
    row = {"period": publication.period, "number": publication.number, **about}
    statement = upsert(connection, _publication).values(**row, sheet=contents.sheet, sides=contents.sides)
    if not _kept(connection, statement):
        return False
    of = {"year": publication.period, "number": publication.number}
    rows = [
        {**of, "place": place, "indicator": t.indicator, "period": t.period, "group_by": t.group_by, "body": t.body}
        for place, t in enumerate(contents.tables)
    ]
    connection.execute(insert(_table), rows)
    return True


def turn_is_done(connection: Connection, due: date) -> bool:
    """Did the timer publish for that day?"""
    return connection.execute(select(_turn.c.due).where(_turn.c.due == due)).first() is not None


def take_turn(connection: Connection, due: date, now: datetime) -> bool:
    """The timer publishes for that day; False where somebody else did."""
    return _kept(connection, upsert(connection, _turn).values(due=due, done_at=now))


def _kept(connection: Connection, statement: Upsert) -> bool:
    """Did the row come in? Who is second waits for the first to end, and is told so by an empty answer."""
    first = next(iter(statement.table.primary_key))
    return connection.execute(statement.on_conflict_do_nothing().returning(first)).first() is not None


def latest(connection: Connection, year: str) -> Publication | None:
    """The newest publication of a year."""
    statement = select(*_ABOUT).where(_p.period == year).order_by(_p.number.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    return _publication_of(row) if row else None


def by_id(connection: Connection, publication: PublicationId) -> Publication | None:
    """The publication of that id, if there is one."""
    row = connection.execute(select(*_ABOUT).where(*_is(publication))).mappings().first()
    return _publication_of(row) if row else None


def listing(connection: Connection, after: PublicationId | None, limit: int) -> list[Publication]:
    """A page of them, the latest year and number first; `after` is the last one of the page before."""
    statement = select(*_ABOUT).order_by(_p.period.desc(), _p.number.desc()).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(_p.period, _p.number) < tuple_(*after))
    return [_publication_of(row) for row in connection.execute(statement).mappings()]


def stored_table(
    connection: Connection, publication: PublicationId, indicator: str, period: str, group_by: str
) -> bytes | None:
    """The JSON of one table (`group_by` "": the total alone); None where the publication has no such table."""
    which = (*_in(publication), _t.indicator == indicator, _t.period == period, _t.group_by == group_by)
    body: bytes | None = connection.execute(select(_t.body).where(*which)).scalar()
    return body


def stored_tables(
    connection: Connection, publication: PublicationId, without: Sequence[str] = ()
) -> Sequence[StoredTable]:
    """All of them in the order of the publication; `without` those of some groupings."""
    which = (*_in(publication), _t.group_by.not_in(without))
    statement = select(_t.indicator, _t.period, _t.group_by, _t.body).where(*which).order_by(_t.place)
    return [StoredTable(*row) for row in connection.execute(statement)]


def stored_sheet(connection: Connection, publication: PublicationId) -> bytes:
    """What the fact sheet of that year needs beside the tables, as JSON."""
    sheet: bytes = connection.execute(select(_p.sheet).where(*_is(publication))).scalar_one()
    return sheet


def latest_of_every_year(connection: Connection) -> list[Publication]:
    """The newest publication of every year that has one, in the order of years."""
    statement = select(*_ABOUT).where(_newest()).order_by(_p.period)
    return [_publication_of(row) for row in connection.execute(statement).mappings()]


def latest_sheets(connection: Connection) -> Sequence[bytes]:
    """Their sheets."""
    return connection.execute(select(_p.sheet).where(_newest()).order_by(_p.period)).scalars().all()


def _newest() -> ColumnElement[bool]:
    return tuple_(_p.period, _p.number).in_(select(_p.period, func.max(_p.number)).group_by(_p.period))


def stored_sides(connection: Connection, publication: PublicationId) -> bytes:
    """What was shown of the sides of rates, as JSON: nobody was told, and everybody can reckon with it."""
    sides: bytes = connection.execute(select(_p.sides).where(*_is(publication))).scalar_one()
    return sides


def _is(publication: PublicationId) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _p.period == publication.period, _p.number == publication.number


def _in(publication: PublicationId) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _t.year == publication.period, _t.number == publication.number


def _publication_of(row: RowMapping) -> Publication:
    name = PublicationId(row["period"], row["number"])
    return Publication(name, row["created_at"], row["closed"], row["corrections_held"])
