"""Registration as a partner meets it: the real application on a real database, and a look into its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select, text

from services.registration.app import build
from services.registration.settings import Settings
from services.registration.tables import metadata
from shared.database import connect, reading, transaction
from tests.factories import NOW, PARTNER, Json
from tests.integration.registration.on_loop import client_of
from tests.servers import ADMIN, ADMIN_KEY, PERSON_KEY, SERVICE_KEY

NO_REDIS = "redis://127.0.0.1:1/0"
"""A port where nobody listens: the write door must not need Redis."""
SERVICE = {"Authorization": f"Bearer {SERVICE_KEY}"}
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
MUNICIPALITY = "GM0141"
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is about SQLite's files, or has nothing to do with the kind of database and is asked in many variants."""


@dataclass
class MovingClock:
    """Stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime.fromisoformat(NOW))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def settings(folder: Path, redis_url: str = NO_REDIS, database_url: str | None = None) -> Settings:
    """As `komerbij run` would give them; without an address on a SQLite database in `folder`."""
    return Settings.model_validate(
        {
            "admin_key": ADMIN_KEY,
            "service_key": SERVICE_KEY,
            "person_key": PERSON_KEY,
            "redis_url": redis_url,
            "data": folder,
            "database_url_given": database_url or f"sqlite:///{folder / 'registration.db'}",
        }
    )


@dataclass
class Registration:
    """A running service. `key` are the headers of the partner who speaks unless a test says otherwise."""

    http: httpx.Client
    engine: Engine
    clock: MovingClock
    key: dict[str, str] = field(default_factory=dict)

    def key_for(self, partner_id: str | None, *scopes: str) -> dict[str, str]:
        """Headers with a new key."""
        body = {"label": "test", "scopes": list(scopes or ("events:write",)), "partnerId": partner_id}
        answer = self.http.post("/v1/keys", json=body, headers=ADMIN)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['key']}"}

    def post(self, event: Any, key: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
        """One structured event."""
        headers = {**(self.key if key is None else key), "Content-Type": SINGLE}
        return self.http.post("/v1/events", json=event, headers=headers, params=parameters)

    def post_batch(self, events: list[Any], key: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
        """A batch."""
        headers = {**(self.key if key is None else key), "Content-Type": BATCH}
        return self.http.post("/v1/events", json=events, headers=headers, params=parameters)

    def tell(self, *events: Json, key: dict[str, str] | None = None) -> list[Json]:
        """Post a batch that is expected to be taken as a whole; the results."""
        results = self.results(*events, key=key)
        refused = [result["problem"] for result in results if result["outcome"] not in ("accepted", "duplicate")]
        assert refused == []
        return results

    def results(self, *events: Any, key: dict[str, str] | None = None) -> list[Json]:
        """Post a batch; the results, whatever they are."""
        answer = self.post_batch(list(events), key)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["results"]
        return found

    def code(self, event: Any, key: dict[str, str] | None = None) -> str | None:
        """The problem code with which a single event is refused; None if it is taken."""
        code: str | None = self.post(event, key).json().get("code")
        return code

    def log(self, after: int = 0) -> list[Json]:
        """The event log as our own services read it."""
        answer = self.http.get("/v1/log", params={"after": after}, headers=SERVICE)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    def told(self, name: str) -> list[Json]:
        """The data of every event of a type, in log order."""
        return [item["data"] for item in self.log() if item["type"] == f"nl.meedoen.{name}.v1"]

    def names(self, after: int = 0) -> list[str]:
        """The short names of the events of the log."""
        return [item["type"].split(".")[2] for item in self.log(after)]

    def activity(self, activity_id: str = "bingo-1", partner_id: str = PARTNER) -> Json:
        """What everybody can see of an activity."""
        answer = self.http.get(f"/v1/activities/{partner_id}/{activity_id}")
        assert answer.status_code == 200, answer.text
        shown: Json = answer.json()
        return shown

    def contact(self, pid: str, partner_id: str = PARTNER) -> Json | None:
        """The contact data that one partner gave about one person."""
        body = {"contacts": [{"partnerId": partner_id, "pid": pid}]}
        answer = self.http.post("/v1/contacts/lookup", json=body, headers=SERVICE)
        assert answer.status_code == 200, answer.text
        found: Json | None = answer.json()["items"][0]["contact"]
        return found

    def rows(self, table: str) -> list[Json]:
        """Everything in a table, in the order of its key."""
        found = metadata.tables[table]
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(select(found).order_by(*found.primary_key)).mappings()]

    def everything(self) -> dict[str, list[Json]]:
        """Every table of the service; when a key was last used is no news."""
        return {name: self.rows(name) for name in metadata.tables if name != "access_key"}

    def statuses(self) -> dict[str, str]:
        """Sign-up reference -> status."""
        return {row["ref"]: row["status"] for row in self.rows("signup")}

    def execute(self, statement: str) -> None:
        """Do to the database what no program of ours does."""
        with transaction(self.engine) as connection:
            connection.execute(text(statement))


@contextmanager
def served(app: FastAPI, database_url: str, clock: MovingClock) -> Iterator[Registration]:
    """The application with its tasks, and partner `avedan` with a key at its door."""
    engine = connect(database_url)
    with client_of(app) as http:
        running = Registration(http, engine, clock)
        partner = {"name": "Avedan", "kind": "partner", "municipality": MUNICIPALITY, "joinedOn": "2019-05-01"}
        assert http.put(f"/v1/partners/{PARTNER}", json=partner, headers=ADMIN).status_code == 200
        running.key = running.key_for(PARTNER)
        yield running
    engine.dispose()


@contextmanager
def running_registration(
    folder: Path, redis_url: str = NO_REDIS, database_url: str | None = None
) -> Iterator[Registration]:
    """The service for the length of a block."""
    clock = MovingClock()
    given = settings(folder, redis_url, database_url)
    with served(build(given, clock), given.database_url, clock) as running:
        yield running
