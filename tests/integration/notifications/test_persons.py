"""By which way a person is reached, and what is left when somebody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain.outcomes import AddressRefused, Outcome, Sent
from services.notifications.domain.receipts import Receipt
from services.notifications.store import erasures, opt_outs, ways
from services.notifications.usecases.claiming import take_turn
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.receiving import Said, receive
from services.notifications.usecases.settling import Taken, settle
from shared.database import transaction
from tests.databases import contents
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.sms_server import SmsServer
from tests.integration.notifications.story import EARLY, START, TOKEN, Story


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


async def test_f29_an_erasure_takes_along_what_a_provider_called_the_message(
    rig: Rig, story: Story, provider: SmsServer
) -> None:
    """A text message's own id leads to a number, at the provider; a receipt repeats it, also one that waits."""
    rig.contacts.contacts = {"pid-s1": {"phone": "06 12345678"}}
    rig.apply(story.activity(), story.signup())
    await rig.work()
    sent = rig.row("confirmation")
    receive(
        rig.engine, Said(sent["id"], Receipt("sms", "delivered", None, sent["transport_ref"]), None), EARLY, rig.policy
    )
    rig.apply(story.activity(title="Grote bingo"))
    [held] = take_turn(
        rig.at(EARLY + timedelta(minutes=1)).engine, rig.clock(), 4, rig.policy, lambda _id: None
    ).assignments
    receive(
        rig.engine, Said(held.message.id, Receipt("sms", "delivered", None, "ref-2"), None), rig.clock(), rig.policy
    )
    kept = contents(rig.engine)
    assert sent["transport_ref"] in kept
    assert "ref-2" in kept
    rig.apply(story.signup(what="withdrawn", pid=TOKEN), story.erased("pid-s1"))
    receive(rig.engine, Said(sent["id"], Receipt("sms", "delivered", None, "ref-3"), None), rig.clock(), rig.policy)
    left = contents(rig.engine)
    assert [what for what in (sent["transport_ref"], "ref-2", "ref-3", "pid-s1", "avedan/s1") if what in left] == []


def test_a_refusal_that_comes_after_the_erasure_is_nobodys(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    [held] = take_turn(rig.engine, rig.clock(), 4, rig.policy, lambda _id: None).assignments
    rig.apply(story.signup(what="withdrawn", pid=TOKEN), story.erased("pid-s1"))
    refused = AddressRefused("rcpt", 550, "no-such-address")
    assert settle(rig.engine, held, refused, rig.clock(), rig.policy, Taken("email", "phone", "hash-1")) is False
    left = contents(rig.engine)
    assert [what for what in ("pid-s1", "hash-1") if what in left] == []


@pytest.mark.parametrize("outcome", [Sent("sms", 201), AddressRefused("sms", 400)])
def test_f29_who_is_erased_while_a_message_is_on_its_way_leaves_no_way_back(
    rig: Rig, story: Story, outcome: Outcome
) -> None:
    """After the last look nothing stops it; its settling wrote the person's name and number back, in hashes."""
    rig.apply(story.activity(), story.signup())
    [held] = take_turn(rig.engine, rig.clock(), 4, rig.policy, lambda _id: None).assignments
    assert last_look(rig.engine, held, rig.clock(), rig.policy)
    rig.apply(story.signup(what="withdrawn", pid=TOKEN), story.erased("pid-s1"))
    assert settle(rig.engine, held, outcome, rig.clock(), rig.policy, Taken("sms", "phone", "hash-1", "ref-1"))
    left = contents(rig.engine)
    assert [what for what in ("pid-s1", "hash-1", "ref-1") if what in left] == []


def test_who_has_no_sign_up_any_more_was_erased_and_leaves_no_wish_and_no_address(rig: Rig, story: Story) -> None:
    """After a restored backup, when the log is read anew. A sign-up that was withdrawn keeps its person's wishes."""
    rig.apply(story.activity(), story.signup("s1"), story.signup("s1", "withdrawn"))
    with transaction(rig.engine) as connection:
        for pid in ("pid-s1", "pid-gone"):
            opt_outs.add(connection, pid, EARLY)
            ways.remember(connection, pid, f"hash of {pid}", "email", "bounced", EARLY)
        erasures.forget_orphans(connection)
        assert opt_outs.among(connection, ["pid-s1", "pid-gone"]) == {"pid-s1"}
    left = contents(rig.engine)
    assert ("pid-s1" in left, "pid-gone" in left) == (True, False)


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
