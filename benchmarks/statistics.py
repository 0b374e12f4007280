"""Figures of a year beside 10,000 and 1,000,000 facts, on SQLite: by months, with free filters, and by counting facts.

Then what a batch of 500 events costs with and without tallies.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, insert, text

from benchmarks.rounds import Contender, Row, measure
from services.reporting.app import MIGRATIONS
from services.reporting.tables import ActivityRow, AttendanceRow, SignupRow
from services.reporting.usecases import apply_events
from services.reporting.usecases.adding_up import add_up
from services.reporting.usecases.statistics import answer
from shared.database import connect, reading, table_of, transaction, upgrade
from shared.events.envelope import StreamEvent
from shared.messaging.tables import PositionRow
from tests.integration.reporting.story import Story

SIZES = (10_000, 1_000_000)
PRESENT, SIGNED_UP = 20, 5
"""Facts of each activity."""
INHABITANTS = 72_849
FIRST, DAYS = date(2020, 1, 1), 5 * 365
KINDS = ("bingo", "walk", "visit", "meal", "meeting-place", "course", "sport")
GOALS = ("awareness", "initiative", "local-approach")
AGES = ("0-17", "18-34", "35-49", "50-64", "65-74", "75-84", "85+")
PLACES = tuple(f"Wijk {number}" for number in range(12))
PARTNERS = tuple(f"partner{number}" for number in range(20))
QUESTIONS = 10
BATCH, AT = 500, 25
"""Events, and activities that they are about."""
_AT_ONCE = 400
"""Activities in one statement."""

CALENDAR = {"indicator": "participants", "period": "2024", "groupBy": "kind"}
FREE = {
    "indicator": "participants",
    "from": "2024-01-10",
    "to": "2024-12-20",
    "kind": "walk,bingo",
    "groupBy": "ageBand",
}
_JOINED = (
    "attendance a join activity on activity.ref = a.activity where a.outcome = 'present' and a.role = 'participant'"
)
COUNT_BY_KIND = f"""
    select kind, count(distinct pid) from {_JOINED} and day between '2024-01-01' and '2024-12-31' group by kind
    """  # noqa: S608  -- nothing of it comes from outside
COUNT_BY_AGE = f"""
    select age_band, count(distinct pid) from {_JOINED}
    and day between '2024-01-10' and '2024-12-20' and kind in ('walk', 'bingo') group by age_band
    """  # noqa: S608  -- nothing of it comes from outside
LOOK = "select count(*) from month_tally where month = '2024-03-01' and dimension = '' and key = ''"


@dataclass(frozen=True)
class Town:
    """A database with so many facts, and a bare connection to the same file."""

    facts: int
    engine: Engine
    plain: sqlite3.Connection

    def ask(self, parameters: dict[str, str]) -> None:
        """As the door asks."""
        for _ in range(QUESTIONS):
            with reading(self.engine) as connection:
                answer(connection, parameters.items())

    def count(self, statement: str) -> None:
        """With the bare driver."""
        for _ in range(QUESTIONS):
            self.plain.execute(statement).fetchall()

    def take(self, events: Any) -> None:
        """As a batch from the stream, committed."""
        with transaction(self.engine) as connection:
            apply_events.apply(connection, events)

    def take_uncounted(self, events: Any) -> None:
        """The same, and nothing is added up."""
        with patch.object(apply_events, "count_anew"):
            self.take(events)


def run() -> list[Row]:
    """Floor of the questions: one look at an index, with the bare driver. Floor of the batch: without tallies."""
    with tempfile.TemporaryDirectory(prefix="komerbij-bench-") as folder:
        towns = [_town(Path(folder), facts) for facts in SIZES]
        found = [*_questions(towns), *_batches(towns[-1])]
        for town in towns:
            town.plain.close()
            town.engine.dispose()
    return found


def _questions(towns: list[Town]) -> list[Row]:
    ways = [Contender("floor: one look at an index", lambda: None, lambda _: towns[-1].count(LOOK))]
    for town in towns:
        ways += [
            Contender(f"a year by kind, from months, {town.facts:,}", _nothing, _asking(town, CALENDAR)),
            Contender(f"dates and kinds by age, from bitmaps, {town.facts:,}", _nothing, _asking(town, FREE)),
            Contender(f"naive: a year by kind, counted, {town.facts:,}", _nothing, _counting(town, COUNT_BY_KIND)),
            Contender(
                f"naive: dates and kinds by age, counted, {town.facts:,}", _nothing, _counting(town, COUNT_BY_AGE)
            ),
        ]
    return measure("figures", QUESTIONS, ways)


def _nothing() -> None:
    """These need nothing prepared."""


def _asking(town: Town, parameters: dict[str, str]) -> Callable[[object], None]:
    return lambda _: town.ask(parameters)


def _counting(town: Town, statement: str) -> Callable[[object], None]:
    return lambda _: town.count(statement)


def _batches(town: Town) -> list[Row]:
    """Arrivals at new activities, then all of them absent after all, which is the dearest correction."""
    told = {counted: _Teller(counted) for counted in (False, True)}
    contenders = (
        Contender("floor: 500 events of new activities, no tallies", told[False].arrivals, town.take_uncounted),
        Contender("500 events of new activities, counted", told[True].arrivals, town.take),
        Contender("500 corrections, no tallies", told[False].corrections, town.take_uncounted),
        Contender("500 corrections, counted", told[True].corrections, town.take),
    )
    return measure("figures", BATCH, contenders)


class _Teller:
    """Batches of 500 events, each time other ones."""

    def __init__(self, counted: bool) -> None:
        self._name, self._story, self._round = f"told{int(counted)}", Story(), 0

    def arrivals(self) -> list[StreamEvent]:
        """New activities, and people of the town at each."""
        self._round += 1
        return self._tell(f"{self._name}-{self._round}", "present", also_activities=True)

    def corrections(self) -> list[StreamEvent]:
        """The last arrivals again: absent."""
        return self._tell(f"{self._name}-{self._round}", "absent", also_activities=False)

    def _tell(self, name: str, outcome: str, *, also_activities: bool) -> list[StreamEvent]:
        self._story.events.clear()
        for number in range(AT):
            ref = f"{PARTNERS[number % len(PARTNERS)]}/{name}-{number}"
            if also_activities:
                self._story.activity(ref, "2024-06-12T14:00:00+02:00", kind=KINDS[number % len(KINDS)], place=PLACES[0])
            for person in range(BATCH // AT - also_activities):
                members = {"ageBand": AGES[person % len(AGES)], "neighbourhood": PLACES[person % len(PLACES)]}
                self._story.attendance(ref, f"pid{(number * 997 + person) % INHABITANTS}", outcome, **members)
        return list(self._story.events)


def _town(folder: Path, facts: int) -> Town:
    """Filled and added up; says how long the adding up took."""
    file = folder / f"{facts}.db"
    engine = connect(f"sqlite:///{file}")
    upgrade(engine, MIGRATIONS)
    with transaction(engine) as connection:
        connection.execute(insert(table_of(PositionRow)), {"name": "main", "watermark": 10**9})
    chance = Random(facts)
    activities = list(range(facts // (PRESENT + SIGNED_UP)))
    for start in range(0, len(activities), _AT_ONCE):
        _fill(engine, chance, activities[start : start + _AT_ONCE])
    started = time.perf_counter()
    counted = add_up(engine)
    print(f"{facts:,} facts, {counted:,} activities: added up in {time.perf_counter() - started:.1f} s")
    with transaction(engine) as connection:
        connection.execute(text("analyze"))
    return Town(facts, engine, sqlite3.connect(file, isolation_level=None))


def _fill(engine: Engine, chance: Random, numbers: list[int]) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {ActivityRow: [], AttendanceRow: [], SignupRow: []}
    for number in numbers:
        activity = _activity(chance, number)
        rows[ActivityRow].append(activity)
        people = [_person(chance, activity["ref"]) for _ in range(PRESENT + SIGNED_UP)]
        for at, person in enumerate({person["pid"]: person for person in people}.values()):
            if at < PRESENT:
                rows[AttendanceRow].append(
                    {**person, "held": 0, "outcome": chance.choice(("present",) * 9 + ("absent",))}
                )
            else:
                rows[SignupRow].append({**person, "ref": f"{activity['ref']}-{at}", "status": "confirmed"})
    with transaction(engine) as connection:
        for row, found in rows.items():
            connection.execute(insert(table_of(row)), found)


def _activity(chance: Random, number: int) -> dict[str, Any]:
    partner = chance.choice(PARTNERS)
    return {
        "ref": f"{partner}/a{number}",
        "version": 1,
        "partner_id": partner,
        "day": FIRST + timedelta(days=chance.randrange(DAYS)),
        "kind": chance.choice(KINDS),
        "goal": chance.choice(GOALS),
        "title": "Titel",
        "series": f"{partner}/s{number % 5}",
        "neighbourhood": chance.choice(PLACES),
        "capacity": 30,
        "cancelled": False,
    }


def _person(chance: Random, activity: str) -> dict[str, Any]:
    """Anybody, the first ones more often: some people come every week."""
    number = int(INHABITANTS * chance.random() ** 2)
    return {
        "activity": activity,
        "pid": f"pid{number}",
        "role": "participant",
        "version": 1,
        "sequence": 1,
        "party_size": 1,
        "age_band": AGES[number % len(AGES)],
        "neighbourhood": PLACES[number % len(PLACES)],
    }
