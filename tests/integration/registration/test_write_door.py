"""The write door in its four forms: single, batch, binary; one result per item, in order (contract section 3)."""

import json
from typing import Any

import httpx
import pytest

from tests.factories import activity, event, head_count, outreach, signup
from tests.integration.registration.running import BATCH, ON_SQLITE, SINGLE, Registration


def binary(registration: Registration, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return registration.http.post("/v1/events", content=body, headers={**registration.key, **headers})


def ce_headers(**more: str) -> dict[str, str]:
    """The attributes of an event as headers; the content type is that of `data`."""
    names = ("specversion", "id", "source", "type", "time")
    return {"Content-Type": "application/json", **{f"ce-{name}": activity()[name] for name in names}, **more}


def test_an_empty_batch_has_no_results(registration: Registration) -> None:
    answer = registration.post_batch([])
    assert answer.status_code == 200
    assert answer.json() == {
        "summary": {"received": 0, "accepted": 0, "duplicate": 0, "rejected": 0, "failed": 0},
        "results": [],
        "sequence": 1,
    }


def test_a_batch_of_one_answers_200_where_a_single_event_answers_201(registration: Registration) -> None:
    answer = registration.post_batch([activity()])
    assert (answer.status_code, answer.json()["results"][0]["status"]) == (200, 201)


def test_a_batch_of_5000_has_one_result_per_item_in_order(registration: Registration) -> None:
    events: list[Any] = [outreach(f"o{number}", event_id=f"e{number}") for number in range(4997)]
    events[7:7] = [{"id": "bad"}, "no object"]
    answer = registration.post_batch([*events, events[0]]).json()
    assert [result["index"] for result in answer["results"]] == list(range(5000))
    assert [result["id"] for result in answer["results"][:9]] == [f"e{n}" for n in range(7)] + ["bad", None]
    assert answer["results"][4999]["outcome"] == "duplicate"
    assert answer["summary"] == {"received": 5000, "accepted": 4997, "duplicate": 1, "rejected": 2, "failed": 0}
    assert answer["sequence"] == 4998


def test_a_batch_of_5001_is_refused_and_nothing_is_stored(registration: Registration) -> None:
    answer = registration.post_batch([outreach(f"o{number}", event_id=f"e{number}") for number in range(5001)])
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert registration.rows("outreach") == []


@ON_SQLITE
@pytest.mark.parametrize("kind", [SINGLE, BATCH])
def test_a_body_of_more_than_8_mib_is_refused_and_nothing_is_stored(registration: Registration, kind: str) -> None:
    body = json.dumps([activity()]).encode() + b" " * (8 * 1024 * 1024)
    answer = registration.http.post("/v1/events", content=body, headers={**registration.key, "Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert registration.rows("activity") == []


def test_a_body_of_8_mib_is_taken(registration: Registration) -> None:
    body = json.dumps([activity()]).encode()
    body += b" " * (8 * 1024 * 1024 - len(body))
    answer = registration.http.post("/v1/events", content=body, headers={**registration.key, "Content-Type": BATCH})
    assert answer.json()["summary"]["accepted"] == 1


def test_malformed_items_harm_no_other(registration: Registration) -> None:
    good = [activity(), signup("s1"), head_count()]
    bad: list[Any] = [None, 5, "x", [], {}, {**activity("x"), "time": "0001-01-01T00:00:00+14:00"}, event("x", {})]
    mixed = [item for pair in zip([*good, *good], bad, strict=False) for item in pair]
    outcomes = [result["outcome"] for result in registration.results(*mixed, *bad)]
    assert outcomes[0::2][:3] == ["accepted"] * 3
    assert (outcomes.count("accepted"), outcomes.count("duplicate"), outcomes.count("rejected")) == (3, 3, 13)


def test_an_item_that_needs_an_earlier_one_of_its_batch_finds_it(registration: Registration) -> None:
    results = registration.results(signup("s1", event_id="too early"), activity(), signup("s1"))
    assert [result["outcome"] for result in results] == ["rejected", "accepted", "accepted"]


@ON_SQLITE
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/cloudevents+xml", ""])
def test_another_media_type_is_415(registration: Registration, kind: str) -> None:
    headers = {**registration.key, "Content-Type": kind}
    answer = registration.http.post("/v1/events", content=json.dumps(activity()), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


@ON_SQLITE
@pytest.mark.parametrize("kind", ["application/cloudevents+json; charset=utf-8", "Application/CloudEvents+JSON"])
def test_parameters_and_capitals_of_the_media_type_do_not_matter(registration: Registration, kind: str) -> None:
    headers = {**registration.key, "Content-Type": kind}
    answer = registration.http.post("/v1/events", content=json.dumps(activity()), headers=headers)
    assert answer.status_code == 201


def test_binary_mode_is_a_single_event(registration: Registration) -> None:
    answer = binary(registration, json.dumps(activity()["data"]).encode(), ce_headers())
    assert (answer.status_code, answer.json()["id"]) == (201, activity()["id"])
    assert registration.post(activity()).json()["outcome"] == "duplicate", "the same event in the other mode"


def test_binary_mode_decodes_percents_and_quotes_once(registration: Registration) -> None:
    place = {"ce-place": "Ensched%C3%A9 100%25", "ce-quoted": '"%22Almelo%22 \\"nu\\""', "ce-twice": "100%2525"}
    binary(registration, json.dumps(activity()["data"]).encode(), ce_headers(**place))
    event_told = registration.log()[-1]
    assert event_told["place"] == "Enschedé 100%"
    assert event_told["quoted"] == '"Almelo" "nu"'
    assert event_told["twice"] == "100%25"


def test_binary_mode_names_every_fault_at_once(registration: Registration) -> None:
    answer = binary(registration, b"{no json", {"Content-Type": "application/json", "ce-id": "one", "ce-my-own": "x"})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["id"]) == (400, "rejected", "one")
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/specversion",
        "/source",
        "/type",
        "/time",
        "/my-own",
    }


def test_binary_mode_wants_json_data(registration: Registration) -> None:
    answer = binary(registration, b"Bingo", ce_headers(**{"Content-Type": "text/plain"}))
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/datacontenttype", "/data"]


@ON_SQLITE
@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"id": "\\ud800"}', b"NaN", b"\xef\xbb\xbf{}"])
def test_a_single_event_that_is_no_json_is_a_rejected_result_too(registration: Registration, body: bytes) -> None:
    answer = registration.http.post("/v1/events", content=body, headers={**registration.key, "Content-Type": SINGLE})
    found = answer.json()
    assert (answer.status_code, found["code"], found["outcome"], found["id"]) == (400, "invalid", "rejected", None)
    assert [fault["pointer"] for fault in found["errors"]] == [""]


@ON_SQLITE
@pytest.mark.parametrize("body", [b"", b"{}", b"5", b"[{]"])
def test_a_batch_that_is_no_array_is_refused_as_a_whole(registration: Registration, body: bytes) -> None:
    answer = registration.http.post("/v1/events", content=body, headers={**registration.key, "Content-Type": BATCH})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_every_answer_says_how_far_the_log_is(registration: Registration) -> None:
    first, again = registration.post(activity()), registration.post(activity())
    refused = registration.post(signup("s1", "unknown"))
    assert [answer.headers["Komerbij-Sequence"] for answer in (first, again, refused)] == ["2", "2", "2"]
    batch = registration.post_batch([signup("s1"), signup("s2")])
    assert (batch.headers["Komerbij-Sequence"], batch.json()["sequence"]) == ("4", 4)
    assert [item["sequence"] for item in registration.log()] == [1, 2, 3, 4]


def test_a_refused_single_event_is_a_problem_with_the_members_of_a_result(registration: Registration) -> None:
    answer = registration.post(posted := signup("s1", "unknown"))
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["index"], body["id"], body["source"]) == (0, posted["id"], posted["source"])
    assert (body["outcome"], body["retryable"], body["decision"], body["overrides"]) == ("rejected", False, None, [])
    assert (body["type"], body["status"]) == ("/v1/problems/unknown-activity", 404)
    assert body["endUserMessage"]["nl"] == "Wij kennen deze activiteit niet. Vraag het na bij de organisatie."
    assert [fault["pointer"] for fault in body["errors"]] == ["/data/activityId"]


def test_extensions_are_kept_and_the_partners_own_words_never_pose_as_ours(registration: Registration) -> None:
    registration.tell({**activity(), "traceparent": "00-1-2-01", "rank": 7, "sequence": "99", "subject": "mine"})
    told = registration.log()[-1]
    assert (told["traceparent"], told["rank"]) == ("00-1-2-01", 7)
    assert (told["sequence"], told["subject"], told["source"]) == (
        2,
        "activity/avedan/bingo-1",
        "urn:nld:meedoen:systeem:registration",
    )


def test_the_moment_on_the_stream_is_the_recording_and_the_partners_time_travels_in_the_data(
    registration: Registration,
) -> None:
    registration.tell(head_count_of_last_year := activity(time="2025-12-31T23:30:00+01:00"))
    told = registration.log()[-1]
    assert head_count_of_last_year["time"] != told["time"] == "2026-03-01T12:00:00Z"
    assert told["data"]["occurredAt"] == "2025-12-31T22:30:00Z"
    assert told["data"]["startsAt"] == "2026-03-10T13:00:00Z", "answers are UTC"
