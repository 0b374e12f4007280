"""What an answer costs does not grow with history: the rows that its statements fetch are counted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from services.reporting.usecases.statistics import answer
from shared.database import reading
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story

FACT_TABLES = {"attendance", "signup", "head_count", "member"}


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)


def touched(ledger: Ledger, **parameters: str) -> dict[str, int]:
    """Table -> rows that the answer to a question fetched from it."""
    rows: dict[str, int] = {}
    with reading(ledger.engine) as connection:
        with statements(connection) as asked:
            answer(connection, parameters.items())
        for statement, values in asked:
            rows_of = f"SELECT count(*) FROM ({statement}) AS found"  # noqa: S608  -- the product's own statement
            counted = connection.exec_driver_sql(rows_of, values).scalar_one()
            for table in set(re.findall(r"(?:FROM|JOIN) (\w+)", statement)):
                rows[table] = rows.get(table, 0) + counted
    return rows


def town(story: Story, people: int, also: str = "") -> Story:
    """Two activities in every month, with so many visitors and sign-ups each; `also` makes them others."""
    for month in range(1, 13):
        for kind in ("bingo", "walk"):
            ref = f"avedan/{kind}-{month}{also}"
            day = f"2024-{month:02}-05T14:00:00+01:00"
            story.activity(ref, day, kind=kind, seriesId=f"avedan/{kind}")
            for number in range(people):
                story.attendance(ref, f"p{number}", ageBand=("75-84", "85+")[number % 2], neighbourhood="Riet")
                story.signup(f"{ref}-{number}", ref, f"p{number}")
    return story


CALENDAR = (
    {"indicator": "participants", "period": "2024", "groupBy": "kind"},
    {"indicator": "new-participants", "period": "2024-Q2", "groupBy": "month"},
    {"indicator": "no-show-rate", "period": "2024"},
    {"indicator": "activities", "period": "2024", "groupBy": "series"},
    {"indicator": "attendances", "period": "2024-11", "groupBy": "ageBand"},
)


def test_c21_same_rows_touched(story: Story, ledger: Ledger) -> None:
    """C21: a calendar question fetches the same rows beside 144 facts as beside 1,296 of three times the activities."""
    ledger.hear(town(story, 3))
    few = [touched(ledger, **question) for question in CALENDAR]
    values = [ledger.asked(**question).total.value for question in CALENDAR]
    town(story, 12, also="-later")
    ledger.hear(town(story, 12, also="-last"))
    assert [touched(ledger, **question) for question in CALENDAR] == few
    assert [ledger.asked(**question).total.value for question in CALENDAR] != values
    assert all(rows["month_tally"] for rows in few)
    assert not FACT_TABLES & {table for rows in few for table in rows}


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": "bingo", "neighbourhood": "Riet", "groupBy": "ageBand"},
        {"ageBand": "85+", "groupBy": "month,activity"},
        {"neighbourhood": "Riet", "ageBand": "85+"},
    ],
    ids="-".join,
)
def test_c21_free_filters_are_answered_from_bitmaps(story: Story, ledger: Ledger, filters: dict[str, str]) -> None:
    """However many people came, a row for each activity and key; nobody's facts are looked at."""
    given = {"indicator": "participants", "from": "2024-01-02", "to": "2024-11-30", **filters}
    ledger.hear(town(story, 2))
    few = touched(ledger, **given)
    ledger.hear(town(story, 10))
    assert touched(ledger, **given) == few
    assert few["activity_tally"] >= 11
    assert not FACT_TABLES & few.keys()


def test_facts_are_read_where_only_they_know(story: Story, quick: Ledger) -> None:
    """Negative control of the two above: sums by two things about persons at once."""
    quick.hear(town(story, 3))
    found = touched(quick, indicator="attendances", period="2024", groupBy="ageBand,neighbourhood")
    assert found["attendance"] == 72
