"""Rows become facts of the contract; every fault of every cell is named at once, by row and column."""

import re
from typing import Any

import pytest

from cli.spreadsheets.facts import Fact
from cli.spreadsheets.layouts import LAYOUTS, Kind
from cli.spreadsheets.reading import read_sheet
from cli.spreadsheets.rows import Findings, read_rows
from cli.spreadsheets.secret import Secret

WHO = {"ref": "p1"}


SECRET = Secret(bytes(range(32)))


def findings(kind: Kind, text: str) -> Findings:
    layout = LAYOUTS[kind]
    sheet = read_sheet(text.encode(), lambda heading: any(column.goes_by(heading) for column in layout.columns))
    return read_rows(layout, sheet, SECRET)


def facts(kind: Kind, text: str) -> list[Fact]:
    found = findings(kind, text)
    assert not found.faults
    return [fact for entry in found.entries for fact in entry.facts]


def data(kind: Kind, text: str) -> Any:
    return [fact.data for fact in facts(kind, text)]


def faults(kind: Kind, text: str) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.text) for fault in findings(kind, text).faults]


ACTIVITY = "nummer;titel;soort;doel;locatie;datum;begintijd;eindtijd\n"


def test_an_activity_from_a_date_and_two_times() -> None:
    row = "b1;Bingo;Bingo;Lokale aanpak;Buurthuis;31-12-2026;14:00;16.00\n"
    assert data(Kind.ACTIVITIES, ACTIVITY + row) == [
        {
            "activityId": "b1",
            "title": "Bingo",
            "kind": "bingo",
            "goal": "local-approach",
            "location": {"name": "Buurthuis"},
            "startsAt": "2026-12-31T13:00:00Z",
            "endsAt": "2026-12-31T15:00:00Z",
        }
    ]


def test_an_activity_from_two_moments_with_english_names_and_codes() -> None:
    text = "activityId,title,kind,goal,location,startsAt,endsAt,capacity,waitingList\n"
    text += "b1,Bingo,bingo,awareness,Hall,2026-07-01T10:00,2026-07-01T12:00,20,no\n"
    (found,) = data(Kind.ACTIVITIES, text)
    assert (found["startsAt"], found["capacity"], found["waitingList"]) == ("2026-07-01T08:00:00Z", 20, False)


@pytest.mark.parametrize("heading", ["ACTIVITEITNUMMER", "Activiteit nummer", "activiteit_nummer", "activityid"])
def test_a_columns_name_forgives_case_spaces_and_dashes(heading: str) -> None:
    text = ACTIVITY.replace("nummer", heading, 1) + "b1;B;bingo;doel;x;1-1-2026;10:00;11:00\n"
    assert faults(Kind.ACTIVITIES, text) == [
        (2, "doel", "must be one of: Bewustwording, Maatschappelijk initiatief, Lokale aanpak")
    ]


def test_missing_columns_are_named_all_at_once_and_unknown_ones_with_the_known() -> None:
    found = faults(Kind.ACTIVITIES, "nummer;titel;kleur\nb1;B;rood\n")
    assert [(column, text) for _, column, text in found if text == "is missing"] == [
        ("soort", "is missing"),
        ("doel", "is missing"),
        ("locatie", "is missing"),
        ("datum with begintijd with eindtijd or begin with einde", "is missing"),
    ]
    assert next(text for _, column, text in found if column == "kleur").startswith(
        "is no column of such a sheet; it may have: activiteitnummer, titel, soort"
    )


def test_the_same_column_twice_is_a_fault() -> None:
    assert (1, "Title", "is the same column as titel") in faults(Kind.ACTIVITIES, "titel;Title\n")


def test_all_faults_of_all_rows_come_at_once() -> None:
    rows = "b 1;;disco;Lokale aanpak;x;31-13-2026;25:00;11:00\nb2;B;bingo;awareness;x;1-1-2026;11:00;10:00\n"
    assert [(row, column) for row, column, _ in faults(Kind.ACTIVITIES, ACTIVITY + rows)] == [
        (2, "nummer"),
        (2, "soort"),
        (2, "datum"),
        (2, "begintijd"),
        (2, "titel"),
        (3, "eindtijd"),
    ]


def test_a_value_without_a_heading_is_a_fault() -> None:
    text = "activiteit;kenmerk;aanwezig\nb1;p1;ja;extra\n"
    assert faults(Kind.ATTENDANCE, text) == [(2, "column 4", "has a value, but the column has no name")]


def test_the_same_thing_in_two_rows_is_a_fault() -> None:
    text = "activiteit;kenmerk;aanwezig\nb1;p1;ja\n\nb1;p1;nee\n"
    assert faults(Kind.ATTENDANCE, text) == [(4, "", "is about the same thing as row 2")]


def test_a_time_that_does_not_exist_is_a_fault_of_its_row() -> None:
    row = "b1;B;bingo;awareness;x;29-3-2026;2:30;4:00\n"
    assert [(row, column) for row, column, _ in faults(Kind.ACTIVITIES, ACTIVITY + row)] == [(2, "datum")]


