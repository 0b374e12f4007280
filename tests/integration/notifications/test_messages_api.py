"""`GET /v1/messages` as operators and partners meet it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from services.notifications.api.messages import message_routes
from shared.clock import utc_now
from shared.http.application import create_app
from shared.http.key_routes import key_routes
from shared.http.keys import Keyring
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.servers import ADMIN, ADMIN_KEY, SERVICE_KEY

MEMBERS = {
    "id",
    "kind",
    "signup",
    "activity",
    "channel",
    "status",
    "reason",
    "dueAt",
    "sentAt",
    "messageId",
    "attempts",
}


@pytest.fixture(name="client")
async def http_client(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:

    @asynccontextmanager
    async def nothing(_app: FastAPI) -> AsyncIterator[None]:
        yield

    keyring = Keyring(engine, ADMIN_KEY, SERVICE_KEY, utc_now)
    app = create_app(
        title="test",
        description="test",
        contact=None,
        cors_origins=(),
        routers=(message_routes(engine, keyring, "example.org"), key_routes(keyring)),
        checks={},
        lifespan=nothing,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def ask(client: httpx.AsyncClient, headers: dict[str, str] = ADMIN, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/messages", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def partner_key(client: httpx.AsyncClient, partner: str | None, scope: str = "messages:read") -> dict[str, str]:
    body = {"label": "test", "scopes": [scope], **({"partnerId": partner} if partner else {})}
    return {"Authorization": f"Bearer {(await client.post('/v1/keys', json=body, headers=ADMIN)).json()['key']}"}


async def test_a_message_is_shown_with_what_happened_to_it(client: httpx.AsyncClient, rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), story.signup())
    await rig.work()
    [sent] = await ask(client, kind="confirmation")
    assert set(sent) >= MEMBERS
    assert sent["messageId"] == f"<{sent['id']}@example.org>"
    assert (sent["signup"], sent["activity"]) == ("avedan/s1", "avedan/bingo-1")
    assert (sent["status"], sent["sentAt"]) == ("sent", "2026-10-01T10:00:00Z")
    assert sent["attempts"] == [
        {"at": "2026-10-01T10:00:00Z", "phase": "mailbox", "outcome": "sent", "detail": None},
    ]


async def test_messages_can_be_asked_for_by_signup_activity_status_and_kind(
    client: httpx.AsyncClient, rig: Rig, story: Story
) -> None:
    rig.apply(story.activity(), story.signup("s1"), story.signup("s2", "waitlisted"))
    assert {item["kind"] for item in await ask(client, signup="avedan/s2")} == {"waiting-list"}
    assert len(await ask(client, activity="avedan/bingo-1")) == 3
    assert await ask(client, activity="avedan/other") == []
    assert len(await ask(client, status="scheduled,sent")) == 3
    assert len(await ask(client, kind="reminder,confirmation")) == 2
    assert await ask(client, signup="avedan/s1", kind="waiting-list") == []


async def test_pages_follow_one_another_without_gap_or_repetition(
    client: httpx.AsyncClient, rig: Rig, story: Story
) -> None:
    rig.apply(story.activity(), *(story.signup(f"s{number}") for number in range(5)))
    found: list[str] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        answer = (await client.get("/v1/messages", params=params, headers=ADMIN)).json()
        found += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            break
        params["cursor"] = answer["next"]
    assert len(found) == len(set(found)) == 10


async def test_all_wrong_values_and_unknown_parameters_are_named(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/messages", params={"status": "gone", "kind": "gossip"}, headers=ADMIN)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["status", "kind"]
    assert "volunteer-shift" in answer.json()["errors"][1]["detail"]
    assert (await client.get("/v1/messages", params={"singup": "a/b"}, headers=ADMIN)).status_code == 400
    assert (await client.get("/v1/messages", params={"cursor": "bm9uZQ"}, headers=ADMIN)).status_code == 400
    assert (await client.get("/v1/messages", params={"signup": "bare"}, headers=ADMIN)).status_code == 400


async def test_a_key_is_needed_and_the_right_one(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/messages")).status_code == 401
    wrong = await partner_key(client, "avedan", "events:write")
    assert (await client.get("/v1/messages", headers=wrong)).status_code == 403


async def test_a_partner_sees_its_own_and_may_leave_its_name_out(
    client: httpx.AsyncClient, rig: Rig, story: Story
) -> None:
    rig.apply(story.activity(), story.signup())
    own, other, everybody = (
        await partner_key(client, "avedan"),
        await partner_key(client, "avedanx"),
        await partner_key(client, None),
    )
    assert len(await ask(client, own)) == 2
    assert len(await ask(client, own, signup="s1")) == 2
    assert await ask(client, other) == []
    assert (await client.get("/v1/messages", params={"signup": "avedan/s1"}, headers=other)).status_code == 403
    assert len(await ask(client, everybody)) == 2


async def test_one_query_tells_why_somebody_got_no_reminder(client: httpx.AsyncClient, rig: Rig, story: Story) -> None:
    """She signed up when the others had been reminded already; there is a row that says so."""
    rig.at(START - timedelta(hours=3))
    rig.apply(story.activity(), story.signup(at=START - timedelta(hours=3)))
    await rig.work()
    found = {item["kind"]: item for item in await ask(client, signup="avedan/s1")}
    assert (found["reminder"]["status"], found["reminder"]["reason"]) == ("cancelled", "after-the-moment")
    assert found["reminder"]["explanation"]["nl"].startswith("Niet gepland. De aanmelding")
    assert found["confirmation"]["explanation"]["nl"].startswith("Verstuurd per e-mail op zondag 25 oktober")
