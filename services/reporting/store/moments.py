"""What tells two states of the figures apart, without reading a fact."""

from sqlalchemy import Connection, func, select

from services.reporting.store.position import one_moment
from services.reporting.tables import metadata

_inbox, _letters, _rebuilds = (metadata.tables[name] for name in ("inbox", "dead_letter", "rebuild"))


def generation(connection: Connection, sequence: int) -> tuple[int | str, ...]:
    """Changes whenever figures may change while the watermark stays at `sequence`.

    What does that: events above a hole, a letter that an operator tries again, a rebuild that replaces rows; a backup
    that was put back (its row has the greatest id), after which the same watermark may tell of other events.
    """
    above = connection.execute(select(func.count()).where(_inbox.c.sequence > sequence)).scalar_one()
    given_up = select(_letters.c.stream_id).where(_letters.c.type.is_not(None)).order_by(_letters.c.stream_id)
    counted = (func.count(), func.count(_rebuilds.c.slot), func.coalesce(func.max(_rebuilds.c.id), ""))
    rebuilds = connection.execute(select(*counted).select_from(_rebuilds)).one()
    return (above, *rebuilds, *connection.execute(given_up).scalars())


def moment_of(connection: Connection) -> tuple[int | str, ...]:
    """The watermark and the generation: as long as both stay, every answer stays byte for byte."""
    sequence = one_moment(connection)
    return (sequence, *generation(connection, sequence))
