"""The seven days ahead: always the same for a day, so that nothing comes twice."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from examples.almelo import count
from examples.almelo.coming_week import ZONE, coming_week

FOLDER = count.EXPECTED.parent
Event = dict[str, Any]
DAYS = [date(2026, 10, 20), date(2026, 12, 28), date(2027, 3, 24), date(2028, 2, 25)]
"""Around both clock changes, a turn of the year and a leap day."""


def by_identity(events: list[Event]) -> dict[tuple[str, str], Event]:
    """Events by what makes them the same event."""
    return {(event["source"], event["id"]): event for event in events}


@pytest.mark.parametrize("today", DAYS)
def test_four_activities_and_a_dozen_signups_lie_ahead(today: date) -> None:
    types = [event["type"].split(".")[2] for event in coming_week(today)]
    assert (types.count("activity-scheduled"), types.count("signup-placed"), len(types)) == (4, 12, 16)


@pytest.mark.parametrize("today", DAYS)
def test_activities_fall_in_the_seven_days_after_today(today: date) -> None:
    starts = [e["data"]["startsAt"] for e in coming_week(today) if "startsAt" in e["data"]]
    ahead = [(datetime.fromisoformat(start).astimezone(ZONE).date() - today).days for start in starts]
    assert ahead == sorted(ahead)
    assert {1 <= days <= 7 for days in ahead} == {True}


@pytest.mark.parametrize("today", DAYS)
def test_no_event_is_told_in_the_future(today: date) -> None:
    midnight = datetime.combine(today, datetime.min.time(), ZONE)
    assert all(datetime.fromisoformat(event["time"]) < midnight for event in coming_week(today))


def test_the_same_day_gives_the_same_events() -> None:
    assert coming_week(DAYS[0]) == coming_week(DAYS[0])


@pytest.mark.parametrize("today", DAYS)
def test_tomorrow_tells_the_shared_days_in_the_same_words(today: date) -> None:
    now, tomorrow = (by_identity(coming_week(day)) for day in (today, today + timedelta(days=1)))
    shared = now.keys() & tomorrow.keys()
    assert len(shared) >= 10
    assert all(now[identity] == tomorrow[identity] for identity in shared)


def test_thirty_days_in_a_row_tell_every_activity_and_signup_once() -> None:
    told: dict[tuple[str, str], Event] = {}
    for ahead in range(30):
        told |= by_identity(coming_week(DAYS[0] + timedelta(days=ahead)))
    data = [(event["partnerid"], json.dumps(event["data"], sort_keys=True)) for event in told.values()]
    assert len(data) == len(set(data))


def test_ids_are_unique_within_a_week() -> None:
    week = coming_week(DAYS[0])
    assert len(by_identity(week)) == len(week)


def test_activities_come_before_their_signups() -> None:
    announced = set()
    for event in coming_week(DAYS[0]):
        if "title" in event["data"]:
            announced.add(event["data"]["activityId"])
        assert event["data"]["activityId"] in announced


def test_people_are_reached_by_mail_by_mobile_by_landline_and_not_at_all() -> None:
    people = [e["data"]["participant"] for e in coming_week(DAYS[0]) if "participant" in e["data"]]
    phones = [person["phone"] for person in people if "phone" in person]
    assert sum("email" in person for person in people) == 7
    assert sum(phone.startswith("06") for phone in phones) == 3
    assert sum(phone.startswith("0546") for phone in phones) == 1
    assert sum("email" not in person and "phone" not in person for person in people) == 1


def test_every_activity_says_whom_to_call_at_a_number_that_nobody_has() -> None:
    activities = [event for event in coming_week(DAYS[0]) if "title" in event["data"]]
    phones = {event["partnerid"]: event["data"]["contactPhone"] for event in activities}
    assert len(set(phones.values())) == len(activities) == 4
    assert all(phone.startswith("0546-000") and len(phone) == len("0546-000000") for phone in phones.values())


def test_announcements_outrank_the_first_edition_which_had_no_number() -> None:
    for event in coming_week(DAYS[0]):
        if "title" in event["data"]:
            first = f"week.{event['data']['activityId']}"
            assert event["id"] > first, "at equal times the greater id holds"


def test_every_address_is_at_example_org() -> None:
    people = [e["data"]["participant"] for e in coming_week(DAYS[0]) if "participant" in e["data"]]
    assert all(person.get("email", "@example.org").endswith("@example.org") for person in people)


def test_partners_are_those_of_the_setup(setup: Event) -> None:
    known = {partner["partnerId"] for partner in setup["partners"]}
    assert {event["partnerid"] for event in coming_week(DAYS[0])} <= known


def test_no_event_shares_its_id_with_the_example_year(events: list[Event]) -> None:
    for today in (date(2023, 6, 1), date(2024, 6, 1)):
        assert not by_identity(events).keys() & by_identity(coming_week(today)).keys()


def test_it_runs_as_a_file_of_its_own() -> None:
    command = [sys.executable, "-W", "error", str(FOLDER / "coming_week.py")]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    told = [datetime.fromisoformat(json.loads(line)["time"]) for line in run.stdout.splitlines()]
    assert len(told) == 16
    assert max(told) < datetime.now(UTC)
