"""From the write door to the stream: the whole service on a real Redis, which may come later."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis

from shared.events.envelope import read_event
from shared.events.streams import FIELD, STREAM
from tests.factories import activity, signup
from tests.integration.registration.running import Registration, running_registration
from tests.servers import RedisServer, free_port


def within(seconds: float, look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "not seen in time"
        time.sleep(0.01)


def on_stream(client: "redis.Redis") -> list[bytes]:
    entries: Any = client.xrange(STREAM)
    return [fields[FIELD.encode()] for _, fields in entries]


def in_log(registration: Registration) -> list[bytes]:
    """The log as it is answered over HTTP, with `sequence` as the stream has it."""
    return [orjson.dumps({**item, "sequence": str(item["sequence"])}) for item in registration.log()]


def test_what_is_accepted_is_on_the_stream_as_the_log_shows_it(tmp_path: Path, redis_url: str) -> None:
    with running_registration(tmp_path, redis_url) as registration, redis.Redis.from_url(redis_url) as client:
        registration.tell({**activity(capacity=1), "place": "Enschedé 100%"}, signup("s1"), signup("s2"))
        within(10, lambda: len(on_stream(client)) == 4)
        assert on_stream(client) == in_log(registration)
        assert [read_event(body).sequence for body in on_stream(client)] == [1, 2, 3, 4]
        within(10, lambda: registration.http.get("/health/ready").json()["status"] == "ok")


@pytest.mark.parametrize("empty", [True, False])
def test_while_redis_is_away_the_door_works_and_all_arrives_when_it_is_back(tmp_path: Path, empty: bool) -> None:
    server = RedisServer(tmp_path / "redis", free_port())
    if not empty:
        server.start()
    try:
        with running_registration(tmp_path, server.url) as registration:
            registration.tell(activity())
            if not empty:
                with server.client() as client:
                    within(10, lambda: len(on_stream(client)) == 2)
                server.kill()
            assert [registration.post(signup(f"s{number}")).status_code for number in range(5)] == [201] * 5
            assert registration.http.get("/health/ready").status_code == 200
            server.start()
            with server.client() as client:
                within(10, lambda: on_stream(client) == in_log(registration))
    finally:
        server.kill()
