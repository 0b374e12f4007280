"""The limit of a key as a partner meets it: headers on every answer, 429 with a time, streams slowed down."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.registration.app import build
from tests.factories import activity
from tests.integration.registration.running import (
    BATCH,
    NDJSON,
    SERVICE,
    MovingClock,
    Registration,
    served,
    settings,
)
from tests.servers import ADMIN


def numbers(text: str) -> dict[str, int]:
    """The integers of a structured field such as `"events";r=3;t=57`."""
    assert text.startswith('"events";')
    return {name: int(value) for name, value in re.findall(r";([a-z])=(\d+)", text)}


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Registration]:
    """Five events a minute, on SQLite: the bucket is in memory."""
    given = settings(tmp_path).model_copy(update={"rate_limit": 5})
    clock = MovingClock()
    with served(build(given, clock), given.database_url, clock) as running:
        running.key = running.key_for("avedan")
        yield running


def test_every_answer_to_a_key_says_what_is_left(limited: Registration) -> None:
    first = limited.post(activity())
    assert first.headers["ratelimit-policy"] == '"events";q=5;w=60'
    assert numbers(first.headers["ratelimit"])["r"] == 4
    refused = limited.post({"specversion": "1.0"})
    assert refused.status_code == 400
    assert numbers(refused.headers["ratelimit"])["r"] == 3


def test_nobody_without_a_key_is_counted(limited: Registration) -> None:
    answer = limited.http.get("/v1/activities")
    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


def test_a_batch_counts_its_events_and_what_follows_waits(limited: Registration) -> None:
    batch = limited.post_batch([activity()] * 7)
    assert batch.status_code == 200
    assert numbers(batch.headers["ratelimit"]) == {"r": 0, "t": 84}
    head = limited.log()[-1]["sequence"]
    refused = limited.post(activity("another"))
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
    assert 0 < int(refused.headers["retry-after"]) <= 36
    assert refused.headers["content-type"] == "application/problem+json"
    assert limited.log()[-1]["sequence"] == head, "what is refused leaves no trace"


def test_another_key_of_the_same_partner_and_our_own_services_go_on(limited: Registration) -> None:
    limited.post_batch([activity()] * 7)
    assert limited.post(activity(), limited.key_for("avedan")).status_code == 200
    for _ in range(8):
        assert limited.http.get("/v1/log", headers=SERVICE).status_code == 200


def test_an_admin_key_has_a_limit_too(limited: Registration) -> None:
    answers = [limited.http.get("/v1/keys", headers=ADMIN).status_code for _ in range(6)]
    assert answers[-1] == 429


def test_a_stream_is_not_refused_once_it_has_begun(limited: Registration) -> None:
    """Seven lines with five left: taken in one chunk, in debt; the next request is refused."""
    lines = b"\n".join([b'{"specversion": "1.0"}'] * 7)
    answer = limited.http.post("/v1/events", content=lines, headers={**limited.key, "Content-Type": NDJSON})
    assert answer.status_code == 200
    assert '"received":7' in answer.text.splitlines()[-1]
    after = limited.http.post("/v1/events", content=b"[]", headers={**limited.key, "Content-Type": BATCH})
    assert after.status_code == 429
