"""A backup took the place of the database: nobody is told twice what may have been told since it was made."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from services.notifications.store.queue import claim
from services.notifications.usecases.claiming import take_turn
from services.notifications.usecases.last_look import last_look
from shared.database import transaction
from shared.operators.restorations import note_restoration
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story
from tests.integration.notifications.test_doubt import DAY_BEFORE


def restore(engine: Engine, taken_at: datetime, at: datetime) -> None:
    """What the command leaves behind; the rows are those that stand here."""
    with transaction(engine) as connection:
        note_restoration(connection, taken_at, at)


async def test_what_was_due_by_the_restore_is_held_and_who_must_not_miss_it_is_called(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    restore(rig.engine, rig.clock(), DAY_BEFORE + timedelta(minutes=1))
    await rig.at(DAY_BEFORE + timedelta(minutes=2)).work()
    assert mailbox.subjects() == []
    told = {row["kind"]: (row["status"], row["reason"], row["call_reason"]) for row in rig.rows()}
    assert told == {
        "confirmation": ("unknown", "backup-restored", None),
        "reminder": ("unknown", "backup-restored", "backup-restored"),
    }
    await rig.later(hours=3).work()
    assert mailbox.subjects() == []
    assert rig.attempts(rig.rows(kind="reminder")[0]["id"]) == [("planning", "held", "backup-restored")]


async def test_what_the_log_tells_of_the_time_before_the_restore_is_held_as_well(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity())
    signup = story.signup()
    restore(rig.engine, rig.clock(), rig.clock() + timedelta(hours=1))
    await rig.later(hours=1, minutes=1).work()
    rig.apply(signup)
    await rig.work()
    assert mailbox.subjects() == []
    assert rig.row("confirmation")["status"] == "unknown"


def test_one_that_another_process_plans_at_this_moment_is_not_taken_either(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    until, due = rig.clock() + rig.policy.lease, rig.row("confirmation")["due_at"]
    with transaction(rig.engine) as connection:
        assert claim(connection, rig.clock(), 4, "token", until, after=due) == []
        assert claim(connection, rig.clock(), 4, "token", until, after=due - timedelta(seconds=1)) != []


async def test_what_becomes_due_or_is_told_afterwards_goes_as_ever(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup("s1"))
    await rig.work()
    restore(rig.engine, rig.clock(), rig.clock() + timedelta(hours=1))
    rig.later(hours=2).apply(story.signup("s2", at=rig.clock()))
    await rig.work()
    await rig.at(DAY_BEFORE).work()
    assert sorted(row["status"] for row in rig.rows()) == ["sent"] * 4
    assert len(mailbox.mails()) == 4


async def test_a_mail_that_was_on_its_way_in_the_backup_is_not_tried_again(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    first, _ = take_turn(rig.engine, rig.clock(), 2, rig.policy, rig.sender.arrived).assignments
    assert last_look(rig.engine, first, rig.clock(), rig.policy)
    restore(rig.engine, rig.clock(), rig.clock() + timedelta(seconds=5))
    for minutes in (2, 20):
        await rig.later(minutes=minutes).work()
    assert mailbox.subjects() == []
    assert [row["status"] for row in rig.rows(kind="confirmation")] == ["unknown", "unknown"]


async def test_a_second_copy_that_may_have_gone_does_not_go(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.activity(title="Grote bingo"))
    [change] = take_turn(rig.engine, rig.clock(), 1, rig.policy, lambda _: None).assignments
    assert last_look(rig.engine, change, rig.clock(), rig.policy)
    rig.later(seconds=91)
    take_turn(rig.engine, rig.clock(), 0, rig.policy, lambda _: None)
    assert rig.row("change")["resend_at"] is not None
    restore(rig.engine, rig.clock(), rig.clock() + timedelta(minutes=16))
    await rig.later(minutes=17).work()
    row = rig.row("change")
    assert (row["status"], row["resend_at"], row["call_reason"]) == ("unknown", None, "backup-restored")
    assert len(mailbox.mails()) == 1


async def test_a_change_after_the_restore_is_told_to_who_may_not_know_the_old_time(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    restore(rig.engine, rig.clock(), rig.clock() + timedelta(hours=1))
    await rig.later(hours=2).work()
    rig.apply(story.activity(title="Grote bingo", at=rig.clock()))
    await rig.work()
    assert [row["kind"] for row in rig.rows(status="sent")] == ["change"]
    assert len(mailbox.mails()) == 1
