"""Every load leaves a file that takes it back: the earlier state where it is known, else the retraction."""

from datetime import datetime
from typing import Any

import pytest

from cli.journal import MOST_REFUSALS
from tests.unit.cli.spreadsheets.conftest import Desk, Json, short

ACTIVITY = "nummer;titel;soort;doel;locatie;begin;einde\nb1;Bingo;bingo;awareness;Hal;1-3-2026 14:00;1-3-2026 16:00\n"


@pytest.mark.parametrize(
    ("kind", "text", "back"),
    [
        ("activities", ACTIVITY, [("activity-cancelled", {"activityId": "b1"})]),
        ("signups", "aanmeldnummer;activiteit;kenmerk\ns1;b1;p1\n", [("signup-withdrawn", {"signupId": "s1"})]),
        ("withdrawals", "activiteit;kenmerk\nb1;p1\n", []),
        (
            "attendance",
            "activiteit;kenmerk;aanwezig\nb1;p1;ja\n",
            [("attendance-recorded", {"activityId": "b1", "participant": {"ref": "p1"}, "outcome": "void"})],
        ),
        (
            "visitors",
            "activiteit;bezoekers\nb1;3\n",
            [("visitors-counted", {"activityId": "b1", "countKey": "total", "value": None})],
        ),
        (
            "volunteers",
            "inzet;kenmerk;naam;vanaf;t/m\nv1;p1;Jan;1-3-2026;4-4-2026\n",
            [("volunteer-released", {"assignmentId": "v1", "until": "2026-02-28"})],
        ),
        (
            "members",
            "lid;soort;lid sinds\nm1;Organisatie;1-3-2026\n",
            [("member-left", {"memberId": "m1", "leftOn": "2026-02-28"})],
        ),
    ],
)
def test_what_was_new_is_retracted(desk: Desk, kind: str, text: str, back: list[tuple[str, Any]]) -> None:
    path = desk.sheet(text)
    assert desk.load(path, kind).exit_code == 0
    assert short(desk.undo_events(path)) == back


def test_outreach_is_void(desk: Desk) -> None:
    path = desk.sheet("nummer;soort;omschrijving;datum;doel\nk1;Kaarten;Kerst;20-12-2026;Bewustwording\n")
    desk.load(path, "outreach")
    ((name, data),) = short(desk.undo_events(path))
    assert (name, data["outreachId"], data["void"]) == ("outreach-recorded", "k1", True)


def test_a_changed_activity_gets_its_earlier_plan_back(desk: Desk) -> None:
    plan = {"title": "Oud plan", "kind": "walk", "goal": "initiative", "capacity": None, "participation": "both"}
    times = {"startsAt": "2026-04-01T10:00:00Z", "endsAt": "2026-04-01T11:00:00Z"}
    place = {"location": {"name": "Park", "address": None, "neighbourhood": None}}
    rest = {"status": "scheduled", "placesLeft": None, "volunteerPlacesLeft": None, "waiting": 0, "version": 3}
    shown = {"partnerId": "avedan", "activityId": "b1", **plan, **times, **place, **rest}
    desk.memory.shown["/v1/activities/avedan/b1"] = shown
    path = desk.sheet(ACTIVITY)
    desk.load(path, "activities")
    restored = {"activityId": "b1", **plan, **times, "location": {"name": "Park"}}
    del restored["capacity"]
    assert short(desk.undo_events(path)) == [("activity-scheduled", restored)]


def test_a_service_that_is_busy_is_waited_for(desk: Desk) -> None:
    desk.memory.busy_reads = 3
    desk.memory.shown["/v1/activities/avedan/b1"] = {"status": "cancelled", "location": {}}
    path = desk.sheet(ACTIVITY)
    assert desk.load(path, "activities").exit_code == 0
    assert [name for name, _ in short(desk.undo_events(path))] == ["activity-cancelled"]
    assert desk.memory.busy_reads == 0


