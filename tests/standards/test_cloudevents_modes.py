"""CloudEvents 1.0.2 over HTTP: structured, batch, binary and what is neither, at a running service."""

import httpx
import orjson
import pytest

from tests.factories import activity, cancellation
from tests.standards.visitors import BATCH, STRUCTURED, Visitor, binary


@pytest.mark.parametrize(
    "kind", ["", "; charset=utf-8", '; charset="UTF-8"', ";charset=utf-8; profile=x"], ids=["bare", "a", "b", "c"]
)
def test_a_structured_events_media_type_may_have_parameters(visitor: Visitor, kind: str) -> None:
    assert visitor.post(activity(), STRUCTURED + kind).status_code == 201


def test_media_types_have_no_case(visitor: Visitor) -> None:
    assert visitor.post(activity(), "Application/CloudEvents+JSON").status_code == 201
    assert visitor.post([activity("b")], "APPLICATION/cloudevents-batch+json").status_code == 200


def test_ce_headers_beside_a_structured_event_are_ignored(visitor: Visitor) -> None:
    answer = visitor.post(activity(event_id="of-the-body"), ce_id="of-the-header", ce_extension="x", ce_type="nonsense")
    assert answer.json()["id"] == "of-the-body"
    assert "extension" not in visitor.told(answer)


def test_ce_headers_beside_a_batch_are_ignored(visitor: Visitor) -> None:
    answer = visitor.post([activity(event_id="a")], BATCH, ce_id="b", ce_specversion="0.3")
    assert [(one["id"], one["outcome"]) for one in answer.json()["results"]] == [("a", "accepted")]


def test_an_empty_batch_is_200_and_received_0(visitor: Visitor) -> None:
    answer = visitor.post([], BATCH)
    assert answer.status_code == 200
    nothing = {"received": 0, "accepted": 0, "duplicate": 0, "rejected": 0, "failed": 0}
    assert {**answer.json(), "sequence": 0} == {"summary": nothing, "results": [], "sequence": 0}
    assert answer.headers["Komerbij-Sequence"] == str(answer.json()["sequence"])


@pytest.mark.parametrize("body", [b"{}", b'"text"', b"null", b"1"])
def test_a_batch_is_an_array(visitor: Visitor, body: bytes) -> None:
    answer = visitor.send(body, {"Content-Type": BATCH})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_an_event_of_another_version_harms_no_other_of_its_batch(visitor: Visitor) -> None:
    answer = visitor.post([activity("a"), {**activity("b"), "specversion": "0.3"}, 7, activity("c")], BATCH)
    assert [one["outcome"] for one in answer.json()["results"]] == ["accepted", "rejected", "rejected", "accepted"]
    assert [fault["pointer"] for fault in answer.json()["results"][1]["problem"]["errors"]] == ["/specversion"]


