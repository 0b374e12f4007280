"""One mechanism for all indicators: filter, cut into cells, measure, and a total of its own."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.evaluation import UNKNOWN, Table, evaluate
from services.reporting.domain.facts import Activity, Attendance, Partner
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.periods import calendar_period
from services.reporting.domain.subjects import Key

YEAR = calendar_period("2024")
PARTICIPANTS = INDICATORS["participants"]
KINDS = ("bingo", "walk", "meal")


def activity(day: date, kind: str = "bingo", partner: str = "avedan", series: str | None = None) -> Activity:
    return Activity(f"{partner}/{day}-{kind}", Partner(partner), day, kind, "initiative", "Titel", series)


def came(day: date, pid: str, kind: str = "bingo", band: str | None = None) -> Attendance:
    return Attendance(activity(day, kind), pid, "participant", "present", age_band=band)


ATTENDANCES = st.lists(
    st.builds(
        came,
        day=st.dates(date(2023, 11, 1), date(2025, 2, 1)),
        pid=st.sampled_from("abcdefgh"),
        kind=st.sampled_from(KINDS),
        band=st.sampled_from([None, "65-74", "85+"]),
    ),
    max_size=60,
)


def naive(facts: list[Attendance], kind: Key = None) -> int:
    return len({f.pid for f in facts if f.activity.day.year == 2024 and (kind is None or f.activity.kind == kind)})


@given(ATTENDANCES)
def test_total_and_rows_equal_a_naive_count(facts: list[Attendance]) -> None:
    table = evaluate(PARTICIPANTS, facts, YEAR, {}, ("kind",))
    assert table.total.value == naive(facts)
    assert {row.keys[0]: row.figure.value for row in table.rows} == {
        kind: naive(facts, kind) for kind in KINDS if naive(facts, kind)
    }


@given(ATTENDANCES, st.sampled_from(KINDS))
def test_a_filter_gives_what_the_row_of_that_key_says(facts: list[Attendance], kind: str) -> None:
    rows = {row.keys[0]: row.figure.value for row in evaluate(PARTICIPANTS, facts, YEAR, {}, ("kind",)).rows}
    filtered = evaluate(PARTICIPANTS, facts, YEAR, {"kind": (kind,)}, ())
    assert filtered.total.value == rows.get(kind, 0)


@given(ATTENDANCES)
def test_a_total_lies_between_its_largest_row_and_their_sum(facts: list[Attendance]) -> None:
    for group_by in (("month",), ("ageBand",), ("quarter", "kind")):
        table = evaluate(PARTICIPANTS, facts, YEAR, {}, group_by)
        values = [int(row.figure.value or 0) for row in table.rows]
        assert max(values, default=0) <= int(table.total.value or 0) <= sum(values)


@given(ATTENDANCES)
def test_new_and_returning_are_all_participants_in_every_cell(facts: list[Attendance]) -> None:
    first = {pid: min(f.activity.day for f in facts if f.pid == pid) for pid in {f.pid for f in facts}}
    known = [Attendance(f.activity, f.pid, f.role, f.outcome, first_day=first[f.pid]) for f in facts]
    for group_by in ((), ("month",), ("kind",), ("year", "kind")):
        new, returning, everybody = (
            as_numbers(evaluate(INDICATORS[code], known, YEAR, {}, group_by))
            for code in ("new-participants", "returning-participants", "participants")
        )
        assert {key: new[key] + returning[key] for key in new} == everybody


@given(ATTENDANCES)
def test_the_new_of_all_months_are_the_new_of_the_year(facts: list[Attendance]) -> None:
    first = {pid: min(f.activity.day for f in facts if f.pid == pid) for pid in {f.pid for f in facts}}
    known = [Attendance(f.activity, f.pid, f.role, f.outcome, first_day=first[f.pid]) for f in facts]
    table = evaluate(INDICATORS["new-participants"], known, YEAR, {}, ("month",))
    assert table.total.value == sum(int(row.figure.value or 0) for row in table.rows)


def as_numbers(table: Table) -> dict[object, int]:
    figures: list[tuple[object, Figure]] = [("total", table.total), *((row.keys, row.figure) for row in table.rows)]
    return {keys: int(figure.value or 0) for keys, figure in figures}


def test_facts_that_do_not_say_are_found_under_unknown() -> None:
    facts = [came(date(2024, 5, 1), "a"), came(date(2024, 5, 1), "b", band="85+")]
    assert evaluate(PARTICIPANTS, facts, YEAR, {"ageBand": (UNKNOWN,)}, ()).total.value == 1
    assert evaluate(PARTICIPANTS, facts, YEAR, {"ageBand": (UNKNOWN, "85+")}, ()).total.value == 2


def test_months_can_be_filtered_like_any_key() -> None:
    facts = [came(date(2024, 5, 1), "a"), came(date(2024, 6, 1), "b"), came(date(2024, 7, 1), "c")]
    assert evaluate(PARTICIPANTS, facts, YEAR, {"month": ("2024-05", "2024-07")}, ()).total.value == 2
    assert evaluate(PARTICIPANTS, facts, YEAR, {"quarter": ("2024-Q2",)}, ()).total.value == 2