def test_a_service_that_does_not_say_what_was_there_before_gets_nothing(desk: Desk) -> None:
    desk.memory.busy_reads = 1000
    result = desk.load(desk.sheet(ACTIVITY), "activities")
    assert result.exit_code == 1
    assert "429" in result.output
    assert desk.posted() == []


def test_an_activity_that_was_cancelled_is_cancelled_again(desk: Desk) -> None:
    desk.memory.shown["/v1/activities/avedan/b1"] = {"status": "cancelled", "location": {}}
    path = desk.sheet(ACTIVITY)
    desk.load(path, "activities")
    assert short(desk.undo_events(path)) == [("activity-cancelled", {"activityId": "b1"})]


def test_an_earlier_attendance_comes_back(desk: Desk) -> None:
    desk.memory.shown["/v1/activities/avedan/b1/presence"] = {
        "people": [
            {"participantRef": "p1", "role": "participant", "outcome": "absent", "partySize": 2},
            {"participantRef": "p2", "role": "participant", "outcome": "excused", "partySize": 1},
        ]
    }
    desk.memory.shown["/v1/signups/avedan/s2"] = {"participantRef": "p2", "role": "participant"}
    path = desk.sheet("activiteit;kenmerk;aanmeldnummer;aanwezig\nb1;p1;;ja\nb1;;s2;ja\nb1;p3;;ja\n")
    desk.load(path, "attendance")
    outcomes = [(data["outcome"], data.get("partySize")) for _, data in short(desk.undo_events(path))]
    assert outcomes == [("void", None), ("excused", 1), ("absent", 2)]


def test_what_may_not_be_read_is_not_taken_back_because_others_may_have_said_it(desk: Desk) -> None:
    desk.memory.forbidden.add("/v1/activities/vier/b1/presence")
    rows = "activiteit;kenmerk;aanwezig\nvier/b1;p1;{}\nb1;p1;ja\n"
    path = desk.sheet(rows.format("ja"))
    desk.memory.shown["/v1/activities/avedan/b1/presence"] = {"people": []}
    assert desk.load(path, "attendance").exit_code == 0
    assert [(data["activityId"], data["outcome"]) for _, data in short(desk.undo_events(path))] == [("b1", "void")]
    desk.load(desk.sheet(rows.format("nee")), "attendance")
    assert [data["outcome"] for _, data in short(desk.undo_events(path))] == ["present"]


def test_what_cannot_be_read_back_is_restored_from_what_the_sheet_said_before(desk: Desk) -> None:
    desk.load(desk.sheet("activiteit;bezoekers\nb1;3\n"), "visitors")
    path = desk.sheet("activiteit;bezoekers\nb1;5\n")
    desk.load(path, "visitors")
    assert [data["value"] for _, data in short(desk.undo_events(path))] == [3]


