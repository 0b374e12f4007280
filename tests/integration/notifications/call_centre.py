"""The lists as coordinators meet them: the routes over a rig's database, and a write door that takes withdrawals."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI

from services.notifications.api.completeness import completeness_routes
from services.notifications.api.lists import ListDesk, list_routes
from services.notifications.api.messages import message_routes
from services.notifications.api.outcomes import outcome_routes
from services.notifications.contacts import ContactClient
from services.notifications.usecases.calling import CallDesk
from services.notifications.withdrawals import WithdrawalClient
from shared.http.application import create_app
from shared.http.key_routes import key_routes
from shared.http.keys import Keyring
from tests.http_double import Answer, HttpDouble, Request, as_json
from tests.integration.notifications.rig import Rig
from tests.servers import ADMIN, ADMIN_KEY, SERVICE_KEY

Json = dict[str, Any]


@dataclass
class WriteDoor(HttpDouble):
    """Answers a batch as registration does: `duplicate` for an id that it has seen. `away`: 503."""

    away: bool = False
    taken: list[Json] = field(default_factory=list)
    posts: int = 0

    def respond(self, request: Request) -> Answer:
        return as_json(*self.answer(request.path, request.headers["Authorization"], request.json()))

    def answer(self, path: str, key: str, events: list[Json]) -> tuple[int, Any]:
        self.posts += 1
        if self.away:
            return 503, {"status": 503}
        assert (path, key) == ("/v1/events", f"Bearer {SERVICE_KEY}")
        known = {event["id"] for event in self.taken}
        self.taken += [event for event in events if event["id"] not in known]
        outcomes = ["duplicate" if event["id"] in known else "accepted" for event in events]
        return 200, {"results": [{"outcome": outcome, "problem": None} for outcome in outcomes]}


@dataclass
class Centre:
    """A coordinator with the operator's key, unless another is given."""

    rig: Rig
    door: WriteDoor
    http: httpx.AsyncClient

    async def items(self, path: str = "/v1/call-list", headers: Json = ADMIN, **params: Any) -> list[Json]:
        """The items of a list, of the day that the rig's clock says."""
        answer = await self.http.get(path, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["items"]
        return found

    async def report(self, item: Json, outcome: str, headers: Json = ADMIN, **more: Any) -> httpx.Response:
        """The outcome of a call."""
        body = {"outcome": outcome, **more}
        return await self.http.post(f"/v1/messages/{item['messageId']}/outcome", json=body, headers=headers)

    async def key(self, partner: str | None, *scopes: str) -> Json:
        """A key's header."""
        body = {"label": "test", "scopes": list(scopes), **({"partnerId": partner} if partner else {})}
        answer = await self.http.post("/v1/keys", json=body, headers=ADMIN)
        return {"Authorization": f"Bearer {answer.json()['key']}"}


@asynccontextmanager
async def opened(rig: Rig) -> AsyncIterator[Centre]:
    """The routes, served in this process over the rig's database and contact server."""

    @asynccontextmanager
    async def nothing(_app: FastAPI) -> AsyncIterator[None]:
        yield

    def clock() -> datetime:
        return rig.clock()

    with WriteDoor() as door:
        contacts, withdrawals = ContactClient(rig.contacts.url, SERVICE_KEY), WithdrawalClient(door.url, SERVICE_KEY)
        keyring = Keyring(rig.engine, ADMIN_KEY, SERVICE_KEY, clock)
        app = create_app(
            title="test",
            description="test",
            contact=None,
            cors_origins=(),
            routers=(
                list_routes(ListDesk(rig.engine, rig.policy, clock, contacts, "Stichting Test"), keyring),
                outcome_routes(CallDesk(rig.engine, rig.policy, clock, withdrawals), keyring, "example.org"),
                completeness_routes(rig.engine, keyring, rig.policy, clock),
                message_routes(rig.engine, keyring, "example.org"),
                key_routes(keyring),
            ),
            checks={},
            lifespan=nothing,
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            yield Centre(rig, door, client)
        await contacts.close()
        await withdrawals.close()
