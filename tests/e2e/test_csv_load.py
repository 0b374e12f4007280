"""A spreadsheet as Dutch Excel saves it gives the figures of its NDJSON twin; its undo brings the old figures back."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import AMSTERDAM, rfc3339
from tests.servers import ADMIN_KEY, ROOT, System, running_redis

PERIOD = "2026"
KINDS = ("activities", "signups", "attendance", "visitors")
Cells = list[list[str]]

ACTIVITIES: Cells = [
    [
        "Activiteitnummer",
        "Titel",
        "Soort",
        "Doel",
        "Datum",
        "Begintijd",
        "Eindtijd",
        "Locatie",
        "Wijk",
        "Plaatsen",
        "Deelname",
        "Reeks",
    ],
    [
        "bingo-1",
        "Bingo; met koffie & thee",
        "Bingo",
        "Maatschappelijk initiatief",
        "3-3-2026",
        "14:00",
        "16.00",
        "Buurthuis 't Hoekje",
        "De Riet",
        "12,0",
        "",
        "",
    ],
    [
        "wandel-1",
        "Wandeling langs de Aa",
        "wandeling",
        "Bewustwording",
        "28-03-2026",
        "10:00",
        "11:30",
        "Markt",
        "Binnenstad",
        "",
        "Vrije inloop",
        "aa",
    ],
    [
        "wandel-2",
        "Wandeling langs de Aa",
        "Wandeling",
        "bewustwording",
        "29-03-2026",
        "10:00",
        "11:30",
        "Markt",
        "Binnenstad",
        "",
        "Vrije inloop",
        "aa",
    ],
    [
        "eten-1",
        'Eten "bij" Café René',
        "Maaltijd",
        "Lokale aanpak",
        "31-12-2026",
        "23:30",
        "23:59",
        "Café René",
        "",
        "2",
        "Aanmelden",
        "",
    ],
]
SIGNUPS: Cells = [
    ["activiteit", "kenmerk", "naam", "telefoon", "leeftijd", "gezelschap", "aangemeld op", "rol"],
    ["bingo-1", "p1", "Zoë de Vries", "612345678", "75 tot en met 84 jaar", "2,0", "1-2-2026 9:05", ""],
    ["bingo-1", "p2", "Jan Jansen", "0546123456", "85+", "", "2-2-2026 10:00", "Deelnemer"],
    ["bingo-1", "p3", "Ans Bos", "", "65-74", "1", "2-2-2026 10:01", "Vrijwilliger"],
    ["eten-1", "p1", "Zoë de Vries", "612345678", "75-84", "2", "1-11-2026 12:00", ""],
    ["eten-1", "p4", "Bé Smit", "", "50-64", "1", "1-11-2026 12:01", ""],
]
ATTENDANCE: Cells = [
    ["activiteit", "kenmerk", "leeftijd", "aanwezigheid", "aantal personen"],
    ["bingo-1", "p1", "75-84", "Aanwezig", "2,0"],
    ["bingo-1", "p2", "85+", "afwezig", ""],
    ["wandel-1", "p5", "65-74", "ja", ""],
    ["wandel-2", "p5", "65-74", "AANWEZIG", "3"],
    ["wandel-1", "p0", "", "Afgemeld", ""],
    ["oud-1", "p0", "35-49", "Afwezig", ""],
]
VISITORS: Cells = [
    ["activiteit", "bezoekers", "wijze"],
    ["bingo-1", "14,0", "Geteld"],
    ["wandel-1", "0", ""],
    ["wandel-2", "1.200", "Geschat"],
]
SHEETS: dict[str, Cells] = {
    "activities": ACTIVITIES,
    "signups": SIGNUPS,
    "attendance": ATTENDANCE,
    "visitors": VISITORS,
}


def at(day: str, clock: str) -> str:
    """An instant, worked out apart from the product's own reading of cells."""
    return rfc3339(datetime.strptime(f"{day} {clock}", "%d-%m-%Y %H:%M").replace(tzinfo=AMSTERDAM))


def activity(
    key: str, title: str, kind: str, goal: str, day: str, starts: str, ends: str, place: str, **more: Any
) -> Any:
    neighbourhood = {"neighbourhood": more.pop("area")} if "area" in more else {}
    data = {"activityId": key, "title": title, "kind": kind, "goal": goal, **more}
    times = {"startsAt": at(day, starts), "endsAt": at(day, ends)}
    return "activity-scheduled", {**data, **times, "location": {"name": place, **neighbourhood}}, None


