"""Days that vanish from the rule of a series are named, and cancelled only when that is asked for."""

from tests.unit.cli.spreadsheets.conftest import Desk, Json, short

SERIES = "reeks;titel;soort;doel;locatie;herhaling;vanaf;t/m;begintijd;eindtijd\n"
RULE = "aa;Wandeling;walk;awareness;Markt;wekelijks;3-1-2026;{};10:00;11:00\n"


def test_days_that_vanish_from_a_rule_are_named_and_cancelled_only_when_asked(desk: Desk) -> None:
    desk.load(desk.sheet(SERIES + RULE.format("17-1-2026")), "series")
    path = desk.sheet(SERIES + RULE.format("10-1-2026"))
    left = desk.load(path, "series")
    assert "No longer in the file: aa-2026-01-17. They stay as they are" in left.output
    assert len(desk.posted()) == 3
    gone = desk.load(path, "series", "--cancel-vanished")
    assert "3 in all: 1 accepted, 2 duplicate" in gone.output
    assert short(desk.posted())[-1] == ("activity-cancelled", {"activityId": "aa-2026-01-17"})
    assert [name for name, _ in short(desk.undo_events(path))] == ["activity-scheduled"]
    assert "No longer" not in desk.load(path, "series").output


def test_a_faulty_rule_does_not_make_its_days_vanish(desk: Desk) -> None:
    desk.load(desk.sheet(SERIES + RULE.format("17-1-2026")), "series")
    result = desk.load(desk.sheet(SERIES + RULE.format("17-1-26")), "series", "--cancel-vanished", "--skip-faulty")
    assert "No longer" not in result.output
    assert len(desk.posted()) == 3


def shown(name: str, *, series: str | None = "avedan/aa", status: str = "scheduled") -> Json:
    return {"partnerId": "avedan", "activityId": name, "seriesId": series, "status": status}


def test_days_that_another_file_scheduled_are_found_at_the_service_by_their_ids(desk: Desk) -> None:
    desk.memory.shown["/v1/activities"] = {
        "items": [
            shown("aa-2026-01-03"),
            shown("aa-2026-01-17"),
            shown("aa-2026-01-24", status="cancelled"),
            shown("aa-2026-01-31", series=None),
            shown("aa-2026-02-07", series="avedan/bb"),
            shown("met-de-hand-ingevoerd"),
            {**shown("aa-2026-02-14"), "partnerId": "vier"},
        ],
        "next": None,
    }
    result = desk.load(desk.sheet(SERIES + RULE.format("10-1-2026")), "series")
    assert "No longer in the file: aa-2026-01-17. They stay" in result.output
