"""Text messages over HTTP: once each, asked about before a second one, and the next way where there is none."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.senders.smtp import SmtpSender
from services.notifications.tables import MessageRow
from services.notifications.usecases.moving_on import move_on
from shared.database import table_of, transaction
from tests.integration.notifications import sms_server as api
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.sms_server import SmsServer
from tests.integration.notifications.story import START, Story

MOBILE = {"phone": "06 12345678"}
BOTH = {"email": "s1@example.org", "phone": "06 12345678"}
ABROAD = {"phone": "+49 1511 2345678"}
LANDLINE = {"phone": "0546 817000"}


def contact(rig: Rig, members: dict[str, Any], pid: str = "pid-s1") -> None:
    rig.contacts.contacts[pid] = members


async def confirm(rig: Rig, story: Story, members: dict[str, Any]) -> dict[str, Any]:
    """The confirmation of somebody with these contact data, after all that is due was sent."""
    contact(rig, members)
    rig.apply(story.activity(), story.signup())
    await rig.work()
    return rig.row("confirmation")


def fate(row: dict[str, Any]) -> tuple[str, str, str | None]:
    return row["status"], row["channel"], row["reason"]


async def test_f30_a_mobile_gets_one_text_message_of_one_segment(rig: Rig, story: Story, provider: SmsServer) -> None:
    row = await confirm(rig, story, MOBILE)
    assert fate(row) == ("sent", "sms", None)
    [(number, text)] = provider.texts
    assert number == "+31612345678"
    assert "zondag 25 oktober" in text
    assert len(text) <= 160
    assert (provider.sent[0]["reference"], provider.sent[0]["id"]) == (row["id"], row["transport_ref"])


@pytest.mark.parametrize(
    ("members", "found"),
    [
        (LANDLINE, ("to-call", "phone", "no-address")),
        ({"phone": "088 3665366"}, ("to-call", "phone", "no-address")),
        ({"phone": "06 123"}, ("to-call", "phone", "no-address")),
        (ABROAD, ("sent", "sms", None)),
        ({**BOTH, "reachVia": "sms"}, ("sent", "sms", None)),
        ({**BOTH, "reachVia": "email"}, ("sent", "email", None)),
        ({**LANDLINE, "email": "s1@example.org", "reachVia": "sms"}, ("sent", "email", None)),
        ({"email": "geen adres", **MOBILE}, ("sent", "sms", None)),
    ],
)
async def test_f30_a_landline_is_called_and_a_foreign_mobile_gets_a_text(
    rig: Rig, story: Story, provider: SmsServer, members: dict[str, Any], found: tuple[str, str, str | None]
) -> None:
    assert fate(await confirm(rig, story, members)) == found


async def test_f30_a_number_out_of_the_account_s_reach_is_called(rig: Rig, story: Story, provider: SmsServer) -> None:
    provider.abroad = False
    row = await confirm(rig, story, ABROAD)
    assert fate(row) == ("to-call", "phone", "address-refused")
    rig.apply(story.cancelled())
    await rig.work()
    assert fate(rig.row("cancellation"))[:2] == ("to-call", "phone"), "the number was asked again"


async def test_without_a_provider_a_mobile_number_is_called(rig: Rig, story: Story) -> None:
    assert fate(await confirm(rig, story, MOBILE)) == ("to-call", "phone", "no-sms-provider")


async def test_f28_two_people_on_one_address_get_one_each(rig: Rig, story: Story, provider: SmsServer) -> None:
    for pid in ("pid-s1", "pid-s2"):
        contact(rig, MOBILE, pid)
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    await rig.work()
    assert [number for number, _ in provider.texts] == ["+31612345678"] * 2
    assert len({one["reference"] for one in provider.sent}) == 2


async def test_f28_two_people_on_one_mail_address_get_one_each_and_one_person_in_two_roles_one_of_each(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    for pid in ("pid-s1", "pid-s2"):
        contact(rig, {"email": "samen@example.org"}, pid)
    as_volunteer = story.signup("s3", pid="pid-s1", role="volunteer")
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"), as_volunteer)
    await rig.work()
    await rig.at(START - timedelta(hours=23)).work()
    kinds = sorted((row["kind"], row["signup"].rpartition("/")[2]) for row in rig.rows(status="sent"))
    assert kinds == [
        *(("confirmation", key) for key in ("s1", "s2", "s3")),
        *(("reminder", key) for key in ("s1", "s2")),
        ("volunteer-shift", "s3"),
    ]
    assert [mail["To"].addresses[0].addr_spec for mail in mailbox.mails()] == ["samen@example.org"] * 6


async def test_an_answer_that_is_lost_is_asked_for_at_once(rig: Rig, story: Story, provider: SmsServer) -> None:
    provider.faults = ["dropped"]
    row = await confirm(rig, story, MOBILE)
    assert (fate(row), len(provider.sent), provider.asked) == (("sent", "sms", None), 1, [row["id"]])


async def test_a_doubt_is_asked_about_before_a_second_text(rig: Rig, story: Story, provider: SmsServer) -> None:
    provider.faults, provider.blind = ["dropped"], True
    await confirm(rig, story, {**MOBILE, "reachVia": "none"})
    contact(rig, MOBILE)
    rig.apply(story.cancelled())
    await rig.work()
    assert fate(rig.row("cancellation")) == ("unknown", "sms", "sms-no-answer")
    provider.blind = False
    await rig.later(minutes=16).work()
    assert (rig.row("cancellation")["status"], len(provider.sent)) == ("sent", 1)


async def test_a_doubt_that_turns_out_to_be_nothing_is_sent_once_more(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    provider.faults = ["dropped before"]
    await confirm(rig, story, {**MOBILE, "reachVia": "none"})
    contact(rig, MOBILE)
    rig.apply(story.cancelled())
    await rig.work()
    assert rig.row("cancellation")["status"] == "unknown"
    contact(rig, BOTH)
    await rig.later(minutes=16).work()
    row = rig.row("cancellation")
    assert (row["status"], row["channel"], len(provider.sent)) == ("sent", "sms", 1), "never another way after a doubt"


async def test_while_the_provider_cannot_be_asked_nothing_goes_twice(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    provider.faults, provider.blind = ["dropped"], True
    await confirm(rig, story, {**MOBILE, "reachVia": "none"})
    contact(rig, MOBILE)
    rig.apply(story.cancelled())
    for _ in range(5):
        await rig.later(minutes=16).work()
    assert len(provider.sent) == 1
    assert rig.row("cancellation")["status"] == "retry"


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (api.TRIAL, ("failed", "sms", "sms-refused")),
        (api.CLOCK, ("retry", "sms", "sms-refuses-us")),
        (api.BUSY, ("retry", "sms", "sms-busy")),
        (api.BROKEN, ("retry", "sms", "sms-away")),
    ],
)
async def test_what_the_provider_answers_decides_what_happens(
    rig: Rig, story: Story, provider: SmsServer, fault: api.Answer, found: tuple[str, str, str]
) -> None:
    provider.faults = [fault]
    row = await confirm(rig, story, MOBILE)
    assert fate(row) == found
    assert (row["call_since"] is not None) == (found[0] == "failed")


async def test_retry_after_is_obeyed(rig: Rig, story: Story, provider: SmsServer) -> None:
    provider.faults = [api.error(429, "RateLimitError", "busy", {"Retry-After": "600"})]
    row = await confirm(rig, story, MOBILE)
    assert row["due_at"] - rig.clock() >= timedelta(seconds=600)
    await rig.later(seconds=601).work()
    assert rig.row("confirmation")["status"] == "sent"


async def test_our_clock_is_wrong_and_the_provider_says_so(rig: Rig, story: Story, provider: SmsServer) -> None:
    provider.clock = lambda: 0.0
    row = await confirm(rig, story, MOBILE)
    assert (fate(row), provider.sent) == (("retry", "sms", "sms-refuses-us"), [])
    assert rig.attempts(row["id"])[-1] == ("sms", "retry", "sms-refuses-us 403")


async def test_a_provider_that_is_gone_costs_nothing_and_a_cancellation_soon_goes_on_to_a_person(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    await confirm(rig, story, MOBILE)
    provider.__exit__(None, None, None)
    rig.apply(story.cancelled(at=START - timedelta(hours=5)))
    await rig.at(START - timedelta(hours=5)).work()
    row = rig.row("cancellation")
    assert fate(row) == ("to-call", "phone", "not-out-in-time")
    assert row["told_version"] is None


async def test_a_mail_server_that_is_down_and_the_start_within_hours_is_a_text_message(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    await confirm(rig, story, BOTH)
    gone = Moody()
    rig.sender = _smtp(gone)
    rig.apply(story.cancelled(at=START - timedelta(hours=5)))
    await rig.at(START - timedelta(hours=5)).work()
    assert fate(rig.row("cancellation")) == ("sent", "sms", None)
    assert "gaat niet door" in provider.texts[-1][1]


async def test_what_waits_for_a_mail_server_that_is_down_goes_on_by_the_hour(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    await confirm(rig, story, BOTH)
    rig.apply(story.cancelled())
    down = frozenset({"email"})
    assert move_on(rig.engine, rig.clock(), rig.policy, down=down, sms=True) == 0
    rig.later(minutes=61)
    assert move_on(rig.engine, rig.clock(), rig.policy, down=down, sms=True) == 1
    await rig.work()
    assert fate(rig.row("cancellation")) == ("sent", "sms", None)


async def test_after_our_own_downtime_late_mails_go_as_mails(
    rig: Rig, story: Story, provider: SmsServer, mailbox: Mailbox
) -> None:
    await confirm(rig, story, BOTH)
    rig.apply(story.cancelled())
    rig.later(hours=30)
    assert move_on(rig.engine, rig.clock(), rig.policy, down=frozenset(), sms=True) == 0
    await rig.work()
    assert (len(mailbox.mails()), provider.sent) == (2, [])


async def test_somebody_with_a_landline_is_called_when_the_mail_does_not_get_out(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    await confirm(rig, story, {**LANDLINE, "email": "s1@example.org"})
    rig.at(START - timedelta(hours=6))
    assert move_on(rig.engine, rig.clock(), rig.policy, down=frozenset({"email"}), sms=True) == 1
    await rig.work()
    assert fate(rig.row("reminder")) == ("to-call", "phone", "not-out-in-time")


async def test_an_address_that_refuses_is_not_tried_again_and_a_corrected_one_works(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    rig.sender = _smtp(moody := Moody({"rcpt": "550 no such user"}))
    with moody:
        assert fate(await confirm(rig, story, BOTH)) == ("sent", "sms", None)
        moody.replies.clear()
        rig.apply(story.cancelled())
        await rig.work()
        assert (fate(rig.row("cancellation"))[:2], moody.mails) == (("sent", "sms"), [])
        contact(rig, {**BOTH, "email": "goed@example.org"})
        rig.apply(story.activity(status="scheduled"))
        await rig.work()
        assert fate(rig.row("change"))[:2] == ("sent", "email")


def _smtp(moody: Moody) -> SmtpSender:
    return SmtpSender(moody.server, "example.org", timeout=2.0)


async def test_a_worker_that_died_with_a_text_in_hand_leaves_a_question_and_no_second_text(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    await confirm(rig, story, {**MOBILE, "reachVia": "none"})
    contact(rig, MOBILE)
    rig.apply(story.cancelled())
    await rig.work()
    table = table_of(MessageRow)
    died = {"status": "sending", "lease_until": rig.clock(), "lease_token": "x", "sent_at": None}
    with transaction(rig.engine) as connection:
        connection.execute(table.update().where(table.c.kind == "cancellation").values(died))
    await rig.later(minutes=3).work()
    assert rig.row("cancellation")["status"] == "unknown", "the mailbox folder was asked about a text message"
    await rig.later(minutes=16).work()
    assert (rig.row("cancellation")["status"], len(provider.sent)) == ("sent", 1)
