"""What facts add up to: in any order and grouping the same, and every indicator the same as over the facts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.evaluation import Table, evaluate
from services.reporting.domain.facts import Activity, Attendance, HeadCount, Joining, Partner, Signup
from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.periods import Period, calendar_period
from services.reporting.domain.questions import Question
from services.reporting.domain.tallies.answering import Part, dimensions, months_suffice, needs_facts, table
from services.reporting.domain.tallies.counting import ActivityFacts, counted
from services.reporting.domain.tally import COUNTERS, SETS, Tally, summed
from tests.examples import examples

YEAR = calendar_period("2024")
NOBODY: frozenset[str] = frozenset()
TALLIED = [indicator for indicator in INDICATORS.values() if indicator.tallied]
PEOPLE = st.sampled_from("abcdef")
PERSONS = {"age_band": st.sampled_from([None, "85+"]), "neighbourhood": st.sampled_from([None, "Riet", "Aadorp"])}
SETS_OF_PEOPLE = st.frozensets(PEOPLE, max_size=4)
TALLIES = st.lists(
    st.builds(Tally, SETS_OF_PEOPLE, SETS_OF_PEOPLE, **dict.fromkeys(COUNTERS, st.integers(0, 9))),
    max_size=6,
)
Facts = Sequence[ActivityFacts]


@given(TALLIES, st.randoms(use_true_random=False), st.integers(0, 6))
def test_tallies_add_up_the_same_in_any_order_and_any_grouping(
    tallies: list[Tally[frozenset[str]]], chance: Any, cut: int
) -> None:
    whole = summed(tallies, NOBODY)
    shuffled = chance.sample(tallies, len(tallies))
    assert summed(shuffled, NOBODY) == whole
    assert summed([summed(tallies[:cut], NOBODY), summed(tallies[cut:], NOBODY)], NOBODY) == whole
    assert summed([whole, summed([], NOBODY)], NOBODY) == whole
    for name in SETS:
        assert getattr(whole, name) == {person for tally in tallies for person in getattr(tally, name)}


@st.composite
def activities(draw: st.DrawFn) -> Facts:
    """Activities of two years with all that may be known of them, one attendance per person and role."""
    return [draw(_facts(number)) for number in range(draw(st.integers(1, 6)))]


@st.composite
def _facts(draw: st.DrawFn, number: int) -> ActivityFacts:
    activity = draw(
        st.builds(
            Activity,
            ref=st.just(f"avedan/{number}"),
            partner=st.sampled_from([Partner("avedan"), Partner("scoop")]),
            day=st.dates(date(2023, 11, 1), date(2025, 1, 31)),
            kind=st.sampled_from(["bingo", "walk"]),
            goal=st.just("initiative"),
            title=st.just("Titel"),
            series=st.sampled_from([None, "avedan/soep"]),
            neighbourhood=st.sampled_from([None, "Riet"]),
            capacity=st.sampled_from([None, 1, 9]),
            cancelled=st.sampled_from([False, False, True]),
        )
    )
    roles = st.sampled_from(["participant", "participant", "professional", "volunteer"])
    outcomes = st.sampled_from(["present", "present", "absent", "excused", "void"])
    who = {"activity": st.just(activity), "pid": PEOPLE, "role": roles, "party_size": st.integers(1, 3), **PERSONS}
    came = st.lists(st.builds(Attendance, outcome=outcomes, **who), max_size=7, unique_by=lambda f: (f.pid, f.role))
    status = st.sampled_from(["confirmed", "waitlisted", "withdrawn"])
    wanted = st.lists(st.builds(Signup, status=status, outcome=outcomes | st.none(), **who), max_size=5)
    heads = st.lists(st.builds(HeadCount, st.just(activity), st.sampled_from([None, 0, 7])), max_size=2)
    joined = st.lists(st.builds(Joining, st.just(activity)), max_size=2)
    return ActivityFacts(activity, draw(came), draw(wanted), draw(heads), draw(joined))


def over_facts(indicator: AnyIndicator, facts: Facts, question: Question) -> Table:
    """The indicator's own measure."""
    first = firsts(facts)
    by_source: dict[str, list[Any]] = {
        "activities": [one.activity for one in facts],
        "attendances": [fact for one in facts for fact in one.attendances],
        "first-attendances": [replace(f, first_day=first.get(f.pid)) for one in facts for f in one.attendances],
        "signups": [fact for one in facts for fact in one.signups],
        "head-counts": [fact for one in facts for fact in one.head_counts],
        "conversions": [fact for one in facts for fact in (*one.attendances, *one.joinings)],
    }
    return evaluate(indicator, by_source[indicator.subject.source], question.period, {}, question.group_by)


