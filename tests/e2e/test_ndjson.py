"""NDJSON over a real connection: results come while the file is still being sent."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import EXAMPLE
from tests.servers import System, free_port

NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """Registration alone, without Redis: the door needs none."""
    alone = System(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    try:
        yield alone.start("registration")
    finally:
        alone.stop()


def test_a_whole_years_file_gives_one_result_a_line_and_then_a_summary(system: System) -> None:
    body = (EXAMPLE / "2023-2024.ndjson").read_bytes()
    sent = json.loads(body.splitlines()[100])
    with system.client("registration") as client:
        answer = client.post("/v1/events", content=body, headers=NDJSON)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.status_code == 200
    assert [line["index"] for line in lines[:-1]] == list(range(4127))
    assert lines[100]["id"] == sent["id"]
    summary = {"received": 4127, "accepted": 4000, "duplicate": 120, "rejected": 7, "failed": 0}
    assert lines[-1]["summary"] == summary


def test_a_chunk_is_committed_while_the_body_still_comes_in(system: System) -> None:
    lines = (EXAMPLE / "2023-2024.ndjson").read_bytes().splitlines(keepends=True)
    seen: list[str] = []

    def slowly() -> Iterator[bytes]:
        yield b"".join(lines[:1200])
        with system.client("registration") as other:
            for _ in range(200):
                head = other.get("/v1/log", params={"limit": 1}).json()["head"]
                if head > 0:
                    seen.append(str(head))
                    break
        yield b"".join(lines[1200:1300])

    with system.client("registration") as client:
        answer = client.post("/v1/events", content=slowly(), headers=NDJSON)
    assert seen, "a chunk was committed while the request was still open"
    assert json.loads(answer.text.splitlines()[-1])["summary"]["received"] == 1300
