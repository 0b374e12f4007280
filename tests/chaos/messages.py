"""The messages of a run as notifications tells them, with what its database says about each reminder."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.chaos import stores
from tests.chaos.ledger import Json
from tests.chaos.system import ChaosSystem

_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Messages:
    """Everything of `GET /v1/messages`; `keys` are the facts told, by message, from the database."""

    items: Sequence[Json]
    keys: Mapping[str, str]

    def doubtful(self) -> set[str]:
        """Messages of which an attempt says that nobody knows."""
        return {
            item["id"] for item in self.items if any(attempt["outcome"] == "unknown" for attempt in item["attempts"])
        }


def read_messages(system: ChaosSystem) -> Messages:
    """Over all pages."""
    items = _pages(system)
    keys = stores.rows(system.stores, "notifications", "SELECT id, dedup_key FROM message")
    return Messages(items, {row[0]: row[1] for row in keys})


def _pages(system: ChaosSystem, **filters: str) -> list[Json]:
    found: list[Json] = []
    with system.client("notifications") as client:
        cursor: dict[str, str] = {}
        while True:
            answer = client.get("/v1/messages", params={"limit": "1000", **filters, **cursor})
            answer.raise_for_status()
            page: Any = answer.json()
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}


def settle(system: ChaosSystem, seconds: float) -> list[str]:
    """Wait until what was due when this began, or is tried again soon after, has its end; says what is still open."""
    began, deadline = system.clock(), time.monotonic() + seconds
    while True:
        try:
            open_ones = _open(system, began)
        except httpx.HTTPError as error:
            open_ones = [f"notifications does not answer: {type(error).__name__}"]
        if not open_ones or time.monotonic() > deadline:
            return open_ones
        time.sleep(0.5)


def _open(system: ChaosSystem, began: datetime) -> list[str]:
    items = _pages(system, status="scheduled,sending,retry")
    return [
        f"{item['id']} {item['kind']} {item['status']}"
        for item in items
        if item["status"] == "sending" or datetime.fromisoformat(item["dueAt"]) <= began.astimezone(UTC) + _more(item)
    ]


def _more(item: Json) -> timedelta:
    """The first tries again come soon; later ones may be an hour away."""
    return _AGAIN if item["status"] == "retry" else timedelta()
