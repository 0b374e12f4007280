"""Loading the facts of a period that belong to no activity: outreach, volunteers, members, partners."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from services.reporting.domain.facts import Assignment, Member, Outreach, Partner
from services.reporting.domain.periods import Period
from services.reporting.tables import AssignmentRow, MemberRow, OutreachRow, PartnerRow
from shared.database import table_of

Partners = Mapping[str, Partner]
_outreach, _assignment = table_of(OutreachRow), table_of(AssignmentRow)
_member, _partner = table_of(MemberRow), table_of(PartnerRow)
ever_a_member: Final = or_(_member.c.left_on.is_(None), _member.c.left_on >= _member.c.joined_on)
"""The condition on members whose membership was not taken back."""


def partners(connection: Connection) -> dict[str, Partner]:
    """Every organisation that was ever in the coalition, by id."""
    p = _partner.c
    statement = select(p.partner_id, p.name, p.kind, p.municipality, p.joined_on, p.left_on).order_by(p.partner_id)
    return {row[0]: Partner(*row) for row in connection.execute(statement)}


def _of(known: Partners, partner_id: str) -> Partner:
    return known.get(partner_id) or Partner(partner_id)


def _load_outreach(connection: Connection, period: Period, known: Partners) -> list[Outreach]:
    o = _outreach.c
    columns = (
        o.partner_id,
        o.kind,
        o.goal,
        o.day,
        o.series,
        o.quantity,
        o.personalised,
        o.precision,
        o.personalised_precision,
    )
    statement = select(*columns).where(o.day.between(period.first, period.last), o.void.is_(False))
    return [Outreach(_of(known, partner), *rest) for partner, *rest in connection.execute(statement)]


def _load_assignments(connection: Connection, period: Period, known: Partners) -> list[Assignment]:
    a = _assignment.c
    columns = (a.partner_id, a.pid, a.first_day, a.last_day, a.series, a.age_band, a.neighbourhood)
    touching = (a.first_day <= period.last) & or_(a.last_day.is_(None), a.last_day >= period.first)
    statement = select(*columns).where(touching)
    return [Assignment(_of(known, partner), *rest) for partner, *rest in connection.execute(statement)]


def _load_members(connection: Connection, period: Period, known: Partners) -> list[Member]:
    """Members of any day of the period, and those that joined in it, however soon they left.

    Who left before joining was never a member, as with assignments (contract section 3): so a joining is taken back.
    """
    m = _member.c
    columns = (m.partner_id, m.kind, m.joined_on, m.left_on)
    still = or_(m.left_on.is_(None), m.left_on >= period.first)
    statement = select(*columns).where(m.joined_on <= period.last, still, ever_a_member)
    return [Member(_of(known, partner), *rest) for partner, *rest in connection.execute(statement)]


def _load_partners(_connection: Connection, _period: Period, known: Partners) -> list[Partner]:
    return list(known.values())


COALITION_LOADERS: Final[Mapping[str, Callable[[Connection, Period, Partners], Sequence[Any]]]] = {
    "outreach": _load_outreach,
    "assignments": _load_assignments,
    "members": _load_members,
    "partners": _load_partners,
}
"""`Subject.source` -> how it is loaded."""
