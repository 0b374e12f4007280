"""Sheets as people keep them, the same facts as a partner's system posts them, and somebody at a command line."""

import csv
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.clock import AMSTERDAM, rfc3339
from tests.servers import ADMIN_KEY, ROOT, System

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
    partner: str = ""

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """The command as a process that can be killed."""
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
        pipe = subprocess.PIPE
        return subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)

    def load(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The command to its end."""
        with self.start(*arguments) as process:
            stdout, stderr = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
