"""NDJSON at the write door: any length, one result a line as chunks commit, a summary as the last line."""

import asyncio
import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from services.registration.app import build
from tests.factories import Json, activity, outreach, signup
from tests.integration.registration.running import NDJSON, MovingClock, Registration, settings
from tests.servers import ADMIN


def stream(registration: Registration, body: bytes, **parameters: str) -> list[Json]:
    headers = {**registration.key, "Content-Type": NDJSON}
    answer = registration.http.post("/v1/events", content=body, headers=headers, params=parameters)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, NDJSON)
    return [json.loads(line) for line in answer.text.splitlines()]


def lines(*events: Any) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def test_every_line_has_its_result_and_the_last_line_is_the_summary(registration: Registration) -> None:
    *results, last = stream(registration, lines(activity(), signup("s1"), signup("s1"), signup("s2", "unknown")))
    assert [result["outcome"] for result in results] == ["accepted", "accepted", "duplicate", "rejected"]
    assert [result["index"] for result in results] == [0, 1, 2, 3]
    counts = {"received": 4, "accepted": 2, "duplicate": 1, "rejected": 1, "failed": 0}
    assert last == {"summary": counts, "sequence": 3}


def test_a_malformed_line_is_one_rejected_result_and_harms_no_other(registration: Registration) -> None:
    body = lines(activity()) + b"{half\n" + b"\xff\xfe\n" + b"[]\n" + lines(signup("s1"))
    *results, last = stream(registration, body)
    assert [result["outcome"] for result in results] == ["accepted", *["rejected"] * 3, "accepted"]
    assert {result["problem"]["code"] for result in results[1:4]} == {"invalid"}
    assert last["summary"]["rejected"] == 3


def test_blank_lines_and_windows_line_ends_count_for_nothing_and_the_last_line_needs_no_end(
    registration: Registration,
) -> None:
    body = b"\n\r\n" + lines(activity()).replace(b"\n", b"\r\n") + b"  \n" + lines(signup("s1")).strip()
    *results, last = stream(registration, body)
    assert [result["outcome"] for result in results] == ["accepted", "accepted"]
    assert last["summary"]["received"] == 2


def test_a_line_that_is_too_long_is_one_rejected_result(registration: Registration) -> None:
    long = b'{"id": "' + b"x" * 600_000 + b'"}\n'
    *results, _ = stream(registration, lines(activity()) + long + lines(signup("s1")) + long.strip())
    assert [result["outcome"] for result in results] == ["accepted", "rejected", "accepted", "rejected"]
    assert results[1]["problem"]["code"] == "too-large"


def test_nothing_at_all_is_a_summary_with_the_head_of_the_log(registration: Registration) -> None:
    (last,) = stream(registration, b"")
    assert (last["summary"]["received"], last["sequence"]) == (0, 1)


def test_more_events_than_a_batch_may_hold_are_taken(registration: Registration) -> None:
    *results, last = stream(registration, lines(*(outreach(f"o{n}", event_id=f"e{n}") for n in range(5001))))
    assert [result["index"] for result in results] == list(range(5001))
    assert (last["summary"]["accepted"], last["sequence"]) == (5001, 5002)


def test_a_rehearsal_sees_the_earlier_lines_of_the_whole_file(registration: Registration) -> None:
    file = [activity(), *(outreach(f"o{n}", event_id=f"e{n}") for n in range(600)), signup("s1")]
    *results, last = stream(registration, lines(*file), dryRun="true")
    assert last["summary"] == {"received": 602, "accepted": 602, "duplicate": 0, "rejected": 0, "failed": 0}
    assert results[-1]["decision"] == {"status": "confirmed", "waitingPosition": None}
    assert registration.rows("received") == []


class Conversation:
    """One streaming request, spoken in ASGI: the second half is sent only after results of the first were heard."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._first, self._second = first, second
        self._asked = 0
        self._heard = asyncio.Event()
        self.body = b""
        self.heard_before_the_end = b""

    async def receive(self) -> Json:
        self._asked += 1
        if self._asked == 1:
            return {"type": "http.request", "body": self._first, "more_body": True}
        if self._asked == 2:
            await asyncio.wait_for(self._heard.wait(), 20)
            self.heard_before_the_end = self.body
            return {"type": "http.request", "body": self._second, "more_body": False}
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            self.body += message["body"]
            if self.body:
                self._heard.set()


def scope_of_a_post() -> Json:
    headers = [(b"authorization", ADMIN["Authorization"].encode()), (b"content-type", NDJSON.encode())]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/events",
        "raw_path": b"/v1/events",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "server": ("registration.example.org", 80),
        "client": ("127.0.0.1", 1),
    }


EVENTS = [outreach(f"o{n}", event_id=f"e{n}", partnerid="avedan") for n in range(510)]


async def test_results_leave_as_chunks_commit_while_the_file_is_still_coming(tmp_path: Path) -> None:
    app = build(settings(tmp_path), MovingClock())
    talk = Conversation(lines(*EVENTS[:505]), lines(*EVENTS[505:]))
    async with app.router.lifespan_context(app):
        await app(scope_of_a_post(), talk.receive, talk.send)
    assert len(talk.heard_before_the_end.splitlines()) == 500
    assert json.loads(talk.body.splitlines()[-1])["summary"]["accepted"] == 510


class Silence(Conversation):
    """The second half never comes, and nobody hangs up."""

    async def receive(self) -> Json:
        if self._asked:
            await asyncio.Event().wait()
        return await super().receive()


async def test_who_falls_silent_keeps_the_results_and_gets_no_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.bodies.LONGEST_SILENCE", 1)
    app = build(settings(tmp_path), MovingClock())
    talk = Silence(lines(*EVENTS[:505]), b"")
    async with app.router.lifespan_context(app):
        await app(scope_of_a_post(), talk.receive, talk.send)
    results = [json.loads(line) for line in talk.body.splitlines()]
    assert [result["outcome"] for result in results] == ["accepted"] * 500