def signup(activity_id: str, ref: str, band: str, placed: tuple[str, str], **more: Any) -> Any:
    data = {"signupId": f"{activity_id}-{ref}", "activityId": activity_id, "participant": {"ref": ref, "ageBand": band}}
    return "signup-placed", {**data, **more}, at(*placed)


def came(activity_id: str, ref: str, outcome: str, band: str | None, **more: Any) -> Any:
    person = {"ref": ref, "ageBand": band} if band else {"ref": ref}
    return "attendance-recorded", {"activityId": activity_id, "participant": person, "outcome": outcome, **more}, None


def counted(activity_id: str, value: int, **more: Any) -> Any:
    return "visitors-counted", {"activityId": activity_id, "countKey": "total", "value": value, **more}, None


TWIN = [
    activity(
        "bingo-1", "Bingo", "bingo", "initiative", "03-03-2026", "14:00", "16:00", "Hoekje", area="De Riet", capacity=12
    ),
    activity(
        "wandel-1",
        "Aa",
        "walk",
        "awareness",
        "28-03-2026",
        "10:00",
        "11:30",
        "Markt",
        area="Binnenstad",
        participation="drop-in",
        seriesId="aa",
    ),
    activity(
        "wandel-2",
        "Aa",
        "walk",
        "awareness",
        "29-03-2026",
        "10:00",
        "11:30",
        "Markt",
        area="Binnenstad",
        participation="drop-in",
        seriesId="aa",
    ),
    activity(
        "eten-1",
        "Eten",
        "meal",
        "local-approach",
        "31-12-2026",
        "23:30",
        "23:59",
        "René",
        capacity=2,
        participation="signup",
    ),
    signup("bingo-1", "p1", "75-84", ("01-02-2026", "09:05"), partySize=2),
    signup("bingo-1", "p2", "85+", ("02-02-2026", "10:00")),
    signup("bingo-1", "p3", "65-74", ("02-02-2026", "10:01"), role="volunteer"),
    signup("eten-1", "p1", "75-84", ("01-11-2026", "12:00"), partySize=2),
    signup("eten-1", "p4", "50-64", ("01-11-2026", "12:01")),
    came("bingo-1", "p1", "present", "75-84", partySize=2),
    came("bingo-1", "p2", "absent", "85+"),
    came("wandel-1", "p5", "present", "65-74"),
    came("wandel-2", "p5", "present", "65-74", partySize=3),
    came("wandel-1", "p0", "excused", None),
    came("oud-1", "p0", "absent", "35-49"),
    counted("bingo-1", 14, method="tally"),
    counted("wandel-1", 0),
    counted("wandel-2", 1200, method="estimate"),
]
"""The same facts written by hand as a partner's system would post them."""

BEFORE = [
    activity("oud-1", "Eerder", "course", "initiative", "10-01-2026", "10:00", "12:00", "Hoekje", capacity=4),
    activity(
        "bingo-1", "Bingo, eerste plan", "other", "awareness", "04-04-2026", "14:00", "16:00", "Hoekje", capacity=5
    ),
    came("oud-1", "p0", "present", "35-49", partySize=2),
    came("bingo-1", "p2", "present", "85+"),
]
"""What was there before any sheet: some of it is changed by the sheets."""


@dataclass(frozen=True)
class Dialect:
    """How a program saves a sheet."""

    partner: str
    encoding: str
    delimiter: str
    line_end: str


EXCEL = Dialect("excel", "utf-8-sig", ";", "\r\n")
OLD = Dialect("oud", "cp1252", ";", "\r\n")
ENGLISH = Dialect("engels", "utf-8", ",", "\n")
TWIN_PARTNER = "tweeling"


