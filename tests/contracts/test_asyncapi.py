"""The AsyncAPI document: fresh, valid, complete, and true of every entry on a real stream."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator

from shared.events.asyncapi import document, payload_schema, rendered
from shared.events.asyncapi_examples import example
from shared.events.envelope import read_members
from shared.events.streams import CONSUMERS, EVENT_CLASSES, FIELD, PRODUCER, STREAM
from tests.e2e.conftest import example_lines
from tests.factories import (
    activity,
    assignment,
    attendance,
    cancellation,
    departure,
    erasure,
    head_count,
    membership,
    outreach,
    participant,
    release,
    signup,
    withdrawal,
)
from tests.integration.registration.running import MUNICIPALITY, Registration, running_registration
from tests.servers import ADMIN, ROOT, eventually

LATER = "2026-03-01T12:01:00Z"
IN_ALL_MEMBERS = activity(
    "walk",
    capacity=1,
    volunteerCapacity=2,
    waitingList=True,
    participation="signup",
    seriesId="walks",
    description="Een rondje om de vijver.\nKoffie na afloop.",
    contactPhone="0546 000 000",
    signupClosesAt="2026-03-09T12:00:00+01:00",
    location={"name": "De Brug", "address": "Brugweg 1", "neighbourhood": "De Riet"},
)
STORY = [
    {**activity(), "place": "Enschedé 100%", "urgent": True, "page": 3},
    activity(title="Bingo met taart", time=LATER),
    cancellation(time="2026-03-01T12:02:00Z", reason="De zaal is niet vrij."),
    IN_ALL_MEMBERS,
    signup("s1", "walk", participant=participant("c1", ageBand="65-74", neighbourhood="De Riet")),
    signup("s2", "walk", ref="c2"),
    withdrawal("s1"),
    attendance("walk", signupId="s2", partySize=2),
    attendance("walk", ref="c3", outcome="excused", role="professional"),
    head_count("walk", value=None),
    head_count("walk", value=0, count_key="door-1", method="estimate"),
    outreach(personalised=70, precision="about", personalisedPrecision="over", seriesId="cards"),
    outreach("o2", void=True),
    assignment(seriesId="walks"),
    release(),
    membership(viaActivityId="walk"),
    departure(),
    erasure("c2"),
]
"""Every type, with and without what is optional; `partner-joined` and `-left` are told by the operator."""


def validator(event_type: str) -> Draft7Validator:
    return Draft7Validator(payload_schema(event_type), format_checker=Draft7Validator.FORMAT_CHECKER)


def test_the_file_in_the_documentation_is_fresh() -> None:
    kept = (ROOT / "docs" / "asyncapi.json").read_text(encoding="utf-8")
    assert kept == rendered(), "make it again: python -m shared.events.asyncapi > docs/asyncapi.json"


def test_an_asyncapi_3_reader_reads_all_of_it() -> None:
    read = ApplicationSchema.model_validate(document())
    assert read.asyncapi == "3.1.0"
    assert read.channels["events"].address == STREAM
    assert read.components is not None
    assert len(read.components.messages or {}) == len(EVENT_CLASSES)


def test_every_reference_leads_somewhere_and_has_nothing_beside_it() -> None:
    """What stands beside a reference is not read in JSON Schema draft 7."""
    whole = document()
    found = list(references(whole))
    assert len(found) > len(EVENT_CLASSES)
    assert [one for one in found if len(one) > 1] == []
    assert [one["$ref"] for one in found if target(whole, one["$ref"]) is None] == []


def references(node: Any) -> list[dict[str, Any]]:
    """Every object with a reference, wherever it stands outside examples."""
    if isinstance(node, list):
        return [one for item in node for one in references(item)]
    if not isinstance(node, dict):
        return []
    inside = [one for name, value in node.items() if name != "examples" for one in references(value)]
    return [node, *inside] if "$ref" in node else inside


def target(whole: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        whole = whole.get(part) if isinstance(whole, dict) else None
    return whole


def test_its_messages_are_the_types_in_code_and_no_others() -> None:
    whole = document()
    assert len(EVENT_CLASSES) == 17
    assert set(whole["components"]["messages"]) == set(EVENT_CLASSES)
    assert set(whole["channels"]["events"]["messages"]) == set(EVENT_CLASSES)
    assert {name: message["name"] for name, message in whole["components"]["messages"].items()} == {
        name: name for name in EVENT_CLASSES
    }


def test_it_says_who_writes_who_reads_and_in_which_group() -> None:
    whole = document()
    operations = list(whole["operations"].values())
    assert [o["tags"][0]["name"] for o in operations if o["action"] == "send"] == [PRODUCER]
    reading = [operation for operation in operations if operation["action"] == "receive"]
    assert [o["tags"][0]["name"] for o in reading] == list(CONSUMERS)
    assert [o["bindings"]["redis"]["groupName"] for o in reading] == list(CONSUMERS)
    assert whole["channels"]["events"]["bindings"]["redis"]["channel"] == STREAM
    assert all(len(operation["messages"]) == len(EVENT_CLASSES) for operation in operations)


def test_every_message_shares_the_trait_and_the_attributes_of_cloudevents() -> None:
    for message in document()["components"]["messages"].values():
        assert message["traits"] == [{"$ref": "#/components/messageTraits/cloudEvent"}]
        assert message["payload"]["allOf"][0] == {"$ref": "#/components/schemas/CloudEvent"}


@pytest.mark.parametrize("event_type", EVENT_CLASSES)
def test_every_schema_is_a_schema(event_type: str) -> None:
    Draft7Validator.check_schema(payload_schema(event_type))


@pytest.mark.parametrize("event_type", EVENT_CLASSES)
def test_an_example_is_what_its_schema_describes_and_what_a_consumer_reads(event_type: str) -> None:
    shown = example(event_type)
    assert list(validator(event_type).iter_errors(shown)) == []
    assert read_members(shown).type == event_type
    (said,) = document()["components"]["messages"][event_type]["examples"]
    assert said["payload"] == shown


def without(members: dict[str, Any], gone: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name != gone}


@pytest.mark.parametrize("event_type", EVENT_CLASSES)
def test_a_schema_refuses_what_is_not_its_event(event_type: str) -> None:
    shown, schema = example(event_type), validator(event_type)
    needed = [field.alias for field in EVENT_CLASSES[event_type].model_fields.values() if field.is_required()]
    wrong = [
        *(without(shown, gone) for gone in shown),
        *({**shown, "data": without(shown["data"], str(gone))} for gone in needed),
        {**shown, "sequence": 1},
        {**shown, "subject": "somewhere/else"},
        {**shown, "type": "nl.meedoen.something-else.v1"},
        {**shown, "Extension": "capital"},
        {**shown, "extension": {"no": "scalar"}},
    ]
    assert [one for one in wrong if schema.is_valid(one)] == []


@pytest.fixture(scope="module")
def on_the_stream(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> list[tuple[str, dict[str, Any]]]:
    """The id and the event of every entry that a real service put on a real stream."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
        with running_registration(Path(tmp_path_factory.mktemp("asyncapi")), redis_server) as registration:
            tell_everything(registration)
            head = registration.log()[-1]["sequence"]
            entries: Any = eventually(lambda: found if len(found := client.xrange(STREAM)) == head else None)
    assert all(set(fields) == {FIELD.encode()} for _, fields in entries)
    return [(entry_id.decode(), orjson.loads(fields[FIELD.encode()])) for entry_id, fields in entries]


