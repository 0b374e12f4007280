"""`GET /v1/statistics/stream` of a real server: when figures move, for whom, how many at once, and how it ends."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from shared.database import connect
from tests.databases import DatabaseUrl
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story
from tests.servers import ADMIN, System, eventually

PATH = "/v1/statistics/stream"
PLACES = 2


@dataclass
class Server:
    """A process of reporting, and its database, in which the test applies events itself."""

    system: System
    story: Story = field(default_factory=Story)

    def happen(self, times: int) -> int:
        """So many events more, one after another; returns the last one's sequence."""
        engine = connect(self.system.database("reporting"))
        for _ in range(times):
            self.story.partner("avedan")
            Ledger(engine).take(self.story.events[-1:])
        engine.dispose()
        return len(self.story.events)

    def key(self, *scopes: str) -> tuple[str, dict[str, str]]:
        """A new key: its id, and the header."""
        body = {"label": "test", "scopes": scopes, "partnerId": None}
        made = httpx.post(f"{self.system.url('reporting')}/v1/keys", json=body, headers=ADMIN).json()
        return made["keyId"], {"Authorization": f"Bearer {made['key']}"}


class Listener:
    """Somebody who listens in a thread; `heard`: when, and which sequence. Ends with the answer."""

    def __init__(self, server: Server, headers: dict[str, str]) -> None:
        self.heard: list[tuple[float, int]] = []
        self.status = 0
        self._url, self._headers = f"{server.system.url('reporting')}{PATH}", headers
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with httpx.stream("GET", self._url, headers=self._headers, timeout=60) as answer:
            self.status = answer.status_code
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Accel-Buffering"] == "no"
            kind = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                kind = value if name == "event" else kind
                if name == "data":
                    assert kind == "figures"
                    self.heard.append((time.monotonic(), json.loads(value)["sequence"]))

    def hears(self, sequence: int) -> None:
        eventually(lambda: sequence in [found for _, found in self.heard], what=f"it hears of {sequence}")

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()


@pytest.fixture(name="server")
def server_of_reporting(tmp_path: Path, redis_url: str, database_url: DatabaseUrl) -> Iterator[Server]:
    databases = {"reporting": database_url("reporting")}
    system = System(tmp_path, redis_url, {"REPORTING_LIVE_CONNECTIONS": str(PLACES)}, databases=databases)
    try:
        yield Server(system.start("reporting"))
    finally:
        system.stop()


def test_who_may_hears_at_once_and_when_figures_move_until_the_key_or_the_server_goes(server: Server) -> None:
    url = f"{server.system.url('reporting')}{PATH}"
    _, other = server.key("messages:read")
    statuses = [httpx.get(f"{url}?odd=1", headers=headers).status_code for headers in ({}, other, ADMIN)]
    assert statuses == [401, 403, 400]
    _places_come_free_when_somebody_leaves(url)

    key_id, mine = server.key("statistics:read")
    began = time.monotonic()
    partner, operator = Listener(server, mine), Listener(server, ADMIN)
    for one in (partner, operator):
        one.hears(0)
    full = httpx.get(url, headers=mine)
    assert (full.status_code, full.json()["code"]) == (503, "lock-timeout")
    assert int(full.headers["Retry-After"]) > 0

    last = server.happen(25)
    for one in (partner, operator):
        one.hears(last)
        assert len(one.heard) <= time.monotonic() - began + 1, "at most one a second"
        assert [sequence for _, sequence in one.heard] == sorted({sequence for _, sequence in one.heard})

    assert httpx.delete(f"{server.system.url('reporting')}/v1/keys/{key_id}", headers=ADMIN).status_code == 204
    eventually(lambda: partner.ended, 10, "the stream ends with its key")
    operator.hears(server.happen(1))
    assert partner.heard[-1][1] == last
    _stops_while_somebody_watches(server, operator)


def _places_come_free_when_somebody_leaves(url: str) -> None:
    with httpx.Client(headers=ADMIN, timeout=20) as client:
        head = client.head(url)
        assert (head.status_code, head.content) == (200, b"")
        for _ in range(PLACES + 1):
            with client.stream("GET", url) as answer:
                assert next(answer.iter_lines()) == "event: figures"
            eventually(lambda: _all_free(client, url), what="all places are free")


def _all_free(client: httpx.Client, url: str) -> bool:
    with ExitStack() as open_ones:
        answers = [open_ones.enter_context(client.stream("GET", url)) for _ in range(PLACES)]
        return {answer.status_code for answer in answers} == {200}


def _stops_while_somebody_watches(server: Server, operator: Listener) -> None:
    assert not operator.ended
    began = time.monotonic()
    server.system.stop()
    assert time.monotonic() - began < 10, "after 20 s it would have been killed"
    eventually(lambda: operator.ended, 5, "the answer ends in order")
