"""By which way a person is reached, and what is left when somebody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from tests.databases import contents
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, TOKEN, Story


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        (None, ("to-call", "none", "no-address")),
        ({}, ("to-call", "none", "no-address")),
        ({"phone": "0546 000000"}, ("to-call", "phone", "no-address")),
        ({"email": "geen adres", "phone": "0546 000000"}, ("to-call", "phone", "bad-address")),
        ({"email": "a@example.org", "reachVia": "phone"}, ("to-call", "phone", "prefers-phone")),
        ({"email": "a@example.org", "reachVia": "letter"}, ("to-call", "letter", "prefers-letter")),
        ({"phone": "06 00000000", "reachVia": "sms"}, ("to-call", "phone", "no-sms-provider")),
        ({"email": "a@example.org", "reachVia": "none"}, ("suppressed", "none", "reach-none")),
        ({"email": "a@example.org", "reachVia": "email"}, ("sent", "email", None)),
    ],
)
async def test_the_contact_decides_the_way(
    rig: Rig, story: Story, contact: dict[str, Any] | None, found: tuple[str, str, str | None]
) -> None:
    rig.contacts.contacts = {"pid-s1": contact}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    row = rig.row("confirmation")
    assert (row["status"], row["channel"], row["reason"]) == found


async def test_who_is_on_the_call_list_and_withdraws_comes_off_it(rig: Rig, story: Story) -> None:
    rig.contacts.contacts = {"pid-s1": {"phone": "0546 000000"}}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.signup(what="withdrawn"))
    assert rig.row("confirmation")["status"] == "cancelled"


async def test_who_was_to_be_called_hears_of_a_change(rig: Rig, story: Story) -> None:
    rig.contacts.contacts = {"pid-s1": {"phone": "0546 000000"}}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    rig.apply(story.cancelled())
    await rig.work()
    assert (rig.row("confirmation")["status"], rig.row("cancellation")["status"]) == ("cancelled", "to-call")


async def test_f29_after_an_erasure_nothing_is_sent_and_nothing_leads_back(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2"))
    await rig.work()
    rig.apply(story.signup("s1", "withdrawn", pid=TOKEN), story.erased("pid-s1"))
    await rig.at(START - timedelta(hours=20)).work()
    assert len(mailbox.mails()) == 3
    erased = [row for row in rig.rows() if row["pid"] == TOKEN]
    assert sorted(row["status"] for row in erased) == ["cancelled", "sent"]
    for row in erased:
        assert "s1" not in row["signup"] + row["dedup_key"]
    assert "pid-s1" not in {row["pid"] for row in rig.rows()}
    assert (len({row["signup"] for row in erased}), {row["partner_id"] for row in erased}) == (1, {"avedan"})


async def test_a_signup_that_comes_after_the_erasure_of_its_person_is_not_planned(rig: Rig, story: Story) -> None:
    rig.apply(story.activity())
    late = story.signup()
    rig.apply(story.erased("pid-s1"))
    rig.apply(late)
    assert rig.rows() == []


async def test_a_signup_placed_after_the_erasure_is_a_new_person(rig: Rig, story: Story, mailbox: Mailbox) -> None:
    rig.apply(story.activity(), story.signup("s1"))
    gone, again = story.erased("pid-s1"), story.signup("s2", pid="pid-s1")
    rig.each([again, gone])
    await rig.work()
    assert rig.row("confirmation", signup="avedan/s2")["status"] == "sent"
    assert len(mailbox.mails()) == 1


async def test_the_memory_of_an_erasure_goes_when_nothing_older_can_come(rig: Rig, story: Story) -> None:
    rig.each([story.activity(), story.signup(), story.erased("pid-s1"), story.activity(title="Grote bingo")])
    with rig.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from erasure").scalar() == 0


async def test_no_name_and_no_address_is_kept_or_logged(
    rig: Rig, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    rig.contacts.contacts = {"pid-s1": {"name": "Mevrouw Geheim", "email": "geheim@example.org"}}
    with caplog.at_level("DEBUG"):
        rig.apply(story.activity(), story.signup())
        await rig.work()
    assert rig.row("confirmation")["status"] == "sent"
    assert "pid-s1" in contents(rig.engine)
    assert "eheim" not in contents(rig.engine)
    assert "eheim" not in caplog.text