def tell_everything(registration: Registration) -> None:
    partner = {"name": "Cosbo", "kind": "chain-partner", "municipality": MUNICIPALITY, "joinedOn": "2020-02-01"}
    for leaving in ({}, {"leftOn": "2026-01-31"}):
        answer = registration.http.put("/v1/partners/cosbo", json={**partner, **leaving}, headers=ADMIN)
        assert answer.status_code == 200
    registration.tell(*STORY)


def test_every_type_of_the_document_was_seen_on_a_real_stream(
    on_the_stream: list[tuple[str, dict[str, Any]]],
) -> None:
    assert {event["type"] for _, event in on_the_stream} == set(EVENT_CLASSES)


def test_every_entry_of_a_real_stream_is_what_the_document_says(
    on_the_stream: list[tuple[str, dict[str, Any]]],
) -> None:
    for entry_id, event in on_the_stream:
        assert [error.message for error in validator(event["type"]).iter_errors(event)] == []
        assert entry_id == f"{event['sequence']}-0"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", event["time"])
    assert [event["sequence"] for _, event in on_the_stream] == [str(n + 1) for n in range(len(on_the_stream))]


def test_every_event_of_the_example_years_is_what_the_document_says(tmp_path: Path) -> None:
    """What the log shows is what goes on the stream, but for `sequence`, which is a number there."""
    validators = {event_type: validator(event_type) for event_type in EVENT_CLASSES}
    seen = 0
    with running_registration(tmp_path) as registration:
        registration.clock.forward(days=365)
        lines = example_lines()
        for start in range(0, len(lines), 1000):
            assert registration.post_batch(lines[start : start + 1000], ADMIN).status_code == 200
        while items := registration.log(seen):
            for item in items:
                on_stream = {**item, "sequence": str(item["sequence"])}
                assert validators[item["type"]].is_valid(on_stream), item["type"]
            seen = items[-1]["sequence"]
    assert seen > 3000


def test_an_entry_has_no_member_that_the_document_does_not_name(
    on_the_stream: list[tuple[str, dict[str, Any]]],
) -> None:
    """Consumers overlook what they do not know, so the schemas let it pass: here nothing passes."""
    schemas = document()["components"]["schemas"]
    for _, event in on_the_stream:
        known = schemas[EVENT_CLASSES[event["type"]].__name__]["properties"]
        assert set(event["data"]) == set(known)
