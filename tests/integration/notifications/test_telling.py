"""From an event to a mail in the folder: each kind once, at its moment, and nothing about what is over."""

from datetime import UTC, datetime, timedelta

from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import EARLY, START, Story


async def test_a_confirmation_goes_at_once_and_once(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    await rig.work()
    assert mailbox.subjects() == ["U hebt een plaats: Bingo in de Schelf"]
    assert rig.row("confirmation")["status"] == "sent"


async def test_the_reminder_goes_at_the_same_wall_time_the_day_before_and_once(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    moment = datetime(2026, 10, 24, 12, tzinfo=UTC)
    await rig.at(moment - timedelta(microseconds=1)).work()
    assert len(mailbox.mails()) == 1
    await rig.at(moment).work()
    await rig.later(minutes=1).work()
    assert mailbox.subjects()[1:] == ["Herinnering: Bingo in de Schelf"]


async def test_a_reminder_whose_moment_passed_while_we_were_down_goes_when_we_are_back(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    await rig.at(START - timedelta(hours=2, seconds=1)).work()
    assert mailbox.subjects()[1:] == ["Herinnering: Bingo in de Schelf"]


async def test_events_read_after_the_moment_still_bring_the_reminder_of_who_signed_up_before_it(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.at(START - timedelta(hours=5)).apply(story.activity(), story.signup())
    await rig.work()
    assert sorted(mailbox.subjects()) == ["Herinnering: Bingo in de Schelf", "U hebt een plaats: Bingo in de Schelf"]


async def test_a_reminder_that_is_too_late_expires(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    await rig.at(START - timedelta(hours=2)).work()
    assert rig.row("reminder")["status"] == "expired"
    assert len(mailbox.mails()) == 1


async def test_a_cancelled_activity_gives_a_cancellation_and_never_the_reminder(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.later(days=1).apply(story.cancelled(at=rig.clock(), reason="De zaal is dicht."))
    await rig.work()
    await rig.at(START - timedelta(hours=23)).work()
    assert mailbox.subjects()[1:] == ["Gaat niet door: Bingo in de Schelf"]
    assert rig.row("reminder")["status"] == "cancelled"


async def test_a_cancellation_goes_even_where_the_confirmation_had_not_left_yet(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup(), story.cancelled())
    await rig.work()
    assert mailbox.subjects() == ["Gaat niet door: Bingo in de Schelf"]


async def test_nothing_is_told_about_an_activity_that_has_begun(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.at(START).apply(story.activity(), story.signup(), story.activity(title="Andere naam"), story.cancelled())
    await rig.work()
    assert rig.rows() == []
    assert mailbox.mails() == []


async def test_a_moved_activity_gives_a_change_and_one_reminder_for_the_new_time(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    new = START + timedelta(days=2)
    rig.later(hours=1).apply(story.activity(starts_at=new, at=rig.clock()))
    await rig.work()
    await rig.at(START - timedelta(hours=24)).work()
    assert mailbox.subjects()[1:] == ["Er is iets veranderd: Bingo in de Schelf"]
    await rig.at(new - timedelta(hours=24)).work()
    assert mailbox.subjects()[2:] == ["Herinnering: Bingo in de Schelf"]
    assert [row["status"] for row in rig.rows(kind="reminder")] == ["sent"]


async def test_from_the_waiting_list_to_a_place(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup(what="waitlisted"))
    await rig.work()
    rig.later(days=1).apply(story.signup(what="promoted", at=rig.clock()))
    await rig.work()
    assert mailbox.subjects() == [
        "U staat op de wachtlijst: Bingo in de Schelf",
        "Er is een plaats voor u: Bingo in de Schelf",
    ]
    assert rig.row("reminder")["status"] == "scheduled"


async def test_a_volunteer_is_reminded_of_the_shift(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup(role="volunteer"))
    await rig.at(START - timedelta(hours=20)).work()
    assert rig.row("volunteer-shift")["status"] == "sent"
    assert "Herinnering: u helpt mee bij Bingo in de Schelf" in mailbox.subjects()


async def test_two_people_at_one_address_get_one_mail_each(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    same = {"name": "Familie", "email": "familie@example.org"}
    rig.contacts.contacts = {"pid-s1": same, "pid-s2": same}
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    await rig.work()
    assert [mail["To"] for mail in mailbox.mails()] == ["familie@example.org"] * 2


async def test_the_clock_of_the_events_does_not_matter_for_what_is_over(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.at(EARLY + timedelta(days=400))
    rig.each([story.activity(), story.signup("s1"), story.signup("s2", "waitlisted"), story.cancelled()])
    await rig.work()
    assert rig.rows() == []
    assert mailbox.mails() == []
