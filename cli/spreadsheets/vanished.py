"""Days of a series that were scheduled from a rule before and that the sheet has no longer."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from cli.spreadsheets.earlier import Earlier
from cli.spreadsheets.facts import Entry, Fact
from cli.spreadsheets.layouts import Kind
from cli.spreadsheets.memory import Destination

LOOK_BACK = timedelta(days=366)
"""Before the first day of the sheet: so much earlier a rule may have begun before it was corrected."""


def vanished(entries: Sequence[Entry], here: Destination, earlier: Earlier, faulty: Collection[int]) -> list[str]:
    """The activities that this file, or another one with the same series, has scheduled and this one has not.

    None while a row is faulty: the days of that row would seem to be gone.
    """
    series = {str(fact.data["seriesId"]) for entry in entries for fact in entry.facts if "seriesId" in fact.data}
    if faulty or not entries or not entries[0].key.startswith(f"{Kind.SERIES} "):
        return []
    first = min(datetime.fromisoformat(entry.facts[0].data["startsAt"]) for entry in entries)
    present = {entry.key for entry in entries}
    found = _told(here) | _scheduled(earlier, series, first - LOOK_BACK)
    return sorted(name for name in found if _key(name) not in present)


def cancellations(activities: Sequence[str]) -> list[Entry]:
    """What cancels them; row 0, because they stand in no row."""
    return [Entry(0, _key(name), (Fact("activity-cancelled", {"activityId": name}),)) for name in activities]


def _key(activity: str) -> str:
    return f"{Kind.SERIES} {activity}"


def _told(here: Destination) -> set[str]:
    """What this file said last, where it was not a cancellation."""
    last = [told for key in here.things if key.startswith(f"{Kind.SERIES} ") and (told := here.last(key))]
    facts = [kept for told in last for kept in told.facts]
    return {str(kept["data"]["activityId"]) for kept in facts if kept["name"] == "activity-scheduled"}


def _scheduled(earlier: Earlier, series: Collection[str], since: datetime) -> set[str]:
    """What the service shows of these series under an id that a rule gives; what was made by hand is left alone."""
    found = set()
    for name, of in earlier.activities(since):
        if of in series and re.fullmatch(re.escape(of) + r"-\d{4}-\d\d-\d\d", name):
            found.add(name)
    return found
