"""The NL GOV profile for CloudEvents, point by point: over what the door takes and what the stream publishes."""

import itertools
import re
import uuid
from typing import Any

import httpx
import orjson
import pytest
import redis

from services.registration.schemas.posted import POSTED_TYPES
from shared.events.asyncapi import document
from shared.events.envelope import SOURCE
from shared.events.streams import EVENT_CLASSES, FIELD, STREAM
from tests.architecture.documents import document as text_of
from tests.architecture.documents import names, rows, section
from tests.factories import (
    Json,
    activity,
    assignment,
    attendance,
    erasure,
    head_count,
    membership,
    outreach,
    participant,
    signup,
    withdrawal,
)
from tests.servers import System, eventually
from tests.standards.visitors import BATCH, Visitor

OF_A_PERSON = {
    "name": "Wilhelmina Zonneveld-Planted",
    "email": "wilhelmina.planted@example.org",
    "phone": "+31 6 98765432",
    "address": {"street": "Plantedlaan 12", "postalCode": "7600 ZZ", "city": "Almelo"},
}
PLANTED = ("Zonneveld", "wilhelmina.planted", "98765432", "Plantedlaan", "7600 ZZ", "ref-planted", "ziek-planted")
WHO = participant("ref-planted", ageBand="75-84", neighbourhood="De Riet", **OF_A_PERSON)
WITH_PEOPLE = [
    activity(),
    signup("s1", participant=WHO),
    signup("s2", participant=participant("ref-planted-2", **OF_A_PERSON)),
    withdrawal("s1", reason="ziek-planted"),
    attendance(participant=WHO),
    head_count(),
    outreach(),
    assignment(participant=WHO),
    membership(),
    erasure("ref-planted-2"),
]
_PERSON = r"[a-z2-7]{32}|erased-[0-9a-f]{32}"


@pytest.fixture(scope="module")
def published(registration_process: System, own_redis: str) -> list[Json]:
    """All that stands on the stream after events about people, read from the stream itself."""
    with registration_process.client("registration") as http:
        visitor = Visitor.arrive(http, "profile", own_redis)
        answer = visitor.post(WITH_PEOPLE, BATCH).json()
        assert answer["summary"]["accepted"] == len(WITH_PEOPLE)
        with redis.Redis.from_url(own_redis) as client:
            eventually(lambda: client.xrange(STREAM, answer["sequence"], answer["sequence"]), what="the last entry")
            entries: Any = client.xrange(STREAM)
    return [orjson.loads(fields[FIELD.encode()]) for _, fields in entries]


def guide() -> str:
    """What partners read about the write door."""
    return section(text_of("docs/api.md"), "The write door")


def test_id_is_a_random_uuid_where_we_make_it_and_the_guide_says_what_partners_take(published: list[Json]) -> None:
    assert {uuid.UUID(event["id"]).version for event in published} == {4}
    assert len({event["id"] for event in published}) == len(published)
    assert re.search(r"Best is an id that belongs to the fact", guide())


def test_source_is_published_as_a_urn_nld_with_organisation_and_system(published: list[Json]) -> None:
    assert {event["source"] for event in published} == {SOURCE}
    assert re.fullmatch(r"urn:nld:[a-z0-9-]+:systeem:[a-z0-9-]+", SOURCE)


@pytest.mark.parametrize(
    "source",
    [
        "urn:nld:oin:00000001823288444000:systeem:agenda",
        "urn:nld:kvknr:27312489:systeem:aanmeldingen-2",
        "urn:nld:kvknr:27312489:systeem:Wijk%20%26%20Buurt",
    ],
)
def test_source_is_accepted_as_a_urn_nld_of_a_government_and_of_others(visitor: Visitor, source: str) -> None:
    assert visitor.post(activity(source=source)).json()["source"] == source


def test_source_is_recommended_as_a_urn_in_the_guide() -> None:
    assert "`source` is best a URN `urn:nld:" in guide()


@pytest.mark.parametrize("name", sorted({*POSTED_TYPES, *EVENT_CLASSES}))
def test_type_is_a_reverse_domain_name_with_one_version_and_no_organisation(name: str) -> None:
    assert re.fullmatch(r"nl\.meedoen\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*", name)


