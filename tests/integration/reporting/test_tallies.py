"""Tallies are what facts add up to, after any batch, a start and a rebuild; answers from them are those of facts."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, text

from services.reporting.domain.evaluation import Table, evaluate
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.periods import Period, calendar_period
from services.reporting.domain.questions import Question
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.generations import DERIVED
from services.reporting.store.tallies.keeping import count_anew
from services.reporting.usecases import adding_up
from services.reporting.usecases.adding_up import add_up
from services.reporting.usecases.live_figures import live_table
from services.reporting.usecases.rebuilding import rebuildable
from shared.clock import utc_now
from shared.database import reading, transaction
from shared.operators.generation import new_generation
from tests.examples import examples
from tests.histories.tales import Steps, arrivals, tales, told
from tests.integration.reporting.ledger import Ledger, entry_of
from tests.integration.reporting.story import Story

PERIODS = (
    calendar_period("2024"),
    calendar_period("2024-Q1"),
    Period("", date(2023, 6, 1), date(2025, 1, 31)),
    Period("", date(2023, 6, 30), date(2025, 1, 1)),
)
VALUES = {
    "month": ("2024-02", "2023-12"),
    "quarter": ("2024-Q1", "2023-Q4"),
    "year": ("2024",),
    "kind": ("walk", "congress"),
    "goal": ("initiative",),
    "series": ("avedan/soep", "onbekend"),
    "partner": ("avedan", "titus"),
    "partnerKind": ("chain-partner", "onbekend"),
    "municipality": ("GM0141",),
    "activity": ("avedan/a", "titus/d"),
    "neighbourhood": ("Centrum", "onbekend"),
    "ageBand": ("85+", "onbekend"),
}
"""Filters that let some facts of the tales pass."""
_SETTINGS = settings(
    deadline=None, database=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow]
)


def tallies(ledger: Ledger) -> dict[str, Any]:
    """What is kept beside the facts, persons by pid."""
    names = {table.name for table in DERIVED}
    return {name: rows for name, rows in ledger.state().items() if name in names}


def forget_tallies(ledger: Ledger) -> None:
    """As in a database of before there were any."""
    with transaction(ledger.engine) as connection:
        for table in DERIVED:
            connection.execute(delete(table))


def table_over_facts(facts: FactsOfPeriod, question: Question) -> Table:
    """As it was answered before there were tallies."""
    of_period = facts.of(question.indicator.subject.source)
    return evaluate(question.indicator, of_period, question.period, question.filters, question.group_by)


def ask_anything(ledger: Ledger, chance: Random, times: int) -> None:
    """Questions of every kind, the answers held to the facts."""
    with reading(ledger.engine) as connection:
        of_period = {period: FactsOfPeriod(connection, period) for period in PERIODS}
        for _ in range(times):
            question = a_question(chance)
            facts = of_period[question.period]
            assert comparable(live_table(facts, question)) == comparable(table_over_facts(facts, question)), question


def a_question(chance: Random) -> Question:
    indicator = chance.choice([one for one in INDICATORS.values() if one.tallied])
    groupings = [(), *combinations(indicator.group_by, 1), *combinations(indicator.group_by, 2)]
    filters = {name: VALUES[name] for name in chance.sample(indicator.filters, chance.choice((0, 0, 1, 1, 2)))}
    return Question(indicator, chance.choice(PERIODS), filters, chance.choice(groupings))


def comparable(found: Table) -> tuple[Any, list[Any]]:
    return found.total, sorted(found.rows, key=repr)


def test_any_tale_leaves_the_tallies_that_its_facts_add_up_to(shared_engine: Engine) -> None:
    """After any batches in any order, and every answer on the way is that of the facts."""
    ledger = Ledger(shared_engine)

    @settings(_SETTINGS, max_examples=examples(16, shared_engine))
    @given(steps=tales(), data=st.data(), seed=st.integers(0, 2**32))
    def holds(steps: Steps, data: st.DataObject, seed: int) -> None:
        chance = Random(seed)  # noqa: S311  -- a choice of questions is no secret
        ledger.forget_everything()
        for batch in data.draw(arrivals(told(steps)), label="batches"):
            ledger.take(batch)
            ask_anything(ledger, chance, 40)
        kept = tallies(ledger)
        forget_tallies(ledger)
        add_up(ledger.engine)
        assert tallies(ledger) == kept

    holds()


def test_a_signup_and_a_member_that_move_leave_nothing_where_they_were(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one", kind="walk")
    story.activity("avedan/two", "2025-02-03T14:00:00+01:00")
    for activity in ("avedan/one", "avedan/two"):
        story.signup("avedan/s1", activity, "anna")
        story.member("avedan/m1", "2024-02-01", via=activity)
    ledger.take(story.events[:4])
    assert ledger.by("signups", "kind") == {"walk": 1}
    ledger.take(story.events[4:])
    assert ledger.by("signups", "kind") == {}
    assert ledger.by("signups", "kind", "2025") == {"bingo": 1}
    assert ledger.by("conversion", "activity") == {}
    assert ledger.by("conversion", "activity", "2025") == {"avedan/two": None}
    kept = tallies(ledger)
    forget_tallies(ledger)
    add_up(ledger.engine)
    assert tallies(ledger) == kept


def test_an_erasure_hands_the_number_on_and_changes_no_sum(story: Story, ledger: Ledger) -> None:
    """Nobody is told apart any more, and nothing is counted anew for it."""
    story.activity("avedan/one")
    story.activity("avedan/two", "2024-05-05T14:00:00+02:00")
    for activity in ("avedan/one", "avedan/two"):
        story.crowd(activity, "anna", "ben")
    ledger.hear(story)
    before = {name: ledger.rows(name) for name in ("activity_tally", "audience_tally", "month_tally", "newcomers")}
    story.erase("anna", "token-1")
    ledger.hear(story)
    assert {name: ledger.rows(name) for name in before} == before
    assert {row[0] for row in ledger.rows("person")} == {"ben", "token-1"}


def test_an_erasure_that_comes_last_parts_two_persons_at_two_activities(story: Story, ledger: Ledger) -> None:
    """What came after it in the log was counted as the same person, elsewhere; other events are missing still."""
    story.partner("avedan")
    story.activity("avedan/one")
    story.activity("avedan/two", "2024-05-05T14:00:00+02:00")
    story.crowd("avedan/one", "anna")
    story.erase("anna", "token-1")
    story.crowd("avedan/two", "anna")
    ledger.take([*story.events[1:4], story.events[5]])
    assert (ledger.total("participants"), ledger.total("new-participants", "2024-05")) == (1, 0)
    ledger.take([story.events[4]])
    assert (ledger.total("participants"), ledger.total("new-participants", "2024-05")) == (2, 1)
    assert {row[0] for row in ledger.rows("person")} == {"anna", "token-1"}


def test_who_has_no_presence_left_has_no_number(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one")
    story.crowd("avedan/one", "anna", "ben")
    story.attendance("avedan/one", "anna", "void")
    ledger.take(story.events[:2])
    assert {row[0] for row in ledger.rows("person")} == {"anna"}
    ledger.hear(story)
    assert {row[0] for row in ledger.rows("person")} == {"ben"}


def test_adding_up_goes_on_where_it_was_killed(story: Story, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of before there were tallies: each part is committed, and memory holds one part."""
    for number in range(7):
        story.activity(f"avedan/a{number}", f"2024-0{number + 1}-05T14:00:00+01:00")
        story.crowd(f"avedan/a{number}", "anna", f"p{number}")
    ledger.hear(story)
    kept = tallies(ledger)
    forget_tallies(ledger)
    parts: list[Sequence[str]] = []

    def killed_at_the_third(connection: Connection, activities: Sequence[str]) -> None:
        parts.append(activities)
        if len(parts) == 3:
            raise InterruptedError
        count_anew(connection, activities)

    monkeypatch.setattr(adding_up, "_AT_ONCE", 2)
    monkeypatch.setattr(adding_up, "count_anew", killed_at_the_third)
    with pytest.raises(InterruptedError):
        add_up(ledger.engine)
    assert len(ledger.rows("activity_tally")) == 4
    assert add_up(ledger.engine) == 3
    assert max(map(len, parts)) == 2
    assert tallies(ledger) == kept