@pytest.mark.parametrize("kind", [STRUCTURED, BATCH, "application/json"])
@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"{'a': 1}", b"\xef\xbb\xbf[]", b"{} {}"])
def test_broken_json_is_400(visitor: Visitor, kind: str, body: bytes) -> None:
    headers = {} if kind != "application/json" else {"ce-specversion": "1.0", "ce-id": "x"}
    answer = visitor.send(body, {"Content-Type": kind, **headers})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/cloudevents+xml", "application/cloudevents", "*/*", ""]
)
def test_neither_a_cloudevents_media_type_nor_ce_headers_is_415(visitor: Visitor, kind: str) -> None:
    answer = visitor.send(orjson.dumps(activity()), {"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_binary_event_is_taken_as_a_single_one(visitor: Visitor) -> None:
    assert visitor.post_binary(activity(event_id="a")).status_code == 201
    assert visitor.post_binary(activity(event_id="a")).status_code == 200
    assert visitor.post(activity(event_id="a")).json()["outcome"] == "duplicate", "the same event in another mode"


@pytest.mark.parametrize("spelled", [str.upper, str.title, str.lower])
def test_ce_headers_have_no_case(visitor: Visitor, spelled: type[str]) -> None:
    headers, body = binary({**activity(event_id="a"), "extension": "kept"})
    answer = visitor.send(body, {spelled(name): value for name, value in headers.items()})
    assert visitor.told(answer)["extension"] == "kept"


def raw(visitor: Visitor, name: str, value: str) -> httpx.Response:
    """A binary event with one attribute as it is written here."""
    headers, body = binary(activity())
    return visitor.send(body, {**headers, f"ce-{name}": value})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ensched%C3%A9%20100%25", "Enschedé 100%"),
        ("Ensched%c3%a9%20100%25", "Enschedé 100%"),
        ("%45nschede", "Enschede"),
        ("%22said%22", '"said"'),
        ("%2525", "%25"),
        ('"quoted text"', "quoted text"),
        (r'"a \"quoted\" text"', 'a "quoted" text'),
        (r'"back\\slash"', r"back\slash"),
        (r'"\a\b"', "ab"),
        ('"Ensched%C3%A9 100%25"', "Enschedé 100%"),
        ("%F0%9F%98%80", "😀"),
        ("a+b", "a+b"),
        ("100%", "100%"),
    ],
)
def test_a_headers_value_loses_its_quotes_and_is_decoded_once(visitor: Visitor, written: str, read: str) -> None:
    assert visitor.told(raw(visitor, "place", written))["place"] == read


def test_a_subject_with_a_percent_sign_and_an_accent_is_taken(visitor: Visitor) -> None:
    assert visitor.post_binary({**activity(event_id="Enschedé 100%"), "subject": "Enschedé 100%"}).status_code == 201
    answer = visitor.post({**activity(event_id="Enschedé 100%"), "subject": "Enschedé 100%"})
    assert (answer.json()["id"], answer.json()["outcome"]) == ("Enschedé 100%", "duplicate")


@pytest.mark.parametrize("written", ["%00", "a%0Ab", "%7F", "%C2%85"])
def test_control_characters_do_not_come_in_by_percent_either(visitor: Visitor, written: str) -> None:
    answer = raw(visitor, "place", written)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/place")


@pytest.mark.parametrize("name", ["place", "id", "source", "type", "subject", "time"])
@pytest.mark.parametrize("written", ["%FF", "%C3", "%ED%A0%80"])
def test_what_is_no_utf_8_behind_the_percent_is_refused_and_not_guessed(
    visitor: Visitor, written: str, name: str
) -> None:
    answer = raw(visitor, name, written)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{name}")


def test_the_content_type_is_the_datas_and_must_be_json(visitor: Visitor) -> None:
    headers, body = binary(activity())
    assert visitor.send(body, {**headers, "Content-Type": "application/json; charset=utf-8"}).status_code == 201
    answer = visitor.send(body, {**headers, "Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/datacontenttype")


def test_a_binary_event_without_content_type_is_json(visitor: Visitor) -> None:
    headers, body = binary(activity())
    del headers["Content-Type"]
    assert visitor.send(body, headers).status_code == 201


def test_a_fault_points_into_the_event_in_binary_mode_too(visitor: Visitor) -> None:
    headers, body = binary(activity(capacity=-1))
    answer = visitor.send(body, {**headers, "ce-specversion": "0.3"})
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/specversion", "/data/capacity"}


def test_a_client_that_sends_an_idempotency_key_is_served_as_if_it_had_not(visitor: Visitor) -> None:
    """The id of the event does that work, for good (guide, section 7)."""
    answers = [visitor.post(activity(name), idempotency_key="one") for name in ("a", "b", "a")]
    assert [answer.status_code for answer in answers] == [201, 201, 200]


def test_the_same_content_in_another_order_and_offset_is_the_same_event(visitor: Visitor) -> None:
    event = activity(event_id="one", capacity=5)
    turned = {name: event[name] for name in reversed(event)}
    turned["data"] = {name: event["data"][name] for name in reversed(event["data"])}
    turned["time"] = "2026-03-01T13:00:00.000+01:00"
    assert [visitor.post(one).json()["outcome"] for one in (event, turned)] == ["accepted", "duplicate"]


def test_an_event_of_64_kib_is_accepted_in_every_mode(visitor: Visitor) -> None:
    padding = b" " * (64 * 1024)
    event = orjson.dumps(activity("a"))
    assert visitor.send(event[:-1] + padding + b"}", {"Content-Type": STRUCTURED}).status_code == 201
    headers, body = binary(activity("b"))
    assert visitor.send(body[:-1] + padding + b"}", headers).status_code == 201
    line = orjson.dumps(activity("c"))[:-1] + padding + b"}\n"
    answer = visitor.send(line, {"Content-Type": "application/x-ndjson"})
    assert orjson.loads(answer.text.splitlines()[0])["outcome"] == "accepted"


def test_the_largest_event_that_is_accepted_stays_below_64_kib_on_the_stream(visitor: Visitor) -> None:
    line, text = "😀" * 200, "😀" * 4000
    place = {"name": line, "address": line, "neighbourhood": line}
    whole = activity("a", title=line, location=place, description=text, contactPhone=line, seriesId="s" * 64)
    assert visitor.post(whole).status_code == 201
    last = cancellation("a", reason=text, time="2026-03-01T12:00:01Z")
    entry = visitor.entry(visitor.post({**last, **extensions(200)}))
    assert 32 * 1024 < len(entry) < 64 * 1024


def extensions(each: int) -> dict[str, str]:
    """Ten attributes of so many characters, each as wide as a character can be."""
    return {f"extension{number}": "😀" * each for number in range(10)}


def test_more_extensions_than_an_entry_can_carry_are_refused(visitor: Visitor) -> None:
    many = {f"extension{number}": "x" * 255 for number in range(300)}
    answer = visitor.post({**activity(), **many})
    assert (answer.status_code, answer.json()["code"]) in ((400, "invalid"), (413, "too-large"))
