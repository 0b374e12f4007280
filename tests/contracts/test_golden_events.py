"""Every event version has one example that never changes: what is on the stream today is readable for good."""

import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.events.envelope import cloud_event, read_event, read_members, write_event
from shared.events.streams import EVENT_CLASSES

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(GOLDEN.glob("*.json"))

_ID = r"[A-Za-z0-9._-]{1,64}"
SUBJECTS = {
    "activity": rf"activity/{_ID}/{_ID}",
    "signup": rf"signup/{_ID}/{_ID}",
    "attendance": rf"attendance/{_ID}/{_ID}/[a-z2-7]+/(participant|volunteer|professional)",
    "visitors": rf"visits/{_ID}/{_ID}/{_ID}",
    "outreach": rf"outreach/{_ID}/{_ID}",
    "volunteer": rf"assignment/{_ID}/{_ID}",
    "member": rf"member/{_ID}/{_ID}",
    "partner": rf"partner/{_ID}",
    "participant": r"person/[a-z2-7]+",
}
"""First word of the event's name -> the form of its subject (contract section 9)."""


def canonical(value: Any) -> bytes:
    """JSON with sorted members, so that equal means equal in every byte (1 is neither 1.0 nor true)."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def load(path: Path) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return whole


def test_every_event_class_has_an_example_and_every_example_a_class() -> None:
    assert {path.stem for path in EXAMPLES} == set(EVENT_CLASSES)
    assert {path.stem: load(path)["type"] for path in EXAMPLES} == {name: name for name in EVENT_CLASSES}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_read_and_written_back_without_a_change(path: Path) -> None:
    whole = load(path)
    event = read_members(whole)
    again = cloud_event(event.id, event.subject, event.type, event.time, event.data, event.extensions)
    assert type(event.data) is EVENT_CLASSES[path.stem]
    assert canonical(again["data"]) == canonical(whole["data"])
    assert canonical(orjson.loads(write_event(again, event.sequence, on_stream=True))) == canonical(whole)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_the_same_event_on_the_stream_and_in_the_log(path: Path) -> None:
    whole = load(path)
    on_stream = read_event(write_event(whole, int(whole["sequence"]), on_stream=True))
    in_log = read_event(write_event(whole, int(whole["sequence"]), on_stream=False))
    assert on_stream == in_log == read_members(whole)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_subject_of_an_example_is_the_natural_key_of_the_contract(path: Path) -> None:
    whole = load(path)
    assert re.fullmatch(SUBJECTS[read_members(whole).name.partition("-")[0]], whole["subject"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_member_that_this_version_does_not_know_harms_no_reader(path: Path) -> None:
    whole = load(path)
    newer = {**whole, "data": {**whole["data"], "aMemberOfTomorrow": 1}}
    assert read_members(newer).data == read_members(whole).data
