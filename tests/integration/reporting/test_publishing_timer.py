"""The timer of publications: its day, once, also when it was off, whoever runs it (contract section 5)."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from services.reporting.domain.periods import Period
from services.reporting.domain.publication.timing import last_due
from services.reporting.scheduler import PublishingTimer
from services.reporting.usecases.publishing import Draft, Publisher
from services.reporting.usecases.publishing_turns import publish_if_due
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.press import noon, people
from tests.integration.reporting.story import Story


@pytest.mark.parametrize(
    ("today", "day", "due"),
    [
        ("2024-03-15", 15, "2024-03-15"),
        ("2024-03-14", 15, "2024-02-15"),
        ("2024-02-29", 31, "2024-02-29"),
        ("2024-03-01", 31, "2024-02-29"),
        ("2023-03-30", 30, "2023-03-30"),
        ("2023-03-29", 30, "2023-02-28"),
        ("2025-01-01", 2, "2024-12-02"),
    ],
)
def test_the_last_due_day_is_that_of_this_month_or_the_one_before(today: str, day: int, due: str) -> None:
    assert last_due(date.fromisoformat(today), day) == date.fromisoformat(due)


class Turns:
    """Looks of a timer on days that it is told."""

    def __init__(self, engine: Engine, day: int) -> None:
        self._engine, self._day, self._today = engine, day, ""
        self._publisher = Publisher(engine, lambda: noon(self._today))

    def look(self, today: str) -> Sequence[str]:
        """The publications that were made."""
        self._today = today
        return [str(one.id) for one in publish_if_due(self._engine, self._publisher, self._day, noon(today))]


def tell(ledger: Ledger, story: Story, ref: str, starts: str, *pids: str) -> None:
    story.activity(ref, starts)
    story.crowd(ref, *pids)
    ledger.hear(story)


def test_it_publishes_once_a_month_and_the_last_year_where_it_closed_or_changed(story: Story, quick: Ledger) -> None:
    timer = Turns(quick.engine, 5)
    assert timer.look("2024-11-05") == []  # nobody has told anything yet
    tell(quick, story, "avedan/one", "2024-11-01T14:00:00+01:00", *people(1, 12))
    assert timer.look("2024-11-05") == ["2024.1"]
    assert timer.look("2024-11-05") == timer.look("2024-12-04") == []
    assert timer.look("2025-01-20") == ["2024.2", "2025.1"]  # off on the 5th; the year has ended since
    assert timer.look("2025-02-05") == ["2025.2"]
    tell(quick, story, "avedan/late", "2024-12-01T14:00:00+01:00", *people(100, 130))
    assert timer.look("2025-03-06") == ["2024.3", "2025.3"]


def test_two_processes_make_one_publication(story: Story, engine: Engine) -> None:
    """Both find that it is due, and both have reckoned, before either keeps anything."""
    tell(Ledger(engine), story, "avedan/one", "2024-11-01T14:00:00+01:00", *people(1, 12))
    other = Turns(engine, 5)

    class Late(Publisher):
        """While it reckons another process is done."""

        def draft(self, year: Period, now: datetime) -> Draft:
            found = super().draft(year, now)
            made.extend(other.look("2024-11-05"))
            return found

    made: list[str] = []
    late = Late(engine, lambda: noon("2024-11-05"))
    assert publish_if_due(engine, late, 5, noon("2024-11-05")) == ()
    assert made == ["2024.1"]


def test_a_timer_that_runs_looks_at_once_and_stops(story: Story, quick: Ledger) -> None:
    tell(quick, story, "avedan/one", "2024-11-01T14:00:00+01:00", *people(1, 12))
    publisher = Publisher(quick.engine, lambda: noon("2024-11-05"))

    async def run(day: int) -> None:
        timer = PublishingTimer(quick.engine, publisher, day, lambda: noon("2024-11-05"))
        running = asyncio.create_task(timer.run())
        async with asyncio.timeout(30):
            while day and len(quick.rows("publication")) == 0:
                await asyncio.sleep(0.05)
            await timer.stop()
            await running

    asyncio.run(run(0))
    assert quick.rows("publication") == []
    asyncio.run(run(5))
    assert len(quick.rows("publication")) == 1
