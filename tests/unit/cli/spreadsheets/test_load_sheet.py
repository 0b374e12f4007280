"""`komerbij load FILE.csv --as ...`: the same again changes nothing, a corrected copy wins, faults stop it."""

import json
import stat
from datetime import datetime

import pytest

from tests.unit.cli.conftest import Command
from tests.unit.cli.spreadsheets.conftest import Desk, Json, table
from tests.unit.cli.stand_in import Answer

SHEET = "activiteit;bezoekers\nb1;12\nb2;0\n"


def test_a_sheet_becomes_events_on_behalf_of_the_partner(desk: Desk) -> None:
    result = desk.load(desk.sheet(SHEET), "visitors")
    assert result.exit_code == 0, result.output
    assert "2 in all: 2 accepted, 0 duplicate, 0 rejected, 0 failed" in result.output
    first, second = desk.posted()
    assert first["data"] == {"activityId": "b1", "countKey": "total", "value": 12}
    assert second["data"]["value"] == 0
    assert {one["partnerid"] for one in (first, second)} == {"avedan"}
    assert first["type"] == "nl.meedoen.visitors-counted.v1"
    assert first["source"].startswith("urn:nld:")
    assert first["time"] == second["time"]
    assert first["id"] != second["id"]


def test_with_a_partners_own_key_no_partner_is_named(desk: Desk) -> None:
    desk.load(desk.sheet(SHEET), "visitors", partner=None)
    assert all("partnerid" not in event for event in desk.posted())


def test_the_same_sheet_again_is_all_duplicates(desk: Desk) -> None:
    path = desk.sheet(SHEET)
    desk.load(path, "visitors")
    result = desk.load(path, "visitors")
    assert "2 in all: 0 accepted, 2 duplicate" in result.output
    assert len(desk.posted()) == 2


def test_the_same_facts_saved_in_another_dialect_are_duplicates_too(desk: Desk) -> None:
    desk.load(desk.sheet(SHEET), "visitors")
    path = desk.sheet('bezoekers,telling,activiteit\r\n"12,0",,b1\r\n0,total,b2\r\n')
    assert "0 accepted, 2 duplicate" in desk.load(path, "visitors").output


def test_a_corrected_row_is_a_later_fact_and_the_others_are_duplicates(desk: Desk) -> None:
    desk.load(desk.sheet(SHEET), "visitors")
    result = desk.load(desk.sheet(SHEET.replace("12", "15")), "visitors")
    assert "1 accepted, 1 duplicate" in result.output
    first, _, corrected = desk.posted()
    assert corrected["data"]["value"] == 15
    assert datetime.fromisoformat(corrected["time"]) > datetime.fromisoformat(first["time"])


def test_a_correction_that_is_taken_back_by_hand_wins_again(desk: Desk) -> None:
    for text in (SHEET, SHEET.replace("12", "15"), SHEET):
        desk.load(desk.sheet(text), "visitors")
    told = [event for event in desk.posted() if event["data"]["activityId"] == "b1"]
    values = [(datetime.fromisoformat(event["time"]), event["data"]["value"]) for event in told]
    assert [value for _, value in sorted(values)] == [12, 15, 12]


def test_what_is_remembered_is_private_and_holds_no_contact_data(desk: Desk) -> None:
    text = "activiteit;kenmerk;naam;telefoon;e-mail\nb1;p1;Jan Jansen;612345678;jan@example.org\n"
    path = desk.sheet(text)
    desk.load(path, "signups")
    for suffix in (".komerbij.json", ".undo.ndjson"):
        kept = path.with_name(path.name + suffix)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert all(word not in kept.read_text() for word in ("Jansen", "12345678", "example.org"))


def test_faults_of_the_file_and_of_the_door_are_one_table_and_nothing_is_posted(desk: Desk) -> None:
    text = "activiteit;kenmerk;naam;gezelschap\nb1;p1;Jan;2,5\nb1;p2;x;1\nb1;p3;y;1\n"
    desk.memory.script.append(
        Answer(
            200,
            {
                "results": [
                    {
                        "outcome": "rejected",
                        "problem": {
                            "code": "invalid",
                            "errors": [
                                {"pointer": "/data/participant/name", "detail": "must say something"},
                                {"pointer": "/data/partySize", "detail": "too many"},
                            ],
                        },
                    },
                    {"outcome": "accepted"},
                ]
            },
        )
    )
    result = desk.load(desk.sheet(text), "signups")
    assert result.exit_code == 1
    assert table(result.output) == [
        ["2", "gezelschap", "", "must be a whole number, without decimals"],
        ["3", "naam", "invalid", "must say something"],
        ["3", "gezelschap", "invalid", "too many"],
    ]
    assert "Nothing was stored" in result.output
    assert desk.memory.posts == []


