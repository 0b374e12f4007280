"""Per coming activity: is everybody told, about to be told, on a list, or opted out?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.notifications.domain.completeness import Balance, Case, balance
from services.notifications.domain.facts import Activity, Signup
from services.notifications.domain.policy import Policy
from services.notifications.store import messages, opt_outs, projections
from services.notifications.store.coming import beginning


@dataclass(frozen=True, slots=True)
class Item:
    """One activity and its people."""

    activity: str
    starts_at: datetime
    balance: Balance


def completeness(
    connection: Connection, now: datetime, until: datetime, policy: Policy, partner: str | None = None
) -> list[Item]:
    """Every activity that begins after `now`, not after `until`, and has somebody due; the soonest first.

    `partner` sees everybody at its own activities, and its own sign-ups elsewhere; None sees all.
    """
    coming = _coming(connection, now, until)
    signups = _signups(connection, coming, partner)
    rows = messages.of_signups(connection, [signup.ref for signup in signups], lock=False)
    out = opt_outs.among(connection, {signup.pid for signup in signups})
    cases: dict[str, list[Case]] = {}
    for signup in signups:
        case = Case(signup, coming[signup.activity], rows.get(signup.ref, []), signup.pid in out)
        cases.setdefault(signup.activity, []).append(case)
    items = [Item(ref, coming[ref].latest.starts_at, balance(mine, now, policy)) for ref, mine in cases.items()]
    return sorted((item for item in items if item.balance.due), key=lambda item: (item.starts_at, item.activity))


def _coming(connection: Connection, now: datetime, until: datetime) -> dict[str, Activity]:
    found = projections.activities(connection, beginning(connection, now, until))
    return {ref: activity for ref, activity in found.items() if now < activity.latest.starts_at <= until}


def _signups(connection: Connection, coming: dict[str, Activity], partner: str | None) -> list[Signup]:
    found = projections.signups(connection, projections.signups_for(connection, coming))
    if partner is None:
        return found
    return [one for one in found if one.partner_id == partner or one.activity.startswith(f"{partner}/")]
