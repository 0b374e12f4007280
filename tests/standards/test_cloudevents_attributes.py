"""CloudEvents 1.0.2 at the write door: which attributes are taken, refused with a pointer, and passed on."""

from typing import Any

import pytest

from tests.factories import activity
from tests.standards.visitors import Visitor

REQUIRED = ["specversion", "id", "source", "type", "time"]
TEXTS = ["id", "source", "type", "subject", "dataschema", "extension"]
FORBIDDEN = ["\x00", "\x01", "\x1f", "\n", "\x7f", "\x85", "\x9f", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe"]


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("absent", [True, False], ids=["absent", "null"])
def test_a_required_attribute_that_is_absent_or_null_is_missing(visitor: Visitor, name: str, absent: bool) -> None:
    event = activity(event_id="one")
    event[name] = None
    if absent:
        del event[name]
    assert visitor.pointers(event) == [f"/{name}"]


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time", "subject", "extension"])
def test_an_attribute_is_not_empty(visitor: Visitor, name: str) -> None:
    assert visitor.pointers({**activity(event_id="one"), name: ""})[0] == f"/{name}"


@pytest.mark.parametrize("version", ["0.3", "1.1", "2.0", "1", 1.0])
def test_the_version_of_the_specification_is_1_0(visitor: Visitor, version: Any) -> None:
    assert visitor.pointers({**activity(event_id="one"), "specversion": version}) == ["/specversion"]


@pytest.mark.parametrize(
    "source", ["urn:nld:kvknr:00000000:systeem:agenda", "/agenda", "https://example.org/agenda", "a"]
)
def test_a_source_is_a_uri_reference(visitor: Visitor, source: str) -> None:
    assert visitor.post(activity(source=source)).status_code == 201


@pytest.mark.parametrize("source", ["with space", "<a>", "a\\b", "{a}", "^", "%zz", "%"])
def test_what_is_no_uri_reference_is_no_source(visitor: Visitor, source: str) -> None:
    assert visitor.pointers(activity(source=source)) == ["/source"]


@pytest.mark.parametrize("name", ["Extension", "my-extension", "my_extension", "ext.ension", "é", "", "e x"])
def test_names_are_lower_case_letters_and_digits(visitor: Visitor, name: str) -> None:
    assert visitor.pointers({**activity(event_id="one"), name: "value"}) == [f"/{name}"]


def test_a_name_longer_than_twenty_characters_is_allowed(visitor: Visitor) -> None:
    assert visitor.told(visitor.post({**activity(), "a" * 30: "value"}))["a" * 30] == "value"


@pytest.mark.parametrize("value", [-(2**31), -1, 0, 2**31 - 1, True, False, "text", "é 漢 😀"])
def test_an_unknown_extension_is_kept_and_travels_on(visitor: Visitor, value: Any) -> None:
    kept = visitor.told(visitor.post({**activity(), "extension": value}))["extension"]
    assert (kept, type(kept)) == (value, type(value))


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 10**30, 1.5, 1e400, [], {}, ["a"], {"a": "b"}])
def test_an_extension_is_a_text_a_truth_or_a_whole_number_of_32_bits(visitor: Visitor, value: Any) -> None:
    if value == 1e400:
        raw = b'{"extension": 1e400}'
        assert visitor.send(raw, {"Content-Type": "application/cloudevents+json"}).status_code == 400
        return
    if value == 10**30:
        raw = b'{"specversion": "1.0", "extension": 1' + b"0" * 30 + b"}"
        assert visitor.send(raw, {"Content-Type": "application/cloudevents+json"}).status_code == 400
        return
    assert visitor.pointers({**activity(event_id="one"), "extension": value}) == ["/extension"]


def test_a_null_extension_is_as_if_it_were_not_there(visitor: Visitor) -> None:
    assert "extension" not in visitor.told(visitor.post({**activity(), "extension": None, "subject": None}))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
def test_texts_hold_no_control_characters_and_no_noncharacters(visitor: Visitor, name: str, character: str) -> None:
    event = {**activity(event_id="one"), name: f"a{character}b"}
    assert f"/{name}" in visitor.pointers(event)


@pytest.mark.parametrize("name", ["id", "subject", "extension"])
@pytest.mark.parametrize("half", [rb"\ud800", rb"\udfff", rb"\udc00\ud800"])
def test_half_a_surrogate_pair_is_refused(visitor: Visitor, name: str, half: bytes) -> None:
    raw = b'{"specversion": "1.0", "' + name.encode() + b'": "a' + half + b'b"}'
    answer = visitor.send(raw, {"Content-Type": "application/cloudevents+json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00.123456789+01:00",
        "2026-03-01t12:00:00z",
        "2024-02-29T23:59:59-05:30",
    ],
)
def test_a_time_is_an_rfc_3339_timestamp(visitor: Visitor, time: str) -> None:
    assert visitor.post(activity(time=time)).status_code == 201


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00Z",
        "2026-02-29T12:00:00Z",
        "2026-03-01T25:00:00Z",
        "20260301T120000Z",
        "2026-W09-7T12:00:00Z",
        "1772366400",
        1772366400,
        "yesterday",
    ],
)
def test_what_is_no_rfc_3339_timestamp_is_no_time(visitor: Visitor, time: Any) -> None:
    assert visitor.pointers(activity(event_id="one", time=time)) == ["/time"]


def test_data_and_data_base64_do_not_go_together(visitor: Visitor) -> None:
    assert visitor.pointers({**activity(), "data_base64": "e30="}) == ["/data_base64"]


def test_data_is_json_and_that_is_also_what_no_content_type_means(visitor: Visitor) -> None:
    for number, kind in enumerate(["application/json", "application/json; charset=utf-8", "application/x+json"]):
        assert visitor.post({**activity(f"kind-{number}"), "datacontenttype": kind}).status_code == 201
    nothing_said = activity("no-kind")
    del nothing_said["datacontenttype"]
    assert visitor.post(nothing_said).status_code == 201
    assert visitor.pointers({**activity(), "datacontenttype": "text/plain"}) == ["/datacontenttype"]


def test_an_unknown_member_of_data_is_an_error_at_its_place(visitor: Visitor) -> None:
    event = activity(location={"name": "Het Trefpunt", "colour": "red"}, extra=1)
    assert visitor.pointers(event) == ["/data/location/colour", "/data/extra"]
