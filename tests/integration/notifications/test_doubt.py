"""Crashes, lost answers, lost leases: who was perhaps told, and who is told once more."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.contacts import ContactClient
from services.notifications.domain.outcomes import Failed, Retry, Sent
from services.notifications.senders.smtp import SmtpSender
from services.notifications.usecases.claiming import Assignment, take_turn
from services.notifications.usecases.delivering import deliver
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.settling import settle
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.servers import SERVICE_KEY

DAY_BEFORE = datetime(2026, 10, 24, 12, tzinfo=UTC)


def claimed(rig: Rig) -> Assignment:
    """Take the one message that is due, and die before anything else."""
    [assignment] = take_turn(rig.engine, rig.clock(), 4, rig.policy, rig.sender.arrived).assignments
    return assignment


def over(rig: Rig, moody: Moody) -> Rig:
    """The same rig over a mail server."""
    rig.sender = SmtpSender(moody.server, "example.org", timeout=0.5)
    return rig


async def test_killed_before_the_last_look_is_surely_not_sent(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    claimed(rig)
    await rig.later(seconds=89).work()
    assert rig.row("confirmation")["status"] == "sending"
    await rig.later(seconds=1).work()
    assert rig.row("confirmation")["status"] == "sent"
    assert len(mailbox.mails()) == 1


async def test_killed_after_the_last_look_is_unknown_and_a_confirmation_stays_so(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    with Moody() as moody:
        over(rig, moody)
        assert last_look(rig.engine, claimed(rig), rig.clock(), rig.policy)
        await rig.later(seconds=90).work()
        assert rig.row("confirmation")["status"] == "unknown"
        await rig.later(days=1).work()
        assert rig.row("confirmation")["status"] == "unknown"
        assert moody.mails == []


async def test_the_mailbox_folder_is_asked_what_became_of_it(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    first, second = take_turn(rig.engine, rig.clock(), 2, rig.policy, rig.sender.arrived).assignments
    for assignment in (first, second):
        assert last_look(rig.engine, assignment, rig.clock(), rig.policy)
    mailbox.folder.mkdir()
    (mailbox.folder / f"{first.message.id}.eml").write_bytes(b"Subject: er\r\n\r\n")
    await rig.later(seconds=90).work()
    assert [row["status"] for row in rig.rows(kind="confirmation")] == ["sent", "sent"]
    assert mailbox.subjects() == ["er", "U hebt een plaats: Bingo in de Schelf"]


async def test_a_reminder_whose_answer_was_lost_goes_once_more_with_the_same_message_id(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    with Moody({"data": "drop"}, stores_first=True) as moody:
        await over(rig, moody).at(DAY_BEFORE).work()
        assert rig.row("reminder")["status"] == "unknown"
        await rig.later(minutes=14, seconds=59).work()
        assert len(moody.mails) == 1
        moody.replies.clear()
        await rig.later(seconds=1).work()
        await rig.later(hours=1).work()
        ids = [line for mail in moody.mails for line in mail.splitlines() if line.startswith(b"Message-ID")]
        assert len(ids) == 2
        assert len(set(ids)) == 1
    assert rig.row("reminder")["status"] == "sent"


async def test_a_second_doubt_brings_no_third_copy(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    with Moody({"data": "drop"}, stores_first=True) as moody:
        await over(rig, moody).at(DAY_BEFORE).work()
        for _ in range(4):
            await rig.later(minutes=16).work()
        assert len(moody.mails) == 2
    assert (rig.row("reminder")["status"], rig.row("reminder")["doubts"]) == ("unknown", 2)


async def test_a_reminder_in_doubt_gets_no_second_copy_after_a_cancellation(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    with Moody({"data": "drop"}, stores_first=True) as moody:
        await over(rig, moody).at(DAY_BEFORE).work()
        moody.replies.clear()
        rig.apply(story.cancelled(at=rig.clock()))
        await rig.later(minutes=16).work()
        assert [b"Herinnering" in mail for mail in moody.mails] == [True, False]
    assert rig.row("reminder")["status"] == "unknown"


async def test_a_change_in_doubt_goes_once_more_whatever_else_happens(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    with Moody({"data": "drop"}, stores_first=True) as moody:
        over(rig, moody).apply(story.activity(title="Grote bingo"))
        await rig.work()
        moody.replies.clear()
        rig.later(minutes=1).apply(story.activity(capacity=12))
        await rig.later(minutes=15).work()
        assert len(moody.mails) == 2
    assert rig.row("change")["status"] == "sent"


async def test_f04_who_lost_its_lease_changes_nothing_but_its_attempt_is_kept(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    slow = claimed(rig)
    await rig.later(seconds=90).work()
    before = rig.row("confirmation")
    settle(rig.engine, slow, Retry("connect", "no-contact"), rig.clock(), rig.policy)
    assert rig.row("confirmation") == before
    assert rig.attempts(slow.message.id)[-1] == ("connect", "retry", "lease-lost no-contact")


async def test_f05_a_worker_that_slept_past_its_lease_does_not_send(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    slow = claimed(rig)
    assert not last_look(rig.engine, slow, rig.clock() + timedelta(seconds=90), rig.policy)
    await rig.later(seconds=90).work()
    assert not last_look(rig.engine, slow, rig.clock(), rig.policy)


async def test_a_worker_that_lost_its_message_to_another_does_not_settle_it(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    slow = claimed(rig)
    other = claimed(rig.later(seconds=90))
    assert other.message.id == slow.message.id
    settle(rig.engine, slow, Failed("rcpt", "address-refused", 550), rig.clock(), rig.policy)
    assert rig.row("confirmation")["status"] == "sending"
    assert last_look(rig.engine, other, rig.clock(), rig.policy)


async def test_night_that_falls_between_claim_and_last_look_holds_the_message(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.activity(title="Grote bingo"))
    change = claimed(rig.at(datetime(2026, 10, 10, 18, 59, 59, tzinfo=UTC)))
    assert not last_look(rig.engine, change, datetime(2026, 10, 10, 19, tzinfo=UTC), rig.policy)
    assert len(mailbox.mails()) == 1


async def test_nothing_else_of_a_signup_goes_while_one_may_be_leaving(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    assert last_look(rig.engine, claimed(rig), rig.clock(), rig.policy)
    rig.apply(story.cancelled())
    assert take_turn(rig.engine, rig.clock(), 4, rig.policy, rig.sender.arrived).assignments == []


async def test_an_answer_that_comes_after_the_lease_makes_unknown_sent(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    with Moody() as moody:
        over(rig, moody)
        slow = claimed(rig)
        assert last_look(rig.engine, slow, rig.clock(), rig.policy)
        await rig.later(seconds=90).work()
        settle(rig.engine, slow, Sent("data", 250), rig.clock(), rig.policy)
    assert rig.row("confirmation")["status"] == "sent"


async def test_an_answer_after_the_second_doubt_makes_the_call_unnecessary(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    with Moody() as moody:
        over(rig, moody).at(DAY_BEFORE)
        for _ in range(2):
            slow = claimed(rig)
            assert last_look(rig.engine, slow, rig.clock(), rig.policy)
            assert take_turn(rig.later(seconds=90).engine, rig.clock(), 4, rig.policy, lambda _id: None) is not None
            rig.later(minutes=15)
        assert rig.row("reminder")["call_reason"] == "in-doubt"
        settle(rig.engine, slow, Sent("data", 250), rig.clock(), rig.policy)
    assert (rig.row("reminder")["status"], rig.row("reminder")["call_since"]) == ("sent", None)


async def test_f06_who_always_takes_its_worker_along_fails_and_the_others_flow(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup("s1"))
    for _ in range(rig.policy.most_crashes):
        claimed(rig)
        rig.later(seconds=91)
    rig.apply(story.signup("s2"))
    await rig.work()
    assert [row["status"] for row in rig.rows(kind="confirmation")] == ["failed", "sent"]
    assert len(mailbox.mails()) == 1


async def test_f24_a_cancellation_before_the_last_look_wins(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    reminder = claimed(rig.at(DAY_BEFORE))
    rig.apply(story.cancelled(at=rig.clock()))
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    await deliver(rig.delivery(client), reminder)
    await client.close()
    await rig.work()
    assert mailbox.subjects()[1:] == ["Gaat niet door: Bingo in de Schelf"]
    assert rig.row("reminder")["status"] == "cancelled"


async def test_a_text_made_before_a_change_is_made_anew(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup())
    stale = claimed(rig)
    rig.apply(story.activity(title="Grote bingo"))
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    await deliver(rig.delivery(client), stale)
    await client.close()
    await rig.work()
    assert mailbox.subjects() == ["U hebt een plaats: Grote bingo"]


@pytest.mark.parametrize("seconds_late", [0, 1])
async def test_a_cancellation_after_the_last_look_is_told_to_who_may_have_been_reminded(
    rig: Rig, story: Story, seconds_late: int
) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    reminder = claimed(rig.at(DAY_BEFORE))
    assert last_look(rig.engine, reminder, rig.clock(), rig.policy)
    rig.later(seconds=seconds_late).apply(story.cancelled(at=rig.clock()))
    settle(rig.engine, reminder, Sent(), rig.clock(), rig.policy)
    await rig.work()
    assert (rig.row("reminder")["status"], rig.row("cancellation")["status"]) == ("sent", "sent")


async def test_registration_away_is_a_retry_that_ends_when_it_is_back(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.contacts.away = True
    rig.apply(story.activity(), story.signup())
    await rig.work()
    row = rig.row("confirmation")
    assert (row["status"], row["reason"], row["told_version"]) == ("retry", "contacts-away", None)
    assert timedelta(seconds=12) <= row["due_at"] - rig.clock() <= timedelta(seconds=18)
    rig.contacts.away = False
    await rig.later(seconds=18).work()
    assert len(mailbox.mails()) == 1


async def test_a_retry_never_goes_on_past_the_last_moment(rig: Rig, story: Story) -> None:
    rig.contacts.away = True
    rig.apply(story.activity(), story.signup())
    while rig.clock() < START:
        await rig.later(hours=7).work()
    statuses = {row["kind"]: row["status"] for row in rig.rows()}
    assert statuses == {"confirmation": "expired", "reminder": "expired"}


async def test_a_second_scheduler_never_takes_what_another_holds(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), *(story.signup(f"s{number}") for number in range(20)))
    taken: list[str] = []
    for _ in range(10):
        turn = take_turn(rig.engine, rig.clock(), 3, rig.policy, rig.sender.arrived)
        taken += [assignment.message.id for assignment in turn.assignments]
    assert len(taken) == len(set(taken)) == 20
