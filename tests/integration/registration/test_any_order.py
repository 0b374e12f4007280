"""Facts end in the same rows in whatever order they arrive, and however often (contract section 3, order of facts)."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import (
    Json,
    activity,
    assignment,
    attendance,
    cancellation,
    departure,
    head_count,
    membership,
    outreach,
    participant,
    release,
)
from tests.integration.registration.running import Registration, running_registration
from tests.servers import ADMIN

TABLES = ("activity", "attendance", "head_count", "outreach", "assignment", "member", "contact")
NOT_ALIKE = {"version", "partner_id", "pid", "ref", "activity", "via_activity", "series"}
"""Versions count what was news on the way; the others carry the partner's name."""
PARTNERS = count(1)


def at(minute: int) -> str:
    return f"2026-03-01T11:{minute:02d}:00Z"


def told_of(ref: str, minute: int, **members: Any) -> Json:
    return attendance(participant=participant(ref, **members), time=at(minute))


FACTS = [
    activity(time=at(1)),
    activity(time=at(5), title="Bingo met taart", capacity=20),
    cancellation(time=at(9), reason="ziekte"),
    activity(time=at(20), title="Bingo, toch", capacity=30),
    cancellation(time=at(15), reason="storm"),
    attendance(time=at(1)),
    attendance(time=at(3), outcome="absent"),
    attendance(time=at(2), outcome="void"),
    told_of("client-2", 4, name="Oud", phone="0546 000000"),
    told_of("client-2", 6, name="Nieuw", phone=None, ageBand="85+"),
    told_of("client-2", 5, email="c2@example.org"),
    head_count(time=at(1), value=0),
    head_count(time=at(7), value=None),
    head_count(time=at(4), value=31, method="estimate"),
    head_count(time=at(2), value=3, event_id="tie-a"),
    head_count(time=at(7), value=9, event_id="zzz-greater-id"),
    outreach(time=at(3), quantity=100),
    outreach(time=at(8), quantity=120, void=True),
    outreach(time=at(6), quantity=110),
    assignment(time=at(2)),
    release(time=at(4), until="2026-06-30"),
    assignment(time=at(6), **{"from": "2026-07-01"}),
    release(time=at(3), until="2026-05-31"),
    membership(time=at(2)),
    departure(time=at(5)),
    membership(time=at(4), kind="professional", viaActivityId="bingo-1"),
]


@pytest.fixture(scope="module")
def shared_registration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registration]:
    """One service for all examples; each example is another partner."""
    with running_registration(tmp_path_factory.mktemp("any-order")) as running:
        yield running


def load(registration: Registration, facts: list[Json]) -> str:
    """Post the file as a new partner, again and again until nothing of it is unknown any more."""
    partner = f"p{next(PARTNERS)}"
    mine = [{**fact, "partnerid": partner, "source": "urn:nld:test"} for fact in facts]
    for _ in range(len(facts)):
        results = registration.results(*mine, key=ADMIN)
        codes = {result["problem"]["code"] for result in results if result["problem"]}
        assert codes <= {"unknown-activity", "unknown-assignment", "unknown-member"}
        if not codes:
            return partner
    raise AssertionError("the file never settles")


def rows_of(registration: Registration, partner: str) -> dict[str, list[str]]:
    """What a partner's facts ended in, without what is allowed to differ."""
    found: dict[str, list[str]] = {}
    for table in TABLES:
        mine = [row for row in registration.rows(table) if belongs(row, partner)]
        kept = [{name: value for name, value in row.items() if name not in NOT_ALIKE} for row in mine]
        found[table] = sorted(map(str, kept))
    return found


def belongs(row: Json, partner: str) -> bool:
    return row.get("partner_id") == partner or any(
        str(row.get(name, "")).startswith(f"{partner}/") for name in ("ref", "activity")
    )


def test_in_the_order_of_time_the_latest_of_each_stands(shared_registration: Registration) -> None:
    rows = rows_of(shared_registration, load(shared_registration, sorted(FACTS, key=lambda fact: str(fact["time"]))))
    assert "Bingo, toch" in rows["activity"][0]
    assert "'value': 9" in rows["head_count"][0], "a tie of time goes to the greater id"
    assert "'void': True" in rows["outreach"][0]
    assert "'outcome': 'absent'" in "".join(rows["attendance"])
    assert len(rows["contact"]) == 3


@settings(max_examples=15, deadline=None, derandomize=True)
@given(order=st.permutations(FACTS))
def test_any_order_ends_in_the_same_rows(shared_registration: Registration, order: list[Json]) -> None:
    straight, shuffled = load(shared_registration, FACTS), load(shared_registration, order)
    assert rows_of(shared_registration, straight) == rows_of(shared_registration, shuffled)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(order=st.permutations([*FACTS, *FACTS]))
def test_doubled_facts_end_in_the_same_rows(shared_registration: Registration, order: list[Json]) -> None:
    straight, doubled = load(shared_registration, FACTS), load(shared_registration, order)
    assert rows_of(shared_registration, straight) == rows_of(shared_registration, doubled)


def test_an_older_fact_is_accepted_as_superseded_and_tells_nobody(registration: Registration) -> None:
    registration.tell(activity(), head_count(value=5), outreach(), assignment(), membership())
    head = len(registration.log())
    older = "2026-03-01T11:00:00Z"
    results = registration.tell(
        activity(title="Oud", time=older),
        head_count(value=4, time=older),
        outreach(quantity=1, time=older),
        assignment(time=older),
        membership(time=older),
    )
    assert [result["overrides"] for result in results] == [["superseded"]] * 5
    assert len(registration.log()) == head


def test_the_same_state_under_a_later_time_is_no_news(registration: Registration) -> None:
    later = "2026-03-01T12:00:01Z"
    registration.tell(activity(), attendance(), head_count(value=5), outreach())
    head = len(registration.log())
    registration.tell(
        activity(time=later), attendance(time=later), head_count(value=5, time=later), outreach(time=later)
    )
    assert len(registration.log()) == head
    assert registration.tell(head_count(value=4, time="2026-03-01T12:00:00.5Z"))[0]["overrides"] == ["superseded"]