def test_a_faulty_sheet_can_be_loaded_without_its_faulty_rows(desk: Desk) -> None:
    result = desk.load(desk.sheet(SHEET + "b3;veel\n"), "visitors", "--skip-faulty")
    assert result.exit_code == 1
    assert "3 in all: 2 accepted, 0 duplicate, 1 rejected" in result.output
    assert "1 faulty rows were left out" in result.output
    assert [event["data"]["activityId"] for event in desk.posted()] == ["b1", "b2"]


def test_rows_that_cannot_be_read_are_counted_as_rejected(desk: Desk) -> None:
    result = desk.load(desk.sheet(SHEET + "b3;veel\n;weinig\n"), "visitors")
    assert "4 in all: 2 accepted, 0 duplicate, 2 rejected, 0 failed" in result.output


def test_rows_that_the_door_finds_faulty_are_left_out_too(desk: Desk) -> None:
    unknown = {"outcome": "rejected", "problem": {"code": "unknown-activity", "detail": "no such activity"}}
    desk.memory.script.append(Answer(200, {"results": [unknown, {"outcome": "accepted"}]}))
    result = desk.load(desk.sheet(SHEET), "visitors", "--skip-faulty")
    assert result.exit_code == 1
    assert table(result.output) == [["2", "", "unknown-activity", "no such activity"]]
    assert "2 in all: 1 accepted, 0 duplicate, 1 rejected" in result.output
    assert [event["data"]["activityId"] for event in desk.posted()] == ["b2"]


def test_a_dry_run_prints_the_same_table_and_leaves_nothing(desk: Desk) -> None:
    path = desk.sheet(SHEET + "b3;veel\n")
    dry, real = desk.load(path, "visitors", "--dry-run"), desk.load(path, "visitors")
    assert dry.exit_code == real.exit_code == 1
    assert table(dry.output) == table(real.output) == [["4", "bezoekers", "", "must be a whole number"]]
    assert desk.posted() == []
    dry = desk.load(desk.sheet(SHEET, "dry/sheet.csv"), "visitors", "--dry-run")
    assert dry.exit_code == 0
    assert [file.name for file in (desk.folder / "dry").iterdir()] == ["sheet.csv"]


def test_a_sign_up_that_is_refused_by_a_rule_stops_no_other(desk: Desk) -> None:
    decide = desk.memory.decide

    def too_late_for_one(event: Json, dry_run: bool) -> Json:
        if event["data"]["participant"]["ref"] == "p1":
            return {"outcome": "rejected", "problem": {"code": "signup-closed", "detail": "too late"}}
        return decide(event, dry_run)

    desk.memory.decide = too_late_for_one  # type: ignore[method-assign]  # the stand-in knows no rule of its own
    result = desk.load(desk.sheet("activiteit;kenmerk\nb1;p1\nb1;p2\n"), "signups")
    assert result.exit_code == 1
    assert table(result.output) == [
        ["2", "", "signup-closed", "too late; say when it was made in a column 'aangemeld op'"]
    ]
    assert [event["data"]["signupId"] for event in desk.posted()] == [desk.number("b1", "p2")]


def reused(event: Json, dry_run: bool) -> Json:
    faults = [{"pointer": "/data/signupId", "detail": "exists already"}]
    return {"outcome": "rejected", "problem": {"code": "id-reused", "errors": faults}}


def test_a_sign_up_that_another_file_placed_just_so_is_a_duplicate_and_not_ours_to_undo(desk: Desk) -> None:
    there = {"activity": "avedan/b1", "participantRef": "p1", "role": "participant", "partySize": 1}
    desk.memory.shown[f"/v1/signups/avedan/{desk.number('b1', 'p1')}"] = {**there, "status": "confirmed"}
    desk.memory.decide = reused  # type: ignore[method-assign]  # the stand-in knows no sign-ups
    path = desk.sheet("activiteit;kenmerk\nb1;p1\n")
    for _ in range(2):
        result = desk.load(path, "signups")
        assert result.exit_code == 0
        assert "1 in all: 0 accepted, 1 duplicate" in result.output
    assert not path.with_name("sheet.csv.undo.ndjson").exists()


@pytest.mark.parametrize("change", [{"status": "withdrawn"}, {"partySize": 3}, {"participantRef": "p9"}])
def test_a_sign_up_that_stands_otherwise_is_refused_with_what_to_do(desk: Desk, change: Json) -> None:
    there = {"activity": "avedan/b1", "participantRef": "p1", "role": "participant", "partySize": 1}
    desk.memory.shown[f"/v1/signups/avedan/{desk.number('b1', 'p1')}"] = {**there, "status": "confirmed", **change}
    desk.memory.decide = reused  # type: ignore[method-assign]  # the stand-in knows no sign-ups
    result = desk.load(desk.sheet("activiteit;kenmerk\nb1;p1\n"), "signups")
    assert result.exit_code == 1
    assert "exists already; to change it, withdraw it" in " ".join(result.output.split())


