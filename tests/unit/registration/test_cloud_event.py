"""The attributes of a posted CloudEvent: which are needed, which are kept, and on whose behalf it speaks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.http.keys import Caller
from tests.factories import activity, event, signup, withdrawal
from tests.unit.registration.examples import MINIMAL, by_pointer, read, refusal

ADMIN = Caller("admin", None, frozenset({"admin"}))
SERVICE = Caller("service", None, frozenset({"service"}))


def with_(**attributes: Any) -> dict[str, Any]:
    """A valid event with other attributes."""
    return {**activity(), **attributes}


def pointers(posted: Any, caller: Caller | None = None) -> dict[str, str]:
    return by_pointer((refusal(posted, caller) if caller else refusal(posted)).faults)


def test_what_was_posted_is_what_is_read() -> None:
    post = read(activity(event_id="one", time="2026-03-01T12:30:00+01:00"))
    assert post.key == ("avedan", "urn:nld:test:avedan", "one")
    assert post.time == datetime(2026, 3, 1, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
def test_a_required_attribute_that_is_missing_or_null_is_a_fault(name: str) -> None:
    assert pointers({k: v for k, v in activity().items() if k != name}) == {f"/{name}": "missing"}
    assert pointers(with_(**{name: None})) == {f"/{name}": "missing"}


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert pointers({}) == dict.fromkeys(["/specversion", "/id", "/source", "/type", "/time"], "missing")


@pytest.mark.parametrize("posted", [[], "event", 5, None, True])
def test_an_event_is_an_object(posted: Any) -> None:
    assert pointers(posted) == {"": "object"}


@pytest.mark.parametrize("value", ["0.3", "1", 1.0, "", "1.0\n"])
def test_the_version_of_cloud_events_is_1_0(value: Any) -> None:
    assert "/specversion" in pointers(with_(specversion=value))


@pytest.mark.parametrize("name", ["id", "source", "type", "subject", "dataschema"])
@pytest.mark.parametrize("value", ["", 5, ["x"], {}, True, "a\nb", "a\x00", "x" * 256])
def test_a_text_attribute_is_a_short_line(name: str, value: Any) -> None:
    assert f"/{name}" in pointers(with_(**{name: value}))


@pytest.mark.parametrize("source", ["met spatie", "urn:<x>", 'urn:"', "urn:a\n"])
def test_a_source_is_a_uri_reference(source: str) -> None:
    assert "/source" in pointers(with_(source=source))


@pytest.mark.parametrize("source", ["urn:nld:oin:00000001001234567000:systeem:x", "https://example.org/a?b#c", "/own"])
def test_urns_urls_and_relative_references_are_sources(source: str) -> None:
    assert read(with_(source=source)).source == source


@pytest.mark.parametrize("kind", ["nl.meedoen.signup-confirmed.v1", "nl.meedoen.activity-scheduled.v2", "x"])
def test_a_type_that_partners_do_not_post_is_a_fault(kind: str) -> None:
    assert pointers(with_(type=kind)) == {"/type": "unknown-type"}


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/jsonp"])
def test_data_is_json(kind: str) -> None:
    assert pointers(with_(datacontenttype=kind)) == {"/datacontenttype": "datacontenttype"}


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/x+json"])
def test_every_json_is_json(kind: str) -> None:
    assert read(with_(datacontenttype=kind))


def test_data_in_base64_is_refused_beside_whatever_else_is_wrong() -> None:
    posted = {k: v for k, v in activity().items() if k != "data"}
    assert pointers({**posted, "data_base64": "e30="}) == {"/data_base64": "data-base64", "/data": "missing"}


def test_unknown_extensions_are_kept_and_a_null_one_is_absent() -> None:
    post = read(with_(traceparent="00-abc-def-01", rank=3, urgent=True, nothing=None))
    assert post.extensions == {"traceparent": "00-abc-def-01", "rank": 3, "urgent": True}


def test_what_registration_says_itself_is_never_taken_from_a_partner() -> None:
    post = read(
        with_(sequence="99", sequencetype="Integer", subject="activity/avedan/x", dataschema="https://x.example")
    )
    assert post.extensions == {}


@pytest.mark.parametrize("name", ["Traceparent", "trace-parent", "trace_parent", "é", "", "a" * 65, "rank\n"])
def test_the_name_of_an_extension_is_lower_case_letters_and_digits(name: str) -> None:
    assert pointers(with_(**{name: "x"})) == {f"/{name}": "attribute-name"}


def test_a_pointer_escapes_what_json_pointer_wants_escaped() -> None:
    assert pointers(with_(**{"a/b~c": "x"})) == {"/a~1b~0c": "attribute-name"}


@pytest.mark.parametrize("value", [1.5, [], {}, 2**40, -(2**40), "a\x07", ""])
def test_the_value_of_an_extension_is_a_text_a_boolean_or_a_small_number(value: Any) -> None:
    assert list(pointers(with_(rank=value))) == ["/rank"]


def test_a_time_may_run_five_minutes_ahead_and_no_further() -> None:
    assert read(with_(time="2026-03-01T12:05:00Z"))
    refused = refusal(with_(time="2026-03-01T12:05:00.000001Z"))
    assert (refused.code, refused.faults[0].pointer) == ("future-time", "/time")


def test_a_future_time_beside_other_faults_is_one_of_them() -> None:
    refused = refusal({**with_(time="2027-01-01T00:00:00Z"), "specversion": "2"})
    assert refused.code == "invalid"
    assert by_pointer(refused.faults) == {"/specversion": "specversion", "/time": "future-time"}


def test_a_partners_key_says_on_whose_behalf_and_partnerid_may_only_agree() -> None:
    assert read(with_(partnerid="avedan")).partner_id == "avedan"
    refused = refusal(with_(partnerid="humanitas"))
    assert (refused.code, refused.faults[0].pointer) == ("partner-not-allowed", "/partnerid")


def test_an_admin_key_must_say_on_whose_behalf() -> None:
    assert read(with_(partnerid="humanitas"), ADMIN).partner_id == "humanitas"
    assert pointers(activity(), ADMIN) == {"/partnerid": "missing"}


@pytest.mark.parametrize("value", ["", "a b", "a/b", "x" * 65, "a\n", 5])
def test_whom_an_admin_key_names_is_an_id(value: Any) -> None:
    assert "/partnerid" in pointers(with_(partnerid=value), ADMIN)


def test_the_service_key_may_withdraw_a_sign_up_and_nothing_else() -> None:
    assert read(withdrawal(partnerid="avedan"), SERVICE).partner_id == "avedan"
    assert refusal(signup(partnerid="avedan"), SERVICE).code == "partner-not-allowed"


def test_a_foreign_partner_outweighs_every_other_fault() -> None:
    posted = event("signup-placed", {**MINIMAL["signup-placed"], "participant": {"ref": "a@example.org"}})
    refused = refusal({**posted, "partnerid": "humanitas"})
    assert refused.code == "partner-not-allowed"
    assert list(by_pointer(refused.faults)) == ["/data/participant/ref", "/partnerid"]


def fingerprint(**attributes: Any) -> str:
    return read(with_(**attributes)).fingerprint


def test_a_fingerprint_does_not_depend_on_the_order_of_members() -> None:
    turned = {**dict(reversed(activity().items())), "data": dict(reversed(activity()["data"].items()))}
    assert read(turned).fingerprint == fingerprint()


def test_a_fingerprint_takes_a_time_as_an_instant() -> None:
    assert fingerprint(time="2026-03-01T13:00:00.000+01:00") == fingerprint(time="2026-03-01T12:00:00Z")


@pytest.mark.parametrize(
    "attributes",
    [
        {"time": "2026-03-01T11:59:59Z"},
        {"data": {**MINIMAL["activity-scheduled"], "capacity": 5}},
        {"traceparent": "00-abc"},
        {"type": "nl.meedoen.activity-cancelled.v1", "data": {"activityId": "bingo-1"}},
    ],
)
def test_a_fingerprint_tells_other_content_apart(attributes: dict[str, Any]) -> None:
    assert fingerprint(**attributes) != fingerprint()


def test_a_fingerprint_cannot_be_made_without_the_key_and_shows_nothing() -> None:
    assert "bingo" not in fingerprint()
    assert len(fingerprint()) == 32
