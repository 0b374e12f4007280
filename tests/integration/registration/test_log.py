"""The event log over HTTP, and what describes the service: OpenAPI, code lists, partners on the stream."""

import json
from typing import Any

import orjson
import pytest

from services.registration import event_log
from shared.database import reading
from shared.events.code_lists import CODE_LISTS
from shared.events.envelope import read_event
from tests.factories import activity, attendance, head_count, outreach, signup
from tests.integration.registration.running import MUNICIPALITY, SERVICE, Registration
from tests.servers import ADMIN


def page(registration: Registration, query: str = "") -> dict[str, Any]:
    answer = registration.http.get(f"/v1/log?{query}", headers=SERVICE)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_log_is_read_in_order_page_by_page(registration: Registration) -> None:
    registration.tell(*(outreach(f"o{number}") for number in range(6)))
    first = page(registration, "limit=3")
    assert [item["sequence"] for item in first["items"]] == [1, 2, 3]
    assert (first["head"], first["next"]) == (7, "3")
    second = page(registration, "limit=3&after=3")
    assert [item["sequence"] for item in second["items"]] == [4, 5, 6]
    last = page(registration, f"limit=3&after={second['next']}")
    assert ([item["sequence"] for item in last["items"]], last["next"]) == ([7], None)


def test_next_is_a_cursor_as_in_every_list(registration: Registration) -> None:
    registration.tell(*(outreach(f"o{number}") for number in range(6)))
    seen: list[int] = []
    query = "limit=3"
    while query:
        found = page(registration, query)
        seen += [item["sequence"] for item in found["items"]]
        query = f"limit=3&cursor={found['next']}" if found["next"] else ""
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_beyond_the_head_there_is_nothing(registration: Registration) -> None:
    assert page(registration, "after=1") == {"items": [], "head": 1, "next": None}
    assert page(registration, f"after={2**63 - 1}") == {"items": [], "head": 1, "next": None}


@pytest.mark.parametrize("query", ["after=-1", "after=x", f"after={2**63}", "limit=0", "limit=1001", "cursor=x"])
def test_what_cannot_be_asked_is_400(registration: Registration, query: str) -> None:
    answer = registration.http.get(f"/v1/log?{query}", headers=SERVICE)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, query.partition("=")[0])


def test_what_the_relay_sends_is_what_the_log_shows_but_for_the_type_of_sequence(registration: Registration) -> None:
    registration.tell({**activity(), "place": "Enschedé 100%"}, signup("s1"), attendance(signupId="s1"), head_count())
    shown = registration.http.get("/v1/log", headers=SERVICE).json()["items"]
    with reading(registration.engine) as connection:
        sent = [entry.on_stream() for entry in event_log.read(connection, 0, 100)]
    assert len(sent) == len(shown) == 5
    for on_stream, in_answer in zip(sent, shown, strict=True):
        assert isinstance(in_answer["sequence"], int)
        as_text = {**in_answer, "sequence": str(in_answer["sequence"])}
        assert orjson.dumps(as_text) == on_stream, "byte for byte"
        assert read_event(on_stream) == read_event(json.dumps(in_answer).encode())


def test_every_event_is_readable_by_a_consumer_and_says_its_natural_key(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"), head_count(), outreach())
    subjects = [item["subject"] for item in registration.log()]
    assert subjects == [
        "partner/avedan",
        "activity/avedan/bingo-1",
        "signup/avedan/s1",
        "visits/avedan/bingo-1/total",
        "outreach/avedan/cards-1",
    ]
    assert [item["sequencetype"] for item in registration.log()] == ["Integer"] * 5


def test_a_partner_is_told_once_and_again_when_it_changes_or_leaves(registration: Registration) -> None:
    body = {"name": "Avedan", "kind": "partner", "municipality": MUNICIPALITY, "joinedOn": "2019-05-01"}
    for left_on in (None, "2026-02-28", "2026-02-28", None):
        answer = registration.http.put("/v1/partners/avedan", json={**body, "leftOn": left_on}, headers=ADMIN)
        assert (answer.status_code, answer.json()["leftOn"]) == (200, left_on)
    assert registration.names() == ["partner-joined", "partner-left", "partner-joined"]
    assert [item["data"]["version"] for item in registration.log()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("kind", "friend"),
        ("municipality", "Almelo"),
        ("joinedOn", "1 mei"),
        ("name", ""),
        ("leftOn", "x"),
        ("extra", 1),
    ],
)
def test_a_partner_that_makes_no_sense_is_400_and_tells_nobody(
    registration: Registration, member: str, value: object
) -> None:
    body = {"name": "Avedan", "kind": "partner", "municipality": MUNICIPALITY, "joinedOn": "2019-05-01", member: value}
    answer = registration.http.put("/v1/partners/avedan", json=body, headers=ADMIN)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{member}")
    assert len(registration.log()) == 1


def test_a_partner_does_not_leave_before_it_joins(registration: Registration) -> None:
    body = {"name": "A", "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01", "leftOn": "2019-04-30"}
    assert registration.http.put("/v1/partners/avedan", json=body, headers=ADMIN).status_code == 400


def test_openapi_is_served_to_everybody_and_knows_no_422(registration: Registration) -> None:
    answer = registration.http.get("/v1/openapi.json")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer.json()["openapi"].startswith("3.")
    assert "422" not in answer.text
    assert set(answer.json()["paths"]) >= {
        "/v1/events",
        "/v1/activities",
        "/v1/activities/{partnerId}/{activityId}",
        "/v1/activities/{partnerId}/{activityId}/signups",
        "/v1/activities/{partnerId}/{activityId}/presence",
        "/v1/signups/{partnerId}/{signupId}",
        "/v1/reads",
        "/v1/log",
        "/v1/contacts/lookup",
        "/v1/keys",
        "/v1/partners/{partnerId}",
        "/v1/code-lists",
    }


def test_the_code_lists_are_served_with_labels_in_two_languages(registration: Registration) -> None:
    lists = registration.http.get("/v1/code-lists").json()
    assert set(lists) >= set(CODE_LISTS)
    assert lists["kind"][0] == {"code": "bingo", "label": {"nl": "Bingo", "en": "Bingo"}}
    assert [item["code"] for item in lists["goal"]] == ["awareness", "initiative", "local-approach"]
