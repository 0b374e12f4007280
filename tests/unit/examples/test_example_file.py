"""The committed example year: its shape, its times, and that nobody can be found in it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from examples.almelo import count, generate

FOLDER = count.EXPECTED.parent
Event = dict[str, Any]
ENVELOPE = {"specversion", "id", "source", "type", "time", "partnerid", "datacontenttype", "data"}
MEMBERS = {
    "activity-scheduled": "activityId title kind goal startsAt endsAt location "
    "capacity? volunteerCapacity? waitingList? participation? seriesId? description? contactPhone? signupClosesAt?",
    "activity-cancelled": "activityId reason?",
    "signup-placed": "signupId activityId participant role? partySize? reminders?",
    "signup-withdrawn": "signupId reason?",
    "attendance-recorded": "activityId outcome signupId? participant? role? partySize?",
    "visitors-counted": "activityId countKey value method?",
    "outreach-recorded": "outreachId kind label date goal "
    "seriesId? quantity? personalised? precision? personalisedPrecision? void?",
    "volunteer-assigned": "assignmentId participant seriesId? from",
    "volunteer-released": "assignmentId until",
    "member-joined": "memberId kind joinedOn viaActivityId?",
    "member-left": "memberId leftOn",
}
CODES = {
    "kind": "bingo walk visit meal meeting-place congress course sport other "
    "cards flowers easter-eggs lights stand campaign organisation professional",
    "goal": "awareness initiative local-approach",
    "outcome": "present absent excused",
    "role": "volunteer professional",
    "participation": "signup drop-in both",
    "ageBand": "0-17 18-34 35-49 50-64 65-74 75-84 85+",
    "precision": "exact about over more-than",
    "personalisedPrecision": "exact about over more-than",
    "method": "tally estimate",
}
MOMENTS = ("startsAt", "endsAt", "signupClosesAt")


def name(event: Event) -> str:
    """The type without what all types share."""
    return str(event["type"]).removeprefix("nl.meedoen.").removesuffix(".v1")


def members(value: object) -> Iterator[tuple[str, object]]:
    """Every member below, however deep."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key, below
            yield from members(below)


def participants(events: list[Event]) -> list[tuple[str, Event]]:
    """Each (partner, participant) that is told."""
    return [(e["partnerid"], e["data"]["participant"]) for e in events if "participant" in e["data"]]


def test_generator_writes_the_committed_bytes_again(tmp_path: Path) -> None:
    generate.write(tmp_path)
    for file in (count.EVENTS, count.SETUP):
        assert (tmp_path / file).read_bytes() == (FOLDER / file).read_bytes()


def test_another_seed_shuffles_people_and_moves_no_figure(setup: Event, events: list[Event]) -> None:
    lines = [event.line() for event in generate.build(seed=7)]
    assert [json.loads(line) for line in lines] != events
    assert count.differences(json.loads(count.EXPECTED.read_text(encoding="utf-8")), count.counted(lines, setup)) == []


