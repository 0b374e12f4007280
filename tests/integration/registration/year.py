"""The example year with a few dozen lines mixed in that must be refused, and the ways to post it."""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.factories import (
    Json,
    activity,
    attendance,
    cancellation,
    departure,
    head_count,
    release,
    signup,
    withdrawal,
)
from tests.integration.registration.running import NDJSON, Registration
from tests.servers import ADMIN

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "almelo"
SEED = 20232024
PARTNERS = ("avedan", "noaberhoes", "leger-des-heils")


@dataclass(frozen=True)
class Outcome:
    """What a line came to: its decision and overrides, or the code with which it was refused."""

    outcome: str
    decision: str
    overrides: tuple[str, ...]
    code: str | None


def outcome(result: Json) -> Outcome:
    """From a result, or from a problem with a result's members."""
    code = (result.get("problem") or result).get("code")
    decision = json.dumps(result["decision"], sort_keys=True)
    return Outcome(result["outcome"], decision, tuple(result["overrides"]), code)


def refusable(partner: str) -> list[Json]:
    """A story of one partner in which most of what is posted is refused, now and ever after."""
    mine: dict[str, Any] = {"partnerid": partner}
    small = activity("small", capacity=1, waitingList=False, **mine)
    return [
        small,
        signup("only", "small", **mine),
        activity("drop-in", participation="drop-in", **mine),
        activity("closed", signupClosesAt="2026-02-01T12:00:00Z", **mine),
        activity("off", **mine),
        cancellation("off", time="2026-03-01T12:00:01Z", **mine),
        {**small, "data": {**small["data"], "title": "Other content"}},
        signup("only", "small", event_id="other", **mine),
        signup("again", "small", ref="of-only", **mine),
        signup("crowd", "small", partySize=2, **mine),
        signup("late", "small", **mine),
        signup("needless", "drop-in", **mine),
        signup("tardy", "closed", **mine),
        signup("vain", "off", **mine),
        signup("lost", "nowhere", **mine),
        signup("phone", "small", ref="0612345678", **mine),
        withdrawal("nobody", **mine),
        attendance("nowhere", **mine),
        attendance("small", signupId="nobody", **mine),
        attendance("cosbo/elsewhere", **mine),
        head_count("nowhere", **mine),
        head_count("small", value=-1, **mine),
        release("nobody", **mine),
        departure("nobody", **mine),
        activity("tomorrow", time="2026-03-02T12:00:00Z", **mine),
        activity("disco", kind="disco", **mine),
    ]


UNREADABLE = (b'{"specversion": "1.0"', b"[1, 2]", b'"text"', b'{"id": "twice", "id": "twice"}', b'{"time": NaN}')
"""Lines that no batch can carry."""


def lines() -> list[bytes]:
    """The whole file, the same every time; what is mixed in keeps its own order."""
    year = (EXAMPLE / "2023-2024.ndjson").read_bytes().splitlines()
    dice = random.Random(SEED)  # noqa: S311  -- a test's dice
    for extra in (*([json.dumps(one).encode() for one in refusable(name)] for name in PARTNERS), UNREADABLE):
        places = sorted(dice.sample(range(len(year)), len(extra)), reverse=True)
        for place, line in zip(places, reversed(extra), strict=True):
            year.insert(place, line)
    return year


def meet_everybody(registration: Registration) -> None:
    """The coalition of the example."""
    for partner in json.loads((EXAMPLE / "setup.json").read_text())["partners"]:
        body = {name: value for name, value in partner.items() if name != "partnerId"}
        answer = registration.http.put(f"/v1/partners/{partner['partnerId']}", json=body, headers=ADMIN)
        assert answer.status_code == 200, answer.text


def as_ndjson(registration: Registration, part: Sequence[bytes]) -> list[Outcome]:
    """A file of its own."""
    headers = {**ADMIN, "Content-Type": NDJSON}
    answer = registration.http.post("/v1/events", content=b"\n".join(part) + b"\n", headers=headers)
    assert answer.status_code == 200, answer.text
    *results, summary = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["index"] for result in results] == list(range(len(part)))
    assert summary["summary"]["received"] == len(part)
    return [outcome(result) for result in results]


def as_batch(registration: Registration, part: Sequence[bytes]) -> list[Outcome]:
    """One array."""
    return [outcome(result) for result in registration.results(*map(json.loads, part), key=ADMIN)]


def as_singles(registration: Registration, part: Sequence[bytes]) -> list[Outcome]:
    """Structured events, one at a time."""
    return [outcome(registration.post(json.loads(line), ADMIN).json()) for line in part]


def as_binary(registration: Registration, part: Sequence[bytes]) -> list[Outcome]:
    """Attributes in headers, one event at a time."""
    return [outcome(_binary(registration, json.loads(line)).json()) for line in part]


def _binary(registration: Registration, event: Json) -> httpx.Response:
    attributes = {name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    headers = {f"ce-{name}": quote(value, safe=" :/.-_") for name, value in attributes.items()}
    content = {**ADMIN, **headers, "Content-Type": "application/json"}
    return registration.http.post("/v1/events", content=json.dumps(event["data"]).encode(), headers=content)


def in_other_ways(registration: Registration, whole: Sequence[bytes]) -> list[Outcome]:
    """Every line once more, in order, the way of posting and the size of each part changing all the time."""
    ones, files = [(as_batch, 1), (as_ndjson, 1)], [(as_ndjson, 503), (as_batch, 777)]
    ways = itertools.cycle([(as_batch, 137), (as_singles, 211), *ones, (as_binary, 199), *files])
    found: list[Outcome] = []
    for way, size in ways:
        if len(found) >= len(whole):
            return found
        part = whole[len(found) : len(found) + size]
        found += as_ndjson(registration, part) if any(line in UNREADABLE for line in part) else way(registration, part)
    return found


def split(whole: Sequence[bytes], *sizes: int) -> Iterator[Sequence[bytes]]:
    """Parts of these sizes, over and over."""
    start = 0
    for size in itertools.cycle(sizes):
        if start >= len(whole):
            return
        yield whole[start : start + size]
        start += size