def firsts(facts: Facts) -> dict[str, date]:
    """First day as participant, of everybody."""
    days = sorted(
        (one.activity.day, fact.pid)
        for one in facts
        for fact in one.attendances
        if (fact.outcome, fact.role) == ("present", "participant")
    )
    return {pid: day for day, pid in reversed(days)}


def over_months(facts: Facts, question: Question) -> Table:
    """The same from the cells of months."""
    tallied = question.indicator.tallied
    assert tallied is not None
    (dimension,) = dimensions(question, tallied) or ("",)
    name = "neighbourhood" if dimension == "place" else dimension
    parts = [
        Part(cell.month, {name: cell.key}, tally)
        for one in facts
        for cell, tally in counted(one).cells()
        if cell.dimension == dimension and question.period.holds(cell.month)
    ]
    first = firsts(facts)

    def new_in(period: Period) -> frozenset[str]:
        return frozenset(pid for pid, day in first.items() if period.holds(day))

    return table(question, tallied, parts, new_in, NOBODY)


def comparable(found: Table) -> tuple[Any, list[Any]]:
    return found.total, sorted(found.rows, key=repr)


@settings(deadline=None, max_examples=examples(40))
@given(activities())
def test_every_indicator_is_the_same_over_tallies_as_over_facts(facts: Facts) -> None:
    """Two definitions in one entry of the registry may not drift apart."""
    asked = 0
    for indicator in TALLIED:
        for name in ("", "month", "quarter", "year", "kind", "goal", "partner", "series", "neighbourhood", "ageBand"):
            question = Question(indicator, YEAR, group_by=(name,) if name else ())
            if not name or name in indicator.subject.names:
                asked += 1
                assert comparable(over_months(facts, question)) == comparable(over_facts(indicator, facts, question))
    assert asked > len(TALLIED) * 6


def test_what_is_counted_at_activities_is_tallied_and_nothing_else() -> None:
    at_activities = {"activities", "attendances", "first-attendances", "signups", "head-counts", "conversions"}
    assert {i.code for i in TALLIED} == {i.code for i in INDICATORS.values() if i.subject.source in at_activities}


def test_months_answer_whole_months_and_one_dimension_however_it_is_asked() -> None:
    def suffice(code: str, period: Period, *group_by: str, **filters: tuple[str, ...]) -> bool:
        indicator = INDICATORS[code]
        assert indicator.tallied is not None
        return months_suffice(Question(indicator, period, filters, group_by), indicator.tallied)

    assert suffice("participants", YEAR)
    assert suffice("participants", YEAR, "month", "kind", kind=("bingo",))
    assert suffice("participants", YEAR, "municipality", partnerKind=("partner",), partner=("avedan",))
    assert suffice("participants", Period("", date(2023, 5, 1), date(2024, 2, 29)), "neighbourhood")
    assert not suffice("participants", Period("", date(2023, 5, 1), date(2024, 2, 28)))
    assert not suffice("participants", Period("", date(2023, 5, 2), date(2024, 2, 29)))
    assert not suffice("participants", YEAR, "kind", goal=("initiative",))
    assert not suffice("participants", YEAR, "activity")


def test_only_sums_by_two_things_about_persons_need_facts() -> None:
    def need(code: str, *group_by: str) -> bool:
        indicator = INDICATORS[code]
        assert indicator.tallied is not None
        return needs_facts(Question(indicator, YEAR, group_by=group_by), indicator.tallied)

    assert need("attendances", "ageBand", "neighbourhood")
    assert not need("attendances", "ageBand", "kind")
    assert not need("participants", "ageBand", "neighbourhood")
    assert not need("new-participants", "ageBand", "neighbourhood")
