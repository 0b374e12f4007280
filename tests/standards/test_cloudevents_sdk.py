"""The official CloudEvents SDK for Python as a client of the door, and as a reader of the stream and the log."""

from datetime import datetime
from typing import Any

import httpx
import orjson
import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.http import (
    HTTPMessage,
    from_binary_event,
    from_structured_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent

from tests.factories import Json, activity, head_count, signup
from tests.standards.visitors import BATCH, STRUCTURED, Visitor

ODD = {"place": "Enschedé 100%", "said": '"vol" & klaar', "page": 3, "urgent": True}


def built(event: Json, **more: Any) -> CloudEvent:
    """The event as the SDK builds it: the SDK wants a moment for `time`."""
    attributes = {name: value for name, value in event.items() if name != "data"}
    moment = datetime.fromisoformat(event["time"])
    return CloudEvent(attributes={**attributes, "time": moment, **more}, data=event["data"])


def send(visitor: Visitor, message: HTTPMessage) -> httpx.Response:
    return visitor.send(message.body, dict(message.headers))


@pytest.mark.parametrize("made", [to_structured_event, to_binary_event])
def test_an_event_that_the_sdk_built_is_accepted(visitor: Visitor, made: Any) -> None:
    answer = send(visitor, made(built(activity(capacity=12), **ODD)))
    assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")
    told = visitor.told(answer)
    assert (told["place"], told["said"]) == (ODD["place"], ODD["said"])
    assert told["data"]["capacity"] == 12


def test_the_two_modes_of_the_sdk_carry_one_event(visitor: Visitor) -> None:
    event = built(activity(event_id="Enschedé 100%"), place=ODD["place"], subject="Enschedé 100%")
    assert send(visitor, to_structured_event(event)).status_code == 201
    again = send(visitor, to_binary_event(event))
    assert (again.status_code, again.json()["outcome"], again.json()["id"]) == (200, "duplicate", "Enschedé 100%")


def test_several_sdk_events_make_a_batch(visitor: Visitor) -> None:
    """The SDK has no batch of its own: an array of its structured bodies is one."""
    events = [activity(), signup("s1"), head_count()]
    bodies = [to_structured_event(built(event)).body for event in events]
    answer = visitor.send(b"[" + b",".join(bodies) + b"]", {"Content-Type": BATCH})
    assert [one["status"] for one in answer.json()["results"]] == [201, 201, 201]


def test_what_the_sdk_invents_for_a_careless_client_is_a_complete_event(visitor: Visitor) -> None:
    careless = {"type": "nl.meedoen.activity-scheduled.v1", "source": "urn:nld:kvknr:00000000:systeem:agenda"}
    event = CloudEvent(attributes=careless, data=activity()["data"])
    assert send(visitor, to_structured_event(event)).status_code == 201


def test_the_sdk_reads_our_entry_on_the_stream_as_we_mean_it(visitor: Visitor) -> None:
    entry = visitor.entry(visitor.post({**activity(), **ODD}))
    assert_read_as_meant(from_structured_event(HTTPMessage({"content-type": STRUCTURED}, entry)), orjson.loads(entry))


def test_the_sdk_reads_an_item_of_the_log_as_we_mean_it(visitor: Visitor) -> None:
    sequence = int(visitor.post({**activity(), **ODD}).headers["Komerbij-Sequence"])
    (item,) = visitor.http.get("/v1/log", params={"after": sequence - 1, "limit": 1}).json()["items"]
    read = from_structured_event(HTTPMessage({"content-type": STRUCTURED}, orjson.dumps(item)))
    assert_read_as_meant(read, item)


def test_our_entry_survives_the_sdks_binary_mode(visitor: Visitor) -> None:
    entry = visitor.entry(visitor.post({**activity(), "place": ODD["place"], "said": ODD["said"]}))
    read = from_structured_event(HTTPMessage({"content-type": STRUCTURED}, entry))
    assert_read_as_meant(from_binary_event(to_binary_event(read)), orjson.loads(entry))


def assert_read_as_meant(read: BaseCloudEvent, meant: Json) -> None:
    """Every attribute and the data; `time` as the moment it is."""
    attributes = {name: value for name, value in meant.items() if name != "data"}
    moment = datetime.fromisoformat(meant["time"])
    assert {**read.get_attributes()} == {**attributes, "time": moment}
    assert read.get_data() == meant["data"]


def test_bytes_given_to_the_sdk_are_json_in_binary_mode_and_refused_by_name_in_structured_mode(
    visitor: Visitor,
) -> None:
    """In structured mode the SDK turns bytes into `data_base64`; our data is JSON, and the fault says so."""
    event = activity(event_id="one")
    attributes = {**built(event).get_attributes()}
    of_bytes = CloudEvent(attributes=attributes, data=orjson.dumps(event["data"]))
    refused = send(visitor, to_structured_event(of_bytes))
    assert (refused.status_code, {fault["pointer"] for fault in refused.json()["errors"]}) == (
        400,
        {"/data_base64", "/data"},
    )
    assert send(visitor, to_binary_event(of_bytes)).status_code == 201
