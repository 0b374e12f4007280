"""`/v1/dead-letters` over HTTP, as both consumers offer it."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.clock import utc_now
from shared.database import transaction
from shared.http.key_table import key_metadata
from shared.http.keys import Keyring
from shared.http.problems import install_problem_handlers
from shared.messaging.cloud_event_format import Entry
from shared.operators.dead_letter_routes import dead_letter_routes
from tests.integration.shared.desk import Desk
from tests.integration.shared.rig import garbage
from tests.servers import ADMIN, ADMIN_KEY, SERVICE_KEY


@dataclass
class Operator:
    """Speaks HTTP to the routes; `told` counts commits that others wait for."""

    http: httpx.AsyncClient
    told: list[str] = field(default_factory=list)

    async def ask(self, method: str, path: str = "", *, status: int = 200, **options: Any) -> Any:
        answer = await self.http.request(method, f"/v1/dead-letters{path}", **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
async def operator(desk: Desk) -> AsyncIterator[Operator]:
    told: list[str] = []
    with transaction(desk.consumer.engine) as connection:
        key_metadata.create_all(connection)
    keyring = Keyring(desk.consumer.engine, ADMIN_KEY, SERVICE_KEY, utc_now)
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(dead_letter_routes(desk.box, keyring, lambda: told.append("commit")))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=ADMIN) as client:
        yield Operator(client, told)


async def test_letters_are_listed_shown_tried_and_dropped(desk: Desk, operator: Operator) -> None:
    desk.take(Entry("900-7", garbage()))
    listed = await operator.ask("GET")
    assert listed["next"] is None
    (item,) = listed["items"]
    assert set(item) == {"id", "streamId", "type", "reason", "attempts", "at"}
    path = f"/{item['id']}"
    assert base64.b64decode((await operator.ask("GET", path))["body"]) == garbage()
    kept = await operator.ask("POST", f"{path}/retry")
    assert (kept["id"], kept["outcome"]) == (item["id"], "kept")
    assert "foreign" in kept["reason"]
    await operator.ask("DELETE", path, status=204)
    await operator.ask("DELETE", path, status=404)


async def test_the_list_has_pages(desk: Desk, operator: Operator) -> None:
    desk.take(*(Entry(f"900-{n}", garbage()) for n in range(1, 6)))
    first = await operator.ask("GET", params={"limit": 2})
    second = await operator.ask("GET", params={"limit": 2, "cursor": first["next"]})
    third = await operator.ask("GET", params={"limit": 2, "cursor": second["next"]})
    found = [item["streamId"] for page in (first, second, third) for item in page["items"]]
    assert found == [f"900-{n}" for n in range(1, 6)]
    assert third["next"] is None


async def test_a_cursor_that_is_none_of_ours_is_400(operator: Operator) -> None:
    for cursor in ("x", "WzFd1", "WyJhIl0", "Wy0xXQ", "WzFlOTk5XQ"):
        await operator.ask("GET", status=400, params={"cursor": cursor})


async def test_an_unknown_letter_is_404(operator: Operator) -> None:
    await operator.ask("GET", "/7", status=404)
    await operator.ask("POST", "/7/retry", status=404)


async def test_only_an_admin_may(operator: Operator) -> None:
    for method, path in (("GET", ""), ("GET", "/1"), ("POST", "/1/retry"), ("DELETE", "/1")):
        await operator.ask(method, path, status=401, headers={"Authorization": "Bearer no"})
        await operator.ask(method, path, status=403, headers={"Authorization": f"Bearer {SERVICE_KEY}"})


async def test_whoever_waits_for_effects_hears_of_a_retry_that_had_one(desk: Desk, operator: Operator) -> None:
    letter = desk.give_up(1)
    became = await operator.ask("POST", f"/{letter}/retry")
    assert became == {"id": letter, "outcome": "applied", "reason": None}
    assert operator.told == ["commit"]
