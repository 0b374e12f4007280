"""The three services as processes with something in them: a story, a quoted figure, a publication, a dead letter."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from services.notifications.tables import MessageRow
from services.registration.schemas.event_examples import STORY
from shared.clock import utc_now
from shared.database import connect, table_of, transaction
from shared.messaging.cloud_event_format import Entry
from shared.messaging.dead_letters import keep, unreadable
from tests.servers import ADMIN, SERVICE_KEY, FirstWords, System

PARTNER = "avedan"
TAKEN_BACK = ("signup-withdrawn", "activity-cancelled", "participant-erased")
"""What the seeded story leaves out, so that there is something to look at."""
LETTERS = 9
SERVICES = ("registration", "notifications", "reporting")


@dataclass
class Seeded:
    """Three running services. `known` are ids that only running services can tell."""

    system: System
    known: dict[str, str] = field(default_factory=dict)

    def http(self, service: str, **headers: str) -> httpx.Client:
        """A client without a key unless one is given."""
        return httpx.Client(base_url=self.system.url(service), headers=headers, timeout=60, transport=FirstWords())

    def admin(self, service: str) -> httpx.Client:
        """The operator's client."""
        return self.http(service, **ADMIN)


def seed(system: System) -> Seeded:
    """Fill services that are empty, and wait until every consumer has heard of it."""
    seeded = Seeded(system)
    with seeded.admin("registration") as http:
        partner = {"name": "Avedan", "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01"}
        assert http.put(f"/v1/partners/{PARTNER}", json=partner).status_code == 200
        for name, event in STORY.items():
            if name not in TAKEN_BACK:
                _post(http, event)
        contact = {"Authorization": f"Bearer {SERVICE_KEY}"}
        items = http.get("/v1/log", headers=contact).json()["items"]
        pids = {item["data"]["pid"] for item in items if "pid" in item["data"]}
        seeded.known["pid"] = sorted(pids)[0]
    with seeded.admin("reporting") as http:
        figure = {"label": {"nl": "Matig", "en": "Moderate"}, "value": 35, "unit": "percent", "year": 2023}
        figure |= {"source": "GGD", "instrument": "Vragenlijst"}
        assert http.put("/v1/external-figures/ggd-2023-matig", json=figure).status_code == 200
    system.settled(90)
    with seeded.admin("reporting") as http:
        published = http.post("/v1/publications", json={"period": "2025"})
        assert published.status_code == 201, published.text
        seeded.known["publication of reporting"] = published.json()["id"]
    _dead_letters(seeded)
    _messages(seeded)
    return seeded


def _post(http: httpx.Client, event: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = http.post("/v1/events", json={**event, "partnerid": PARTNER}, headers=headers)
    assert answer.status_code == 201, answer.text


def _dead_letters(seeded: Seeded) -> None:
    """Letters as the reader of the stream keeps them (several: the tester deletes some), and a rebuild."""
    for service in ("notifications", "reporting"):
        engine = connect(seeded.system.database(service))
        with transaction(engine) as connection:
            entries = [Entry(f"{10**12 + number}-0", b"x") for number in range(LETTERS)]
            keep(connection, [unreadable(entry, "no JSON", utc_now(), passed=False) for entry in entries])
        engine.dispose()
        with seeded.admin(service) as http:
            letters: list[Any] = http.get("/v1/dead-letters").json()["items"]
            seeded.known[f"letter of {service}"] = str(letters[-1]["id"])
            seeded.known[f"spare letter of {service}"] = str(letters[0]["id"])
            begun = http.post("/v1/rebuilds", json={"replace": False})
            assert begun.status_code == 202, begun.text
            seeded.known[f"rebuild of {service}"] = begun.json()["id"]


def _messages(seeded: Seeded) -> None:
    """One that was sent, and one that somebody has to tell by telephone."""
    now = utc_now()
    planned = {"partner_id": PARTNER, "activity": f"{PARTNER}/seeded", "signup": f"{PARTNER}/seeded", "pid": "seeded"}
    times = {name: now + timedelta(days=9) for name in ("moment_at", "due_at", "not_after")}
    row = {**planned, **times, "kind": "confirmation", "subject_version": 1, "lane": 4, "created_at": now}
    engine, table = connect(seeded.system.database("notifications")), table_of(MessageRow)
    with transaction(engine) as connection:
        sent = {"id": "seeded-sent", "dedup_key": "seeded:1", "channel": "email", "status": "sent", "sent_at": now}
        call = {
            "id": "seeded-call",
            "dedup_key": "seeded:2",
            "channel": "phone",
            "status": "to-call",
            "call_since": now,
        }
        connection.execute(table.insert().values({**row, **sent, "told_version": 1}))
        connection.execute(table.insert().values({**row, **call, "reason": "no-address", "call_reason": "no-address"}))
    engine.dispose()
    seeded.known |= {"message of notifications": "seeded-sent", "call of notifications": "seeded-call"}
