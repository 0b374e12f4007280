"""The three services as processes with something in them: a partner, its story, a quoted figure, a dead letter."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import redis

from services.registration.schemas.event_examples import STORY
from shared.events.streams import FIELD, STREAM
from tests.servers import ADMIN, SERVICE_KEY, System, eventually

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
        return httpx.Client(base_url=self.system.url(service), headers=headers, timeout=60)

    def admin(self, service: str) -> httpx.Client:
        """The operator's client."""
        return self.http(service, **ADMIN)


def seed(system: System, redis_url: str) -> Seeded:
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
    system.settled()
    _dead_letters(seeded, redis_url)
    return seeded


def _post(http: httpx.Client, event: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = http.post("/v1/events", json={**event, "partnerid": PARTNER}, headers=headers)
    assert answer.status_code == 201, answer.text


def _dead_letters(seeded: Seeded, redis_url: str) -> None:
    """Foreign entries on the stream (several: the tester deletes some), and a rebuild, in both consumers."""
    with redis.Redis.from_url(redis_url) as client:
        for _ in range(LETTERS):
            client.xadd(STREAM, {FIELD: "x"})
    for service in ("notifications", "reporting"):
        with seeded.admin(service) as http:
            letters: list[Any] = eventually(lambda h=http: _letters(h), 30, service)  # type: ignore[misc]  # a default
            seeded.known[f"letter of {service}"] = str(letters[-1]["id"])
            seeded.known[f"spare letter of {service}"] = str(letters[0]["id"])
            begun = http.post("/v1/rebuilds", json={"replace": False})
            assert begun.status_code == 202, begun.text
            seeded.known[f"rebuild of {service}"] = begun.json()["id"]


def _letters(http: httpx.Client) -> list[Any]:
    """All of them, once all have come."""
    found: list[Any] = http.get("/v1/dead-letters").json()["items"]
    return found if len(found) >= LETTERS else []
