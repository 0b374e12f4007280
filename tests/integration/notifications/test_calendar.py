"""The calendar part of a mail, read by icalendar and by a second reader that knows nothing of it."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import icalendar
import pytest

from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.ics_reader import Component, read_ics
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story

TITLE = "Koffie, thee; en \\ gebak \N{EM DASH} " + "héél lang " * 12


def parts(mail: EmailMessage) -> list[bytes]:
    found = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return [raw for raw in found if isinstance(raw, bytes)]


def entries(mailbox: Mailbox) -> list[bytes]:
    return [raw for mail in mailbox.mails() for raw in parts(mail)]


def event(calendar: Component) -> Component:
    [found] = calendar.all("VEVENT")
    return found


@pytest.fixture(name="told")
async def confirmed_moved_and_cancelled(rig: Rig, story: Story, mailbox: Mailbox) -> list[bytes]:
    rig.apply(story.activity(title=TITLE), story.signup())
    await rig.work()
    rig.apply(story.activity(starts_at=START + timedelta(days=1)))
    await rig.work()
    rig.apply(story.cancelled())
    await rig.work()
    return entries(mailbox)


async def test_f37_both_readers_find_one_uid_a_rising_sequence_and_in_the_end_a_cancel(told: list[bytes]) -> None:
    read = [read_ics(raw) for raw in told]
    known = [icalendar.Calendar.from_ical(raw) for raw in told]
    events = [calendar.walk("VEVENT")[0] for calendar in known]
    assert [calendar["METHOD"] for calendar in read] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(calendar["METHOD"]) for calendar in known] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event(calendar)["SEQUENCE"] for calendar in read] == ["1", "2", "3"]
    assert [str(one["SEQUENCE"]) for one in events] == ["1", "2", "3"]
    assert [event(calendar)["STATUS"] for calendar in read] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert {event(calendar)["UID"] for calendar in read} == {str(one["UID"]) for one in events}
    assert len({event(calendar)["UID"] for calendar in read}) == 1


async def test_f37_the_time_is_local_and_its_zone_stands_in_the_entry(told: list[bytes]) -> None:
    for raw, start in zip(told[:2], (START, START + timedelta(days=1)), strict=True):
        calendar = read_ics(raw)
        [zone] = calendar.all("VTIMEZONE")
        parameters, value = event(calendar).properties["DTSTART"]
        assert zone["TZID"] == "Europe/Amsterdam"
        assert {part.name for part in zone.parts} == {"STANDARD", "DAYLIGHT"}
        assert parameters == ";TZID=Europe/Amsterdam"
        assert datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo("Europe/Amsterdam")) == start


async def test_f37_both_readers_find_the_title_as_it_was_written(told: list[bytes]) -> None:
    wanted = " ".join(TITLE.split())
    assert event(read_ics(told[0]))["SUMMARY"] == wanted
    assert str(icalendar.Calendar.from_ical(told[0]).walk("VEVENT")[0]["SUMMARY"]) == wanted


async def test_f37_what_is_restored_gets_its_entry_back_under_the_same_uid(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.cancelled())
    await rig.work()
    rig.apply(story.activity())
    await rig.work()
    read = [read_ics(raw) for raw in entries(mailbox)]
    assert [calendar["METHOD"] for calendar in read] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [int(event(calendar)["SEQUENCE"]) for calendar in read] == [1, 2, 3]
    assert len({event(calendar)["UID"] for calendar in read}) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\r\nno line\r\nEND:VCALENDAR\r\n",
        b"X:" + b"a" * 80 + b"\r\n",
    ],
)
def test_the_second_reader_is_strict(broken: bytes) -> None:
    with pytest.raises(AssertionError):
        read_ics(broken)
