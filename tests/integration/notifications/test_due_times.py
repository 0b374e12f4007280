"""When messages go, through the rows of a real database: quiet hours, and sign-ups that come after the moment."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.times import offset
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story

CONFIRMED = "U hebt een plaats: Bingo in de Schelf"
REMINDED = "Herinnering: Bingo in de Schelf"
CHANGED = "Er is iets veranderd: Grote bingo"
LATE_EVENING = datetime(2026, 11, 10, 21, 30, tzinfo=UTC)
NINE_O_CLOCK = datetime(2026, 11, 10, 8, tzinfo=UTC)
MOMENT = START - timedelta(hours=25)
"""Of the reminder of the day before; the clock goes back in between."""


async def goes_at(rig: Rig, mailbox: Mailbox, subject: str, moment: datetime) -> None:
    """Not a minute earlier, and then at once."""
    before = mailbox.subjects()
    await rig.at(moment - timedelta(minutes=1)).work()
    assert mailbox.subjects() == before
    await rig.at(moment).work()
    assert mailbox.subjects() == [*before, subject]


async def signed_up(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()


async def test_f20_a_reminder_due_at_night_goes_when_quiet_hours_end(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    story.start = LATE_EVENING
    await signed_up(rig, story)
    await goes_at(rig, mailbox, REMINDED, datetime(2026, 11, 10, 7, tzinfo=UTC))


async def test_f20_one_that_would_leave_too_little_time_goes_the_evening_before(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.choose(reminders=(offset("PT2H"),))
    story.start = NINE_O_CLOCK
    await signed_up(rig, story)
    await goes_at(rig, mailbox, REMINDED, datetime(2026, 11, 9, 19, 30, tzinfo=UTC))


async def test_f20_a_confirmation_and_news_of_what_starts_within_twelve_hours_go_in_the_night(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    story.start = NINE_O_CLOCK
    night = story.recorded = NINE_O_CLOCK - timedelta(hours=10)
    rig.at(night).apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.activity(title="Grote bingo"))
    await rig.work()
    rig.apply(story.cancelled())
    await rig.work()
    assert mailbox.subjects() == [CONFIRMED, CHANGED, "Gaat niet door: Grote bingo"]


async def test_f20_without_quiet_hours_nothing_waits(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.choose(quiet=None)
    story.start = LATE_EVENING
    await signed_up(rig, story)
    await goes_at(rig, mailbox, REMINDED, LATE_EVENING - timedelta(days=1))


@pytest.mark.parametrize(("after", "status"), [(0, "sent"), (1, "cancelled")])
async def test_f21_who_signs_up_after_the_moment_is_not_reminded(
    rig: Rig, story: Story, mailbox: Mailbox, after: int, status: str
) -> None:
    rig.apply(story.activity())
    arrived = MOMENT + timedelta(seconds=after)
    rig.at(arrived).apply(story.signup(at=arrived))
    await rig.work()
    await rig.later(hours=1).work()
    assert rig.row("reminder")["status"] == status
    assert mailbox.subjects().count(REMINDED) == (status == "sent")
    assert mailbox.subjects().count(CONFIRMED) == 1


async def test_f22_what_is_made_on_its_own_day_has_no_reminder(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    story.recorded = START - timedelta(hours=5)
    await signed_up(rig.at(story.recorded), story)
    await rig.later(hours=2).work()
    assert mailbox.subjects() == [CONFIRMED]
    assert (rig.row("reminder")["status"], rig.row("reminder")["reason"]) == ("cancelled", "after-the-moment")