@pytest.mark.parametrize("start", [["examples/almelo/generate.py"], ["-m", "examples.almelo.generate"]])
def test_generator_runs_as_a_file_and_as_a_module(start: list[str], tmp_path: Path) -> None:
    command = [sys.executable, *start, str(tmp_path)]
    run = subprocess.run(command, cwd=FOLDER.parents[1], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith("Every expected figure comes out.\n")


def test_every_line_is_a_structured_cloudevent_of_its_partner(events: list[Event], setup: Event) -> None:
    partners = {partner["partnerId"] for partner in setup["partners"]}
    for event in events:
        assert set(event) == ENVELOPE
        assert event["specversion"] == "1.0"
        assert event["partnerid"] in partners
        assert event["source"] == f"urn:nld:komerbij-voorbeeld:{event['partnerid']}"


def test_data_has_every_required_member_and_no_unknown_one(events: list[Event]) -> None:
    for event in events:
        known = MEMBERS[name(event)].split()
        required = {member for member in known if not member.endswith("?")}
        assert required <= set(event["data"]) <= {member.rstrip("?") for member in known}


def test_attendance_names_a_signup_or_a_participant_and_never_both(events: list[Event]) -> None:
    recorded = [event["data"] for event in events if name(event) == "attendance-recorded"]
    assert all(("signupId" in data) != ("participant" in data) for data in recorded)


def test_codes_come_from_the_code_lists(events: list[Event]) -> None:
    for event in events:
        for member, value in members(event["data"]):
            assert member not in CODES or str(value) in CODES[member].split()


def test_ids_and_references_are_well_formed(events: list[Event]) -> None:
    pattern = re.compile(r"(gemeente-almelo/)?[A-Za-z0-9._-]{1,64}")
    for event in events:
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", event["id"])
        for member, value in members(event["data"]):
            if member.endswith("Id") or member in ("ref", "sharedRef", "countKey"):
                assert pattern.fullmatch(str(value))


def test_a_participant_has_a_reference_an_age_band_and_a_neighbourhood_and_nothing_more(events: list[Event]) -> None:
    allowed = {"ref", "sharedRef", "ageBand", "neighbourhood"}
    assert all({"ref"} <= set(participant) <= allowed for _, participant in participants(events))


def test_file_holds_no_email_address_or_telephone_number(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert "@" not in text
    assert not re.search(r"(?<!\d)(0|\+31|0031)[-\s]?[1-9](?:[-\s]?\d){8}(?!\d)", text)


def test_references_look_like_neither_a_telephone_number_nor_a_bsn(events: list[Event]) -> None:
    for _, participant in participants(events):
        told = [participant["ref"], participant.get("sharedRef", "")]
        assert not any(re.search(r"\d{8,}|^\+31|^0031|@", reference) for reference in told)


def test_a_reference_always_carries_the_same_traits(events: list[Event]) -> None:
    known: dict[tuple[str, str], Event] = {}
    for partner, participant in participants(events):
        assert known.setdefault((partner, participant["ref"]), participant) == participant


def test_a_person_keeps_age_band_and_neighbourhood_across_partners(events: list[Event]) -> None:
    known: dict[str, tuple[str, str]] = {}
    for _, participant in participants(events):
        if "sharedRef" in participant:
            traits = (participant["ageBand"], participant["neighbourhood"])
            assert known.setdefault(participant["sharedRef"], traits) == traits


def test_a_bare_reference_is_different_people_at_different_partners(events: list[Event]) -> None:
    owners: dict[str, set[str]] = {}
    for partner, participant in participants(events):
        owners.setdefault(participant["ref"], set()).add(partner)
    assert any(len(partners) > 1 for partners in owners.values())


def test_all_is_past(events: list[Event]) -> None:
    end = datetime(2025, 1, 31, tzinfo=UTC)
    assert max(datetime.fromisoformat(event["time"]) for event in events) < end
    assert all(datetime.fromisoformat(event["data"].get("endsAt", event["time"])) < end for event in events)


def test_times_carry_the_offset_of_almelo_in_winter_and_in_summer(events: list[Event]) -> None:
    offsets = set()
    for event in events:
        told = [event["time"], *(event["data"][moment] for moment in MOMENTS if moment in event["data"])]
        for moment in map(datetime.fromisoformat, told):
            assert moment.utcoffset() == moment.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()
            offsets.add(moment.utcoffset())
    assert len(offsets) == 2


def test_signups_first_arrive_in_order_of_their_time(events: list[Event]) -> None:
    first: dict[tuple[str, str], datetime] = {}
    for event in events:
        if name(event) == "signup-placed":
            first.setdefault((event["partnerid"], event["id"]), datetime.fromisoformat(event["time"]))
    moments = list(first.values())
    assert len(moments) == 1573 - 25
    assert moments == sorted(moments)


def test_activities_arrive_before_anything_that_points_at_them(events: list[Event]) -> None:
    announced = set()
    for event in events:
        activity = (event["partnerid"], event["data"].get("activityId"))
        if name(event) == "activity-scheduled":
            announced.add(activity)
        assert activity[1] is None or activity in announced


def test_presence_is_told_after_the_activity(events: list[Event]) -> None:
    plans = {(e["partnerid"], e["data"]["activityId"]): e["data"] for e in events if name(e) == "activity-scheduled"}
    for event in events:
        if name(event) == "attendance-recorded":
            ended = plans[event["partnerid"], event["data"]["activityId"]]["endsAt"]
            assert datetime.fromisoformat(event["time"]) > datetime.fromisoformat(ended)


def test_a_withdrawal_comes_three_days_before_the_start(events: list[Event]) -> None:
    starts = {e["data"]["activityId"]: e["data"]["startsAt"] for e in events if name(e) == "activity-scheduled"}
    for event in events:
        if name(event) == "signup-withdrawn":
            activity = event["data"]["signupId"].rpartition(".")[0]
            told, start = (datetime.fromisoformat(text).date() for text in (event["time"], starts[activity]))
            assert (start - told).days == 3


def test_setup_names_partners_external_figures_and_publications(setup: Event) -> None:
    assert list(setup) == ["partners", "externalFigures", "publications"]
    assert [figure["value"] for figure in setup["externalFigures"]] == [35, 9]
    assert {(p["municipality"], p["joinedOn"], p["leftOn"]) for p in setup["partners"]} == {
        ("GM0141", "2019-01-01", None)
    }
