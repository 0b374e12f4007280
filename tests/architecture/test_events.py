"""The stream carries what contract section 4 lists, from one producer to two consumers, and nothing else."""

import re

from shared.events.streams import CONSUMERS, EVENT_CLASSES, FIELD, PRODUCER, STREAM
from tests.architecture.source_tree import ROOT, SERVICES

CONTRACT_TYPES = {
    "activity-scheduled",
    "activity-changed",
    "activity-cancelled",
    "signup-confirmed",
    "signup-waitlisted",
    "signup-promoted",
    "signup-withdrawn",
    "attendance-recorded",
    "visitors-counted",
    "outreach-recorded",
    "volunteer-assigned",
    "volunteer-released",
    "member-joined",
    "member-left",
    "participant-erased",
    "partner-joined",
    "partner-left",
}


def class_name(name: str) -> str:
    """`signup-confirmed` version 1 is `SignupConfirmedV1`; head counts are called after what they count."""
    words = {"visitors-counted": "visits-counted"}.get(name, name).split("-")
    return "".join(word.capitalize() for word in words) + "V1"


def test_the_stream_carries_the_types_of_the_contract() -> None:
    assert set(EVENT_CLASSES) == {f"nl.meedoen.{name}.v1" for name in CONTRACT_TYPES}


def test_every_event_class_is_named_after_its_type_and_version() -> None:
    assert {cls.__name__ for cls in EVENT_CLASSES.values()} == {class_name(name) for name in CONTRACT_TYPES}


def test_no_two_types_share_a_class() -> None:
    assert len(set(EVENT_CLASSES.values())) == len(EVENT_CLASSES)


def test_one_service_writes_the_stream_and_the_others_read_it() -> None:
    assert (STREAM, FIELD) == ("meedoen.events", "__data__")
    assert {PRODUCER, *CONSUMERS} == set(SERVICES)
    assert PRODUCER not in CONSUMERS


def test_only_the_shared_streams_module_spells_out_the_name_of_the_stream() -> None:
    spelled = re.compile(r"""["']meedoen\.events["']""")
    files = [path for folder in ("services", "shared", "cli") for path in (ROOT / folder).rglob("*.py")]
    found = [path for path in files if spelled.search(path.read_text(encoding="utf-8"))]
    assert found == [ROOT / "shared" / "events" / "streams.py"]