def test_a_rebuild_brings_tallies_along_whatever_the_numbers(story: Story, ledger: Ledger, tmp_path: Path) -> None:
    """Numbers are given in another order there; what tallies mean is compared without them, and a wrong one named."""
    for number, pid in enumerate(("zoe", "anna", "ben")):
        story.activity(f"avedan/a{number}", f"2024-0{number + 1}-05T14:00:00+01:00")
        story.crowd(f"avedan/a{number}", pid, "carl")
    ledger.take(story.events[::-1])
    before, numbers = ledger.state(), ledger.rows("person")
    entries = [entry_of(event) for event in story.events]
    with new_generation(tmp_path / "generation.db", rebuildable(), utc_now, 0) as generation:
        generation.advance(lambda after: entries[after : after + 4], len(entries))
        with transaction(ledger.engine) as connection:
            assert rebuildable().digest(connection) == generation.digest()
            connection.execute(
                text(
                    "update month_tally set participants = (select participants from newcomers order by month limit 1)"
                )
            )
            wrong = rebuildable().digest(connection).differences(generation.digest())
            assert re.findall(r"\w+(?= \()", wrong) == ["month_tally"]
            generation.copy_to(connection)
            assert rebuildable().digest(connection) == generation.digest()
    assert ledger.state() == before
    assert ledger.rows("person") != numbers
