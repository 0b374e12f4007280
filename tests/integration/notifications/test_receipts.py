"""What providers say afterwards: before our own commit, twice, reversed, forged, about nobody we know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.notifications.api.receipts import receipt_routes
from services.notifications.domain.outcomes import Sent
from services.notifications.tables import BadAddressRow, ReceiptRow
from services.notifications.usecases.claiming import take_turn
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.settling import settle
from shared.database import reading, table_of
from shared.http.application import create_app
from shared.http.key_routes import key_routes
from shared.http.keys import Keyring
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.sms_server import SmsServer
from tests.integration.notifications.story import START, Story
from tests.servers import ADMIN, ADMIN_KEY, SERVICE_KEY

BOUNCED = {"outcome": "bounced"}
DELIVERED = {"outcome": "delivered"}
BOTH = {"email": "s1@example.org", "phone": "06 12345678"}


@pytest.fixture(name="client")
async def http_client(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    @asynccontextmanager
    async def nothing(_app: FastAPI) -> AsyncIterator[None]:
        yield

    keyring = Keyring(rig.engine, ADMIN_KEY, SERVICE_KEY, rig.clock)
    app = create_app(
        title="test",
        description="test",
        contact=None,
        cors_origins=(),
        routers=(
            receipt_routes(rig.engine, keyring, "example.org", rig.policy, rig.clock),
            key_routes(keyring),
        ),
        checks={},
        lifespan=nothing,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def say(client: httpx.AsyncClient, message_id: str, body: Any, headers: dict[str, str] = ADMIN) -> httpx.Response:
    return await client.post(f"/v1/messages/{message_id}/receipt", json=body, headers=headers)


def notify(row: dict[str, Any], status: str, **more: Any) -> dict[str, Any]:
    """As GOV.UK Notify and NotifyNL call back."""
    return {
        "id": row["transport_ref"],
        "reference": row["id"],
        "to": "+31612345678",
        "status": status,
        "created_at": "2026-10-01T10:00:00.000000Z",
        "completed_at": "2026-10-01T10:00:09.000000Z",
        "sent_at": "2026-10-01T10:00:02.000000Z",
        "notification_type": "sms",
        "template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a",
        "template_version": 1,
        **more,
    }


async def confirmed(rig: Rig, story: Story, contact: dict[str, Any]) -> dict[str, Any]:
    rig.contacts.contacts["pid-s1"] = contact
    rig.apply(story.activity(), story.signup())
    await rig.work()
    return rig.row("confirmation")


def count(rig: Rig, row_class: Any) -> int:
    with reading(rig.engine) as connection:
        return len(connection.execute(table_of(row_class).select()).all())


async def test_f33_a_bounce_moves_the_same_message_on_to_a_text(
    rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    row = await confirmed(rig, story, BOTH)
    assert row["status"] == "sent"
    answer = await say(client, row["id"], BOUNCED)
    assert (answer.status_code, answer.json()["status"]) == (200, "retry")
    adds_up(rig.engine, rig.clock(), rig.policy)
    await rig.work()
    again = rig.row("confirmation")
    assert (again["id"], again["status"], again["channel"]) == (row["id"], "sent", "sms")
    assert (len(mailbox.mails()), len(provider.sent)) == (1, 1)
    assert ("receipt", "bounced", "email") in rig.attempts(row["id"])


async def test_f33_a_bounce_without_another_way_is_a_call(
    rig: Rig, story: Story, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    row = await confirmed(rig, story, {"email": "s1@example.org", "phone": "0546 817000"})
    await say(client, row["id"], BOUNCED)
    await rig.work()
    again = rig.row("confirmation")
    assert (again["status"], again["channel"], again["told_version"]) == ("to-call", "phone", None)
    rig.apply(story.cancelled())
    await rig.work()
    assert (rig.row("cancellation")["status"], len(mailbox.mails())) == ("to-call", 1), "the address was mailed again"


async def test_f33_after_a_bounce_a_corrected_address_works_again(
    rig: Rig, story: Story, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    row = await confirmed(rig, story, BOTH)
    rig.contacts.contacts["pid-s1"] = {"email": "goed@example.org"}
    await say(client, row["id"], BOUNCED)
    rig.apply(story.cancelled())
    await rig.work()
    assert rig.row("cancellation")["status"] == "sent"
    assert mailbox.mails()[-1]["To"].addresses[0].addr_spec == "goed@example.org"


async def test_f33_twice_is_once(rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient) -> None:
    row = await confirmed(rig, story, BOTH)
    for _ in range(3):
        assert (await say(client, row["id"], BOUNCED)).status_code == 200
    await rig.work()
    assert (await say(client, row["id"], BOUNCED)).json()["status"] == "sent", "the text did not bounce"
    await rig.work()
    assert len(provider.sent) == 1
    assert count(rig, BadAddressRow) == 1


async def test_f33_at_the_same_moment_is_once(
    rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient
) -> None:
    row = await confirmed(rig, story, BOTH)
    answers = await asyncio.gather(*(say(client, row["id"], BOUNCED) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    await rig.work()
    assert (len(provider.sent), count(rig, ReceiptRow)) == (1, 1)


@pytest.mark.parametrize("first", [DELIVERED, BOUNCED])
async def test_f33_in_whatever_order_a_bounce_is_never_undone(
    rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient, first: dict[str, Any]
) -> None:
    row = await confirmed(rig, story, BOTH)
    for body in (first, BOUNCED if first is DELIVERED else DELIVERED):
        await say(client, row["id"], body)
    assert rig.row("confirmation")["status"] == "retry"
    await rig.work()
    assert (rig.row("confirmation")["channel"], len(provider.sent)) == ("sms", 1)


@pytest.mark.parametrize(("body", "found"), [(BOUNCED, ("retry", "sms")), (DELIVERED, ("sent", "email"))])
async def test_f33_a_receipt_before_our_own_commit_is_kept_and_matched(
    rig: Rig, story: Story, client: httpx.AsyncClient, body: dict[str, Any], found: tuple[str, str]
) -> None:
    rig.apply(story.activity(), story.signup())
    [assignment] = take_turn(rig.engine, rig.clock(), 4, rig.policy, lambda _id: None).assignments
    assert last_look(rig.engine, assignment, rig.clock(), rig.policy)
    assert (await say(client, assignment.message.id, body)).json()["status"] == "sending"
    assert settle(rig.engine, assignment, Sent(), rig.clock(), rig.policy)
    row = rig.row("confirmation")
    assert (row["status"], row["channel"]) == found


async def test_f33_a_delivery_ends_the_doubt_and_there_is_no_second_copy(
    rig: Rig, story: Story, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await confirmed(rig, story, {"email": "s1@example.org"})
    rig.apply(story.cancelled())
    [assignment] = take_turn(rig.engine, rig.clock(), 4, rig.policy, lambda _id: None).assignments
    assert last_look(rig.engine, assignment, rig.clock(), rig.policy)
    rig.later(minutes=3)
    take_turn(rig.engine, rig.clock(), 0, rig.policy, lambda _id: None)
    assert rig.row("cancellation")["status"] == "unknown"
    await say(client, assignment.message.id, DELIVERED)
    await rig.later(hours=1).work()
    row = rig.row("cancellation")
    assert (row["status"], row["doubts"], len(mailbox.mails())) == ("sent", 1, 1)


async def test_f33_a_bounce_when_it_is_too_late_to_send_is_a_call_while_there_is_time(
    rig: Rig, story: Story, client: httpx.AsyncClient
) -> None:
    await confirmed(rig, story, BOTH)
    await rig.at(START - timedelta(hours=23)).work()
    row = rig.row("reminder")
    rig.at(START - timedelta(hours=1))
    assert (await say(client, row["id"], BOUNCED)).json()["status"] == "failed"
    again = rig.row("reminder")
    assert (again["call_since"], again["call_reason"]) == (rig.clock(), "bounced")
    rig.at(START + timedelta(minutes=1))
    assert (await say(client, rig.row("confirmation")["id"], BOUNCED)).json()["status"] == "failed"
    assert rig.row("confirmation")["call_since"] is None


async def test_f33_forged_is_refused_and_leaves_nothing(rig: Rig, story: Story, client: httpx.AsyncClient) -> None:
    row = await confirmed(rig, story, BOTH)
    made = await client.post("/v1/keys", json={"label": "r", "scopes": ["messages:read"]}, headers=ADMIN)
    other = {"label": "x", "scopes": ["messages:write"], "partnerId": "scoop"}
    elsewhere = await client.post("/v1/keys", json=other, headers=ADMIN)
    keys = ("", "Bearer nonsense", f"Bearer {made.json()['key']}", f"Bearer {elsewhere.json()['key']}")
    answers = [await say(client, row["id"], BOUNCED, {"Authorization": key} if key else {}) for key in keys]
    assert [answer.status_code for answer in answers] == [401, 401, 403, 403]
    assert (rig.row("confirmation")["status"], count(rig, ReceiptRow)) == ("sent", 0)


@pytest.mark.parametrize("message_id", ["unknown", "%2e%2e", "a" * 300, "-"])
async def test_f33_about_nothing_we_know_is_not_found(rig: Rig, client: httpx.AsyncClient, message_id: str) -> None:
    body = {**notify({"transport_ref": "x", "id": "unknown"}, "delivered")} if message_id == "-" else BOUNCED
    answer = await say(client, message_id, body)
    assert (answer.status_code, count(rig, ReceiptRow)) == (404, 0)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("delivered", ("sent", "sms", None)),
        ("sent", ("sent", "sms", None)),
        ("permanent-failure", ("to-call", "phone", "bounced")),
        ("temporary-failure", ("to-call", "phone", "undelivered")),
        ("technical-failure", ("to-call", "phone", "undelivered")),
        ("invented-tomorrow", ("sent", "sms", None)),
    ],
)
async def test_f33_the_provider_s_own_words_are_understood(
    rig: Rig,
    story: Story,
    provider: SmsServer,
    client: httpx.AsyncClient,
    status: str,
    found: tuple[str, str, str | None],
) -> None:
    row = await confirmed(rig, story, {"phone": "06 12345678"})
    answer = await say(client, "-", notify(row, status, invented="tomorrow"))
    assert (answer.status_code, answer.json()["id"]) == (200, row["id"])
    assert "31612345678" not in answer.text
    await rig.work()
    again = rig.row("confirmation")
    assert (again["status"], again["channel"]) == found[:2]
    assert found[2] is None or ("receipt", found[2], "sms") in rig.attempts(row["id"])
    assert len(provider.sent) == 1


async def test_f33_a_receipt_about_an_earlier_text_changes_nothing(
    rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient
) -> None:
    row = await confirmed(rig, story, {"phone": "06 12345678"})
    await say(client, "-", notify(row, "permanent-failure", id="another-copy"))
    assert rig.row("confirmation")["status"] == "sent"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"outcome": "bounced", "status": "delivered"}, ""),
        ({"outcome": "complained"}, "/outcome"),
        ({"outcome": "bounced", "channel": "fax"}, "/channel"),
        ({"outcome": "bounced", "at": "gisteren"}, "/at"),
        ({"outcome": "bounced", "at": 5}, "/at"),
        ({"outcome": "bounced", "at": "0001-01-01T00:00:00+14:00"}, "/at"),
    ],
)
async def test_what_is_no_receipt_is_refused_with_the_place(
    rig: Rig, story: Story, client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    row = await confirmed(rig, story, BOTH)
    answer = await say(client, row["id"], body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


async def test_f33_what_is_told_by_another_message_meanwhile_is_not_told_again(
    rig: Rig, story: Story, provider: SmsServer, client: httpx.AsyncClient
) -> None:
    row = await confirmed(rig, story, BOTH)
    rig.apply(story.cancelled())
    await rig.work()
    await say(client, row["id"], BOUNCED)
    await rig.work()
    assert rig.row("confirmation")["status"] == "cancelled"
    assert provider.sent == []
