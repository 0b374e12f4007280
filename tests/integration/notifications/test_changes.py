"""Moved, cancelled, restored: every fact once, and always the newest."""

from datetime import UTC, datetime, timedelta

from services.notifications.domain.times import offset
from services.notifications.usecases.replan import replan_what_comes
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story

DAY = timedelta(days=1)


async def told(rig: Rig, story: Story) -> None:
    """Somebody has a confirmation."""
    rig.apply(story.activity(), story.signup())
    await rig.work()


async def test_f23_moved_twice_in_a_minute_tells_once_and_the_right_time(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    await told(rig, story)
    rig.each([story.activity(starts_at=START + DAY), story.activity(title="Grote bingo")])
    await rig.work()
    assert mailbox.subjects()[1:] == ["Er is iets veranderd: Grote bingo"]
    assert "maandag 26 oktober om 14:00 uur" in mailbox.mails()[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # is there


async def test_moved_and_moved_back_before_anybody_heard_tells_nothing(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    await told(rig, story)
    rig.each([story.activity(starts_at=START + DAY), story.activity(starts_at=START)])
    await rig.work()
    assert len(mailbox.mails()) == 1
    assert rig.row("reminder")["status"] == "scheduled"


async def test_moved_and_moved_back_after_people_heard_tells_both(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    for start in (START + DAY, START):
        rig.apply(story.activity(starts_at=start))
        await rig.work()
    assert mailbox.subjects()[1:] == ["Er is iets veranderd: Bingo in de Schelf"] * 2


async def test_f23_the_same_start_is_never_reminded_of_twice(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    await rig.at(datetime(2026, 10, 24, 12, tzinfo=UTC)).work()
    for start in (START + 3 * DAY, START):
        rig.apply(story.activity(starts_at=start, at=rig.clock()))
        await rig.work()
    assert mailbox.subjects().count("Herinnering: Bingo in de Schelf") == 1
    assert rig.statuses()["reminder:s1:P1D:2026-10-25T130000Z"] == "sent"


async def test_f25_cancelled_restored_and_cancelled_tells_each_once(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    for event in (story.cancelled(), story.activity(), story.cancelled()):
        rig.apply(event)
        await rig.work()
        await rig.work()
    assert mailbox.subjects()[1:] == [
        "Gaat niet door: Bingo in de Schelf",
        "Er is iets veranderd: Bingo in de Schelf",
        "Gaat niet door: Bingo in de Schelf",
    ]


async def test_a_restored_activity_gets_its_reminder_back(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    rig.each([story.cancelled(), story.activity()])
    await rig.at(START - timedelta(hours=20)).work()
    assert mailbox.subjects()[1:] == ["Herinnering: Bingo in de Schelf"]


async def test_f23_a_move_sooner_than_the_reminder_is_told_by_the_change_alone(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    await told(rig, story)
    rig.at(START - timedelta(days=2)).apply(
        story.activity(starts_at=START - timedelta(days=1, hours=6), at=rig.clock())
    )
    await rig.work()
    await rig.later(hours=12).work()
    assert mailbox.subjects()[1:] == ["Er is iets veranderd: Bingo in de Schelf"]


async def test_whoever_withdrew_hears_nothing_more(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    rig.each([story.signup(what="withdrawn"), story.activity(title="Grote bingo"), story.cancelled()])
    await rig.at(START - timedelta(hours=20)).work()
    assert len(mailbox.mails()) == 1


async def test_an_activity_moved_into_the_past_reminds_nobody(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    rig.at(START - 2 * DAY).apply(story.activity(starts_at=START - 3 * DAY, at=rig.clock()))
    await rig.at(START - timedelta(hours=20)).work()
    assert len(mailbox.mails()) == 1


async def test_other_reminders_of_the_operator_are_planned_at_the_next_start(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    await told(rig, story)
    rig.choose(reminders=(offset("PT2H"),))
    assert replan_what_comes(rig.engine, rig.clock(), rig.policy) == 1
    await rig.at(START - timedelta(hours=20)).work()
    assert len(mailbox.mails()) == 1
    await rig.at(START - timedelta(hours=2)).work()
    assert mailbox.subjects()[1:] == ["Herinnering: Bingo in de Schelf"]


async def test_f20_a_change_at_night_waits_for_the_morning(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    await told(rig, story)
    night = datetime(2026, 10, 10, 20, tzinfo=UTC)
    rig.at(night).apply(story.activity(title="Grote bingo", at=night))
    await rig.work()
    assert len(mailbox.mails()) == 1
    await rig.at(datetime(2026, 10, 11, 6, tzinfo=UTC)).work()
    assert mailbox.subjects()[1:] == ["Er is iets veranderd: Grote bingo"]


async def test_f20_what_is_late_into_the_night_is_held_until_the_morning(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    await told(rig, story)
    rig.apply(story.activity(title="Grote bingo"))
    await rig.at(datetime(2026, 10, 10, 20, tzinfo=UTC)).work()
    assert (rig.row("change")["status"], rig.row("change")["due_at"]) == (
        "scheduled",
        datetime(2026, 10, 11, 6, tzinfo=UTC),
    )
    assert len(mailbox.mails()) == 1


async def test_reminders_off_is_a_suppressed_reminder(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup(reminders=False))
    await rig.at(START - timedelta(hours=20)).work()
    assert (rig.row("reminder")["status"], rig.row("reminder")["reason"]) == ("suppressed", "reminders-off")
    assert mailbox.subjects() == ["U hebt een plaats: Bingo in de Schelf"]
