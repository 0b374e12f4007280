"""Days of a series that an earlier version of the file had and this one has not."""

from collections.abc import Collection, Sequence

from cli.spreadsheets.facts import Entry, Fact
from cli.spreadsheets.memory import Destination


def vanished(entries: Sequence[Entry], here: Destination, faulty: Collection[int]) -> list[str]:
    """The activities that were scheduled from this file and stand in it no longer.

    None while a row is faulty: the days of that row would seem to be gone.
    """
    if faulty:
        return []
    present = {entry.key for entry in entries}
    gone = []
    for key in here.things:
        told = here.last(key)
        if key.startswith("series ") and key not in present and told is not None:
            gone += [str(kept["data"]["activityId"]) for kept in told.facts if kept["name"] == "activity-scheduled"]
    return sorted(gone)


def cancellations(activities: Sequence[str]) -> list[Entry]:
    """What cancels them; row 0, because they stand in no row."""
    return [Entry(0, f"series {name}", (Fact("activity-cancelled", {"activityId": name}),)) for name in activities]