def test_the_meaning_of_every_type_is_documented() -> None:
    posted = {f"nl.meedoen.{name}.v1" for name in names(guide())} & set(POSTED_TYPES)
    assert posted == set(POSTED_TYPES)
    said = {row[0]: row[1] for row in rows(guide()) if f"nl.meedoen.{row[0].strip('`')}.v1" in POSTED_TYPES}
    assert all(said.values())
    assert all(len(message["summary"]) > 5 for message in document()["components"]["messages"].values())


def test_time_is_the_moment_of_recording_and_the_partners_own_time_is_in_the_data(published: list[Json]) -> None:
    for event in published:
        assert event["time"] == event["data"]["recordedAt"]
    posted = [event for event in published if event["data"]["partnerId"] == "profile" and "title" in event["data"]]
    assert [event["data"]["occurredAt"] for event in posted] == ["2026-03-01T12:00:00Z"]


def test_the_meaning_of_time_is_documented_in_the_guide_for_partners() -> None:
    assert re.search(r"\*\*`time`\*\* is the moment at which the partner recorded the fact", guide())
    assert "It decides which of two facts" in guide()


def test_subject_is_the_natural_key_of_our_own_ids_and_no_citizen_number(published: list[Json]) -> None:
    thing, other = r"[A-Za-z0-9._-]{1,64}", r"[A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64}"
    forms = (
        rf"(activity|signup|outreach|assignment|member)/{other}",
        rf"visits/{other}/{thing}",
        rf"attendance/{other}/({_PERSON})/(participant|volunteer|professional)",
        rf"partner/{thing}",
        rf"person/({_PERSON})",
    )
    wrong = [e["subject"] for e in published if not any(re.fullmatch(form, e["subject"]) for form in forms)]
    assert wrong == []


def test_no_attribute_and_no_data_on_the_stream_holds_what_belongs_to_a_person(published: list[Json]) -> None:
    attributes = orjson.dumps([{n: v for n, v in event.items() if n != "data"} for event in published]).decode()
    assert [word for word in PLANTED if word in attributes] == []
    assert [word for word in PLANTED if word in orjson.dumps(published).decode()] == []


@pytest.mark.usefixtures("published")
def test_no_log_line_and_no_metric_holds_what_belongs_to_a_person(registration_process: System) -> None:
    log = (registration_process.folder / "registration.log").read_text(encoding="utf-8")
    metrics = httpx.get(f"{registration_process.url('registration')}/metrics", timeout=10).text
    assert len(metrics) > 1000
    assert [word for word in PLANTED if word in log or word in metrics] == []


def test_sequence_is_a_text_that_rises_by_one_without_gaps_from_1(published: list[Json]) -> None:
    assert {event["sequencetype"] for event in published} == {"Integer"}
    assert [event["sequence"] for event in published] == [str(number + 1) for number in range(len(published))]
    assert all(int(event["sequence"]) < 2**31 for event in published)


def test_a_partners_own_sequence_gives_way_to_ours(visitor: Visitor) -> None:
    answer = visitor.post({**activity(), "sequence": "007", "sequencetype": "Integer"})
    assert visitor.told(answer)["sequence"] == answer.headers["Komerbij-Sequence"]


def test_dataref_is_not_used(published: list[Json]) -> None:
    assert [event for event in published if "dataref" in event] == []
    assert all(isinstance(event["data"], dict) for event in published)


def test_traceparent_is_allowed_and_travels_on(visitor: Visitor) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert visitor.told(visitor.post({**activity(), "traceparent": trace}))["traceparent"] == trace


def test_structured_and_one_by_one_is_the_default_and_batches_are_announced(published: list[Json]) -> None:
    assert {(event["specversion"], event["datacontenttype"]) for event in published} == {("1.0", "application/json")}
    assert document()["defaultContentType"] == "application/cloudevents+json"
    assert "application/cloudevents-batch+json" in guide()


def test_every_published_attribute_name_is_lower_case_and_short(published: list[Json]) -> None:
    found = set(itertools.chain.from_iterable(published))
    assert [name for name in found if not re.fullmatch(r"[a-z0-9]+", name)] == []
    ours = {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "data",
        "sequence",
        "sequencetype",
    }
    assert max(map(len, ours)) <= 20
    assert ours <= found