@pytest.mark.parametrize("kind", ["activities", "series", "attendance"])
def test_what_must_be_looked_up_before_it_is_changed_needs_a_partner(desk: Desk, kind: str) -> None:
    result = desk.load(desk.sheet(SHEET), kind, partner=None)
    assert result.exit_code == 2
    assert "--partner" in result.output
    assert "undo file would cancel" in " ".join(result.output.split())
    assert (desk.memory.dry_posts, desk.memory.posts) == ([], [])


def test_an_admin_key_without_a_partner_is_told_so_once(desk: Desk) -> None:
    faults = [{"pointer": "/partnerid", "detail": "missing"}]
    refused = {"outcome": "rejected", "problem": {"code": "invalid", "errors": faults}}
    desk.memory.script.append(Answer(200, {"results": [refused, refused]}))
    result = desk.load(desk.sheet(SHEET), "visitors", partner=None)
    assert result.exit_code == 2
    assert "--partner" in result.output


def test_a_busy_door_is_waited_for(desk: Desk) -> None:
    busy = Answer(429, {"code": "rate-limited"}, {"Retry-After": "0"})
    desk.memory.script += [busy, busy]
    assert desk.load(desk.sheet(SHEET), "visitors").exit_code == 0


MANY = "activiteit;bezoekers\n" + "".join(f"b{number};{number}\n" for number in range(1200))


def test_a_load_that_was_broken_off_goes_on_and_its_undo_covers_all_of_it(desk: Desk) -> None:
    def refuse_the_second_chunk() -> None:
        if len(desk.memory.posts) == 1:
            desk.memory.script.append(Answer(401, {"code": "unauthorized"}))

    path = desk.sheet(MANY)
    desk.memory.after_post = refuse_the_second_chunk
    assert desk.load(path, "visitors").exit_code == 1
    assert len(desk.undo_events(path)) == 500
    desk.memory.after_post = None
    assert "700 accepted, 500 duplicate" in desk.load(path, "visitors").output
    assert len(desk.undo_events(path)) == 1200


def test_what_failed_for_a_while_is_posted_by_the_same_command_and_undone_with_the_rest(desk: Desk) -> None:
    decide = desk.memory.decide

    def failing(event: Json, dry_run: bool) -> Json:
        if not dry_run and event["data"]["value"] >= 700:
            return {"outcome": "failed", "problem": {"code": "internal", "detail": "broken"}}
        return decide(event, dry_run)

    path = desk.sheet(MANY)
    desk.memory.decide = failing  # type: ignore[method-assign]  # the stand-in fails half-way
    for outcomes in ("700 accepted, 0 duplicate", "0 accepted, 700 duplicate"):
        assert f"{outcomes}, 0 rejected, 500 failed" in desk.load(path, "visitors").output
    desk.memory.decide = decide  # type: ignore[method-assign]  # and is well again
    assert "500 accepted, 700 duplicate" in desk.load(path, "visitors").output
    assert len(desk.undo_events(path)) == 1200


def test_what_was_posted_when_the_machine_stopped_belongs_to_the_load_that_goes_on(desk: Desk) -> None:
    path = desk.sheet(SHEET)
    desk.load(path, "visitors")
    before = desk.undo_events(path)
    kept = path.with_name("sheet.csv.komerbij.json")
    body = json.loads(kept.read_text())
    for one in body["destinations"].values():
        one["load"] = ""
        for stack in one["things"].values():
            stack[-1]["sent"] = True
    kept.write_text(json.dumps(body))
    path.with_name("sheet.csv.undo.ndjson").unlink()
    assert "2 duplicate" in desk.load(path, "visitors").output
    assert desk.undo_events(path) == before


def test_a_system_that_was_made_anew_gets_everything_again(desk: Desk) -> None:
    path = desk.sheet(SHEET)
    desk.load(path, "visitors")
    desk.memory.events.clear()
    assert "2 accepted" in desk.load(path, "visitors").output
    assert len(desk.undo_events(path)) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--partner", "avedan"), "Say what the rows"),
        (("--as", "parties"), "Invalid value"),
    ],
)
def test_wrong_use_is_2(desk: Desk, command: Command, arguments: tuple[str, ...], sentence: str) -> None:
    result = command("load", desk.sheet(SHEET), "--url", desk.url, *arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_workbook_is_no_csv(desk: Desk, command: Command) -> None:
    path = desk.folder / "sheet.csv"
    path.write_bytes(b"PK\x03\x04")
    assert desk.load(path, "visitors").exit_code == 2


def test_a_damaged_memory_is_not_guessed_around(desk: Desk) -> None:
    path = desk.sheet(SHEET)
    path.with_name("sheet.csv.komerbij.json").write_text(json.dumps({"version": 1}))
    result = desk.load(path, "visitors")
    assert result.exit_code == 1
    assert "mend or remove it" in result.output
