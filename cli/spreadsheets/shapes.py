"""From the values of a row to what it is about and the facts it tells, for each kind of sheet."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from cli.spreadsheets.columns import RowFault
from cli.spreadsheets.facts import Fact, nested
from cli.spreadsheets.layouts import Kind, Layout
from cli.spreadsheets.patterns import PATTERN_COLUMNS, days_of
from cli.spreadsheets.secret import Secret
from cli.spreadsheets.times import local
from cli.spreadsheets.values import CellFault

Values = Mapping[str, Any]
Shaped = Iterable[tuple[str, list[Fact]]]
Shape = Callable[[Layout, Values], Shaped]

LONGEST_ID = 64
_WHEN = ("date", "startTime", "endTime", "startsAt", "endsAt")


def _data(layout: Layout, values: Values, leave: Iterable[str] = ()) -> dict[str, Any]:
    """The event's data as the columns' places say, without some columns."""
    left = set(leave)
    places = [(column.place, values[column.name]) for column in layout.columns if column.name in values]
    chosen = {column.place for column in layout.columns if column.name in left}
    found = nested((place, value) for place, value in places if place not in chosen)
    data: dict[str, Any] = found.get("data", {})
    return data


def _activity(layout: Layout, values: Values) -> Shaped:
    data = _data(layout, values, _WHEN)
    if "date" in values and "startsAt" in values:
        raise RowFault("startsAt", "goes in the place of a date and two times; give one of the two")
    try:
        if "startsAt" in values:
            starts, ends = values["startsAt"], values["endsAt"]
        else:
            starts, ends = (local(values["date"], values[name]) for name in ("startTime", "endTime"))
    except CellFault as fault:
        raise RowFault("date", str(fault)) from None
    if ends < starts:
        raise RowFault("endsAt" if "endsAt" in values else "endTime", "lies before the start")
    times = nested((("/data/startsAt", starts), ("/data/endsAt", ends)))["data"]
    return [(values["activityId"], [Fact("activity-scheduled", {**data, **times})])]


def _series(layout: Layout, values: Values) -> Shaped:
    """An activity for every day of the rule, `<seriesId>-<day>`; the same time on the clock all year."""
    plan = _data(layout, values, [column.name for column in PATTERN_COLUMNS] + ["startTime", "endTime"])
    if values["endTime"] < values["startTime"]:
        raise RowFault("endTime", "lies before the start")
    series = values["seriesId"]
    if len(series) + len("-2026-12-31") > LONGEST_ID:
        raise RowFault("seriesId", "is too long: with the date behind it an id has 64 characters at most")
    shaped = []
    for on in days_of(values):
        try:
            starts, ends = (local(on, values[name]) for name in ("startTime", "endTime"))
        except CellFault as fault:
            raise RowFault("startTime", str(fault)) from None
        key = f"{series}-{on.isoformat()}"
        times = nested((("/data/startsAt", starts), ("/data/endsAt", ends)))["data"]
        shaped.append((key, [Fact("activity-scheduled", {"activityId": key, **plan, **times})]))
    return shaped


def numbered(layout: Layout, values: Values, secret: Secret) -> Values:
    """A row of sign-ups or withdrawals with its sign-up's number: the same for activity, person and role.

    The number goes into logs that outlive an erasure (contract section 7): it must not lead back to the reference.
    """
    if layout.kind not in (Kind.SIGNUPS, Kind.WITHDRAWALS) or "signupId" in values:
        return values
    meant = values["activityId"], values["ref"], values.get("role", "participant")
    return {**values, "signupId": "s-" + secret.code("signup", *meant)}


def _signup(layout: Layout, values: Values) -> Shaped:
    data = _data(layout, values)
    return [(data["signupId"], [Fact("signup-placed", data, values.get("placedAt"))])]


def _withdrawal(_layout: Layout, values: Values) -> Shaped:
    name = values["signupId"]
    return [(name, [Fact("signup-withdrawn", {"signupId": name}, values.get("withdrawnAt"))])]


def _attendance(layout: Layout, values: Values) -> Shaped:
    if "signupId" in values:
        for name in ("ref", "sharedRef", "ageBand", "neighbourhood"):
            if name in values:
                raise RowFault(name, "does not go with the number of a sign-up; give one of the two")
        whose = f"signup {values['signupId']} {values.get('role', '')}"
    else:
        person = f"shared {values['sharedRef']}" if "sharedRef" in values else f"own {values['ref']}"
        whose = f"{person} {values.get('role', 'participant')}"
    return [(f"{values['activityId']} {whose}", [Fact("attendance-recorded", _data(layout, values))])]


def _visitors(layout: Layout, values: Values) -> Shaped:
    data = {**_data(layout, values), "countKey": values.get("countKey", "total")}
    return [(f"{data['activityId']} {data['countKey']}", [Fact("visitors-counted", data)])]


def _outreach(layout: Layout, values: Values) -> Shaped:
    return [(values["outreachId"], [Fact("outreach-recorded", _data(layout, values))])]


def _volunteer(layout: Layout, values: Values) -> Shaped:
    return _with_an_end(layout, values, "assignmentId", "volunteer-released", "from", "until")


def _member(layout: Layout, values: Values) -> Shaped:
    return _with_an_end(layout, values, "memberId", "member-left", "joinedOn", "leftOn")


def _with_an_end(layout: Layout, values: Values, name: str, ended: str, first: str, last: str) -> Shaped:
    """A beginning and, a moment later, an end: an end holds only after the beginning it ends."""
    facts = [Fact(layout.event, _data(layout, values, (last,)))]
    if last in values:
        if values[last] < values[first]:
            raise RowFault(last, "lies before the first day")
        facts.append(Fact(ended, {name: values[name], last: values[last].isoformat()}, step=1))
    return [(values[name], facts)]


SHAPES: Final[Mapping[str, Shape]] = {
    "activities": _activity,
    "series": _series,
    "signups": _signup,
    "withdrawals": _withdrawal,
    "attendance": _attendance,
    "visitors": _visitors,
    "outreach": _outreach,
    "volunteers": _volunteer,
    "members": _member,
}
"""Kind of sheet -> how its rows are shaped."""