def test_an_undo_wins_over_its_load_and_leaves_alone_what_came_later(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    loaded, undone = (datetime.fromisoformat(event["time"]) for event in (*desk.posted(), *desk.undo_events(path)))
    assert 0 < (undone - loaded).total_seconds() < 0.1


def test_a_waiting_list_is_undone_from_its_end(desk: Desk) -> None:
    path = desk.sheet("activiteit;kenmerk\nb1;p1\nb1;p2\nb1;p3\n")
    desk.load(path, "signups")
    last_first = [desk.number("b1", ref) for ref in ("p3", "p2", "p1")]
    assert [data["signupId"] for _, data in short(desk.undo_events(path))] == last_first


def test_a_load_that_brings_nothing_leaves_the_undo_file_as_it_was(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    before = desk.undo_events(path)
    desk.load(path, "visitors")
    assert desk.undo_events(path) == before


def test_after_its_undo_a_sheet_can_be_loaded_again(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    assert desk.undo(path.with_name("sheet.csv.undo.ndjson")).exit_code == 0
    assert "1 accepted" in desk.load(path, "visitors").output
    times = [datetime.fromisoformat(event["time"]) for event in desk.posted()]
    assert times == sorted(times)
    assert [event["data"]["value"] for event in desk.posted()] == [3, None, 3]


def test_an_undo_loaded_twice_is_all_duplicates(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    undo = path.with_name("sheet.csv.undo.ndjson")
    desk.undo(undo)
    assert "0 accepted, 1 duplicate" in desk.undo(undo).output


def test_what_an_undo_could_not_take_back_is_still_said(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\nb2;4\n")
    desk.load(path, "visitors")
    decide = desk.memory.decide

    def not_b2(event: Json, dry_run: bool) -> Json:
        if event["data"]["activityId"] == "b2":
            return {"outcome": "rejected", "problem": {"code": "unknown-activity", "detail": "gone"}}
        return decide(event, dry_run)

    desk.memory.decide = not_b2  # type: ignore[method-assign]  # the stand-in knows no activities
    assert desk.undo(path.with_name("sheet.csv.undo.ndjson")).exit_code == 1
    desk.memory.decide = decide  # type: ignore[method-assign]  # and is well again
    assert "1 accepted, 1 duplicate" in desk.load(path, "visitors").output


def test_of_very_many_that_an_undo_could_not_take_back_each_is_still_said(desk: Desk) -> None:
    rows = MOST_REFUSALS + 50
    path = desk.sheet("activiteit;bezoekers\n" + "".join(f"b{number};3\n" for number in range(rows)))
    desk.load(path, "visitors")
    decide = desk.memory.decide

    def none_at_all(event: Json, dry_run: bool) -> Json:
        return {"outcome": "rejected", "problem": {"code": "unknown-activity", "detail": "gone"}}

    desk.memory.decide = none_at_all  # type: ignore[method-assign]  # the stand-in knows no activities
    assert desk.undo(path.with_name("sheet.csv.undo.ndjson")).exit_code == 1
    desk.memory.decide = decide  # type: ignore[method-assign]  # and is well again
    assert f"0 accepted, {rows} duplicate" in desk.load(path, "visitors").output


def test_an_undo_file_that_somebody_changed_stops_no_load_and_is_left_alone(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    path.with_name("sheet.csv.undo.ndjson").write_text("notes\n")
    assert desk.load(desk.sheet("activiteit;bezoekers\nb1;4\n"), "visitors").exit_code == 0
    (older,) = desk.folder.glob("sheet.csv.*.undo.ndjson")
    assert older.read_text() == "notes\n"
    assert len(desk.undo_events(path)) == 1


def test_an_undo_file_without_its_sheet_is_loaded_as_any_file_of_events(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    path.with_name("sheet.csv.komerbij.json").unlink()
    assert desk.undo(path.with_name("sheet.csv.undo.ndjson")).exit_code == 0


def test_loads_are_taken_back_one_after_another(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\nb2;1\n")
    desk.load(path, "visitors")
    desk.load(desk.sheet("activiteit;bezoekers\nb1;5\nb2;1\n"), "visitors")
    (older,) = desk.folder.glob("sheet.csv.*.undo.ndjson")
    for undo in (path.with_name("sheet.csv.undo.ndjson"), older):
        assert desk.undo(undo).exit_code == 0
    values = sorted(
        (datetime.fromisoformat(event["time"]), event["data"]["value"])
        for event in desk.posted()
        if event["data"]["activityId"] == "b1"
    )
    assert [value for _, value in values] == [3, 5, 3, None]
    assert "2 accepted" in desk.load(path, "visitors").output


def test_an_undo_file_that_was_used_is_not_kept_when_a_new_load_begins(desk: Desk) -> None:
    path = desk.sheet("activiteit;bezoekers\nb1;3\n")
    desk.load(path, "visitors")
    desk.undo(path.with_name("sheet.csv.undo.ndjson"))
    desk.load(path, "visitors")
    assert list(desk.folder.glob("sheet.csv.*.undo.ndjson")) == []