def test_a_sign_up_with_everything() -> None:
    text = "aanmeldnummer;activiteit;kenmerk;gedeeld kenmerk;naam;e-mail;telefoon;straat;postcode;woonplaats;leeftijd;"
    text += "wijk;bericht via;rol;gezelschap;herinnering;aangemeld op\n"
    text += "s1;avedan/b1;p1;pas7;Jan;jan@example.org;612345678;Markt 1;7600 AA;Almelo;85+;"
    text += "Riet;Brief;Deelnemer;2;nee;1-2-2026 9:00\n"
    (fact,) = facts(Kind.SIGNUPS, text)
    assert fact.data == {
        "signupId": "s1",
        "activityId": "avedan/b1",
        "participant": {
            "ref": "p1",
            "sharedRef": "pas7",
            "name": "Jan",
            "email": "jan@example.org",
            "phone": "0612345678",
            "address": {"street": "Markt 1", "postalCode": "7600 AA", "city": "Almelo"},
            "ageBand": "85+",
            "neighbourhood": "Riet",
            "reachVia": "letter",
        },
        "role": "participant",
        "partySize": 2,
        "reminders": False,
    }
    assert fact.time is not None
    assert fact.time.isoformat() == "2026-02-01T08:00:00+00:00"


def test_a_sign_up_without_a_number_gets_one_that_a_withdrawal_finds_again() -> None:
    rows = "b1;p1;\navedan/b1;p1;Vrijwilliger\nb1;" + "x" * 63 + ";\nb1;a b;\n"
    placed = [fact["signupId"] for fact in data(Kind.SIGNUPS, "activiteit;kenmerk;rol\n" + rows)]
    assert all(re.fullmatch(r"s-[0-9a-f]{40}", name) for name in placed)
    assert len(set(placed)) == 4
    assert [f["signupId"] for f in data(Kind.WITHDRAWALS, "activiteit;kenmerk;rol\n" + rows)] == placed


def test_a_withdrawal_by_number() -> None:
    (fact,) = facts(Kind.WITHDRAWALS, "aanmeldnummer;afgemeld op\ns1;1-2-2026 9:00\n")
    assert (fact.name, fact.data) == ("signup-withdrawn", {"signupId": "s1"})
    assert fact.time is not None


def test_a_withdrawal_needs_a_number_or_an_activity_and_a_person() -> None:
    assert faults(Kind.WITHDRAWALS, "activiteit\nb1\n") == [
        (1, "aanmeldnummer or activiteit with kenmerk", "is missing")
    ]
    assert faults(Kind.WITHDRAWALS, "activiteit;kenmerk\nb1;\n") == [(2, "activiteit with kenmerk", "is empty")]


def test_attendance_by_person_or_by_sign_up() -> None:
    text = "activiteit;kenmerk;aanmeldnummer;aanwezig;aantal\nb1;p1;;ja;2,0\nb1;;s2;afwezig;\n"
    assert data(Kind.ATTENDANCE, text) == [
        {"activityId": "b1", "participant": WHO, "outcome": "present", "partySize": 2},
        {"activityId": "b1", "signupId": "s2", "outcome": "absent"},
    ]


def test_attendance_of_a_sign_up_and_a_person_at_once_is_a_fault() -> None:
    text = "activiteit;kenmerk;aanmeldnummer;aanwezig\nb1;p1;s1;ja\n"
    assert [(row, column) for row, column, _ in faults(Kind.ATTENDANCE, text)] == [(2, "kenmerk")]


def test_head_counts_have_a_key_of_their_own_unless_the_sheet_names_one() -> None:
    text = "activiteit;telling;bezoekers;wijze\nb1;;0;Geteld\nb1;deur-2;12,0;\nb2;;ingetrokken;\n"
    assert data(Kind.VISITORS, text) == [
        {"activityId": "b1", "countKey": "total", "value": 0, "method": "tally"},
        {"activityId": "b1", "countKey": "deur-2", "value": 12},
        {"activityId": "b2", "countKey": "total", "value": None},
    ]


def test_an_empty_head_count_is_a_fault_because_nobody_and_not_counted_differ() -> None:
    assert faults(Kind.VISITORS, "activiteit;bezoekers\nb1;\nb2;0\n") == [(2, "bezoekers", "is empty")]


def test_outreach() -> None:
    text = "nummer;soort;omschrijving;datum;doel;aantal;met persoonlijke noot;nauwkeurigheid\n"
    text += "k1;Kaarten;Kerstkaarten;20-12-2026;Bewustwording;1.000;200;ruim\n"
    assert data(Kind.OUTREACH, text) == [
        {
            "outreachId": "k1",
            "kind": "cards",
            "label": "Kerstkaarten",
            "date": "2026-12-20",
            "goal": "awareness",
            "quantity": 1000,
            "personalised": 200,
            "precision": "over",
        }
    ]


def test_a_volunteer_with_a_last_day_begins_and_then_ends() -> None:
    began, ended = facts(Kind.VOLUNTEERS, "inzet;kenmerk;reeks;vanaf;t/m\nv1;p1;aa;1-1-2026;31-12-2026\n")
    assert began.data == {"assignmentId": "v1", "participant": WHO, "seriesId": "aa", "from": "2026-01-01"}
    assert (ended.name, ended.data) == ("volunteer-released", {"assignmentId": "v1", "until": "2026-12-31"})
    assert ended.step > began.step


def test_a_member_without_a_last_day_only_joins() -> None:
    text = "lid;soort;lid sinds;via activiteit;lid tot en met\nm1;Organisatie;1-5-2026;congres-1;\n"
    assert data(Kind.MEMBERS, text) == [
        {"memberId": "m1", "kind": "organisation", "joinedOn": "2026-05-01", "viaActivityId": "congres-1"}
    ]


def test_nobody_leaves_before_joining() -> None:
    text = "lid;soort;lid sinds;lid tot en met\nm1;Organisatie;1-5-2026;1-4-2026\n"
    assert faults(Kind.MEMBERS, text) == [(2, "lid tot en met", "lies before the first day")]
