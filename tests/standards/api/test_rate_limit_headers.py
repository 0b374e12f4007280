"""RateLimit header fields (IETF draft): structured fields in one form on all services, about one's own key alone."""

import re

import httpx
import orjson

from tests.factories import head_count
from tests.standards.api.conftest import SETTINGS
from tests.standards.api.sides import Side
from tests.standards.visitors import BATCH

POLICY = re.compile(r'"(?P<name>[a-z]+)";q=(?P<q>\d+);w=(?P<w>\d+)')
STATE = re.compile(r'"(?P<name>[a-z]+)";r=(?P<r>\d+);t=(?P<t>\d+)')
MOST = int(SETTINGS["KOMERBIJ_RATE_LIMIT"])


def left(answer: httpx.Response) -> int:
    """How much the key may still do."""
    state = STATE.fullmatch(answer.headers["RateLimit"])
    assert state is not None, answer.headers["RateLimit"]
    return int(state["r"])


def test_every_answer_to_a_key_says_how_much_and_how_much_is_left(side: Side) -> None:
    for answer in (side.admin.get("/v1/keys"), side.admin.get("/v1/keys", headers={"Accept": "image/png"})):
        policy, state = (
            POLICY.fullmatch(answer.headers["RateLimit-Policy"]),
            STATE.fullmatch(answer.headers["RateLimit"]),
        )
        assert policy is not None
        assert state is not None
        assert (policy["name"], int(policy["q"]), int(policy["w"])) == ("events", MOST, 60)
        assert state["name"] == policy["name"], "the policy is named for what it counts"
        assert 0 <= int(state["r"]) <= MOST
        assert 0 <= int(state["t"]) <= 60
        assert [name for name in answer.headers if name.lower().startswith("x-ratelimit")] == []


def test_who_has_no_key_is_told_nothing_of_anybodys_traffic(side: Side) -> None:
    for answer in (side.http.get("/v1/keys"), side.http.get("/v1/problems/invalid"), side.http.get("/health/live")):
        assert [name for name in answer.headers if "ratelimit" in name.lower()] == []


def test_a_batch_counts_by_its_events_and_for_its_own_key_only(registration: Side) -> None:
    one, another = (key_for_avedan(registration) for _ in range(2))
    events = [head_count("bingo-2026-10-24", number, f"deur-{number}") for number in range(400)]
    headers = {**one, "Content-Type": BATCH}
    spent = left(registration.http.post("/v1/events", content=orjson.dumps(events), headers=headers))
    assert registration.document["components"]["headers"]["RateLimit"]["schema"]["pattern"]
    untouched = left(registration.http.post("/v1/events", content=b"[]", headers={**another, "Content-Type": BATCH}))
    assert spent <= MOST
    assert untouched >= MOST - 1


def key_for_avedan(registration: Side) -> dict[str, str]:
    body = {"label": "rates", "scopes": ["events:write"], "partnerId": "avedan"}
    return {"Authorization": f"Bearer {registration.admin.post('/v1/keys', json=body).json()['key']}"}