def saved(folder: Path, kind: str, cells: Cells, dialect: Dialect) -> Path:
    """A file as that program writes it, with the empty rows and columns that Excel likes to leave."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.line_end)
    writer.writerows([*row, "", ""] for row in cells)
    writer.writerow([""] * (len(cells[0]) + 2))
    path = folder / f"{kind}.csv"
    path.write_bytes(text.getvalue().encode(dialect.encoding))
    return path


@dataclass
class Desk:
    """Somebody at a command line."""

    system: System
    folder: Path

    def load(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        argv = [
            sys.executable,
            "-m",
            "cli.main",
            "load",
            *map(str, arguments),
            "--url",
            self.system.url("registration"),
        ]
        environment = {**os.environ, "KOMERBIJ_ADMIN_KEY": ADMIN_KEY, "XDG_STATE_HOME": str(self.folder / "state")}
        return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def events(partner: str, facts: list[Any], time: datetime, name: str) -> Iterator[dict[str, Any]]:
    for number, (kind, data, own) in enumerate(facts):
        yield {
            "specversion": "1.0",
            "id": f"{name}-{number}",
            "source": f"urn:nld:test:{partner}",
            "type": f"nl.meedoen.{kind}.v1",
            "time": own or rfc3339(time),
            "partnerid": partner,
            "data": data,
        }


def ndjson(folder: Path, name: str, lines: Iterator[dict[str, Any]]) -> Path:
    path = folder / f"{name}.ndjson"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def figures(system: System, partner: str) -> dict[str, Any]:
    """Every indicator over the year, as a total and in all groupings it offers but those by partner's own ids."""
    system.settled()
    found = {}
    with system.client("reporting") as client:
        for indicator in client.get("/v1/indicators").json()["items"]:
            for group in (None, *(set(indicator["groupBy"]) - {"partner", "activity", "series", "municipality"})):
                params = {"indicator": indicator["code"], "period": PERIOD, "partner": partner}
                answer = client.get("/v1/statistics", params=params | ({"groupBy": group} if group else {}))
                assert answer.status_code == 200, answer.text
                body = answer.json()
                found[f"{indicator['code']} by {group}"] = (body["total"], body["values"])
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A system with four partners that all begin with the same facts."""
    folder = tmp_path_factory.mktemp("csv")
    with running_redis(folder / "redis") as server:
        system = System(folder / "data", server.url)
        try:
            system.start()
            with system.client("registration") as client:
                for partner in (EXCEL.partner, OLD.partner, ENGLISH.partner, TWIN_PARTNER):
                    body = {"name": "Partner", "kind": "partner", "municipality": "GM0141", "joinedOn": "2020-01-01"}
                    assert client.put(f"/v1/partners/{partner}", json=body).status_code == 200
            desk = Desk(system, folder)
            long_ago = datetime(2026, 1, 11, tzinfo=AMSTERDAM)
            for partner in (EXCEL.partner, OLD.partner, ENGLISH.partner, TWIN_PARTNER):
                loaded = desk.load(ndjson(folder, f"before-{partner}", events(partner, BEFORE, long_ago, "before")))
                assert loaded.returncode == 0, loaded.stdout + loaded.stderr
            now = datetime.now(AMSTERDAM) - timedelta(minutes=1)
            loaded = desk.load(ndjson(folder, "twin", events(TWIN_PARTNER, TWIN, now, "twin")))
            assert loaded.returncode == 0, loaded.stdout + loaded.stderr
            yield desk
        finally:
            system.stop()


@pytest.mark.parametrize("dialect", [EXCEL, OLD, ENGLISH], ids=lambda dialect: dialect.partner)
def test_a_sheet_gives_its_twins_figures_again_nothing_and_its_undo_the_old_ones(
    desk: Desk, dialect: Dialect, tmp_path: Path
) -> None:
    old = figures(desk.system, dialect.partner)
    sheets = {kind: saved(tmp_path, kind, SHEETS[kind], dialect) for kind in KINDS}
    for kind, path in sheets.items():
        loaded = desk.load(path, "--as", kind, "--partner", dialect.partner)
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        rows = len(SHEETS[kind]) - 1
        assert f"{rows} in all: {rows} accepted, 0 duplicate, 0 rejected, 0 failed" in loaded.stdout
    new = figures(desk.system, dialect.partner)
    assert new == figures(desk.system, TWIN_PARTNER)
    assert new != old

    head = desk.system.head()
    for kind, path in sheets.items():
        again = desk.load(path, "--as", kind, "--partner", dialect.partner)
        rows = len(SHEETS[kind]) - 1
        assert f"{rows} in all: 0 accepted, {rows} duplicate, 0 rejected, 0 failed" in again.stdout
    assert desk.system.head() == head

    for kind in reversed(KINDS):
        undone = desk.load(tmp_path / f"{kind}.csv.undo.ndjson")
        assert undone.returncode == 0, undone.stdout + undone.stderr
    assert figures(desk.system, dialect.partner) == old
