"""Every figure equals a naive count of the log: all indicators, periods, groupings and filters, whatever happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS
from services.reporting.usecases.statistics import answer
from shared.database import reading
from shared.events.envelope import StreamEvent
from tests.examples import MAY_BE_LONG, examples
from tests.histories.naive import DEFINITIONS, UNKNOWN, Filters, Line, table
from tests.histories.naive_world import Key, World, world_of
from tests.histories.tales import Steps, arrivals, plain, tales, told
from tests.integration.reporting.ledger import Ledger

pytestmark = MAY_BE_LONG

PERIODS: Mapping[str, tuple[date, date]] = {
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2024-Q3": (date(2024, 7, 1), date(2024, 9, 30)),
    "2024-03": (date(2024, 3, 1), date(2024, 3, 31)),
    "": (date(2023, 6, 30), date(2025, 1, 20)),
}
"""Every form of a period; the last is asked with `from` and `to`, and cuts months, quarters and years at both ends."""


class Question(NamedTuple):
    """What is asked; `filters` name dimensions, their values are chosen from what there is."""

    code: str
    period: str
    group_by: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


def tables(sizes: Sequence[int] = (0, 1)) -> Iterator[Question]:
    """Every indicator by every grouping of so many dimensions, each in one of the periods, in turn."""
    turn = list(PERIODS)
    for code, indicator in INDICATORS.items():
        for size in sizes:
            for names in combinations(indicator.group_by, size):
                turn.append(turn.pop(0))
                yield Question(code, turn[0], names if len(turn[0]) % 2 else names[::-1])


def filtered(sizes: Sequence[int] = (1,)) -> Iterator[Question]:
    """Every indicator with a filter on every so many dimensions, grouped by one of the others, in turn."""
    turn = list(PERIODS)
    for code, indicator in INDICATORS.items():
        for size in sizes:
            for number, names in enumerate(combinations(indicator.filters, size)):
                turn.append(turn.pop(0))
                by = indicator.group_by[number % len(indicator.group_by)]
                yield Question(code, turn[0], (by,) if number % 3 else (), names)


def compare(connection: Connection, world: World, question: Question, chance: Random) -> None:
    """The use case's answer is the naive count: total, keys in their order, values, status, precision."""
    filters = chosen(world, question, chance)
    found = answer(connection, parameters(question, filters).items())
    rows = [_line(tuple(value.keys[name] for name in question.group_by), value.figure) for value in found.values]
    counted = table(world, question.code, PERIODS[question.period], filters, question.group_by)
    assert (_line((), found.total), rows) == counted, (question, filters)


def parameters(question: Question, filters: Filters) -> dict[str, str]:
    """As they are given over HTTP."""
    first, last = PERIODS[question.period]
    when = {"period": question.period} if question.period else {"from": str(first), "to": str(last)}
    chosen_values = {name: ",".join(values) for name, values in filters.items()}
    return {"indicator": question.code, **when, **chosen_values, "groupBy": ",".join(question.group_by)}


def chosen(world: World, question: Question, chance: Random) -> Filters:
    """Values for the filters of a question; without a filter where there is no value that it may have."""
    values = ((name, _values(world, question.code, name, chance)) for name in question.filters)
    return {name: some for name, some in values if some}


def _line(keys: tuple[Key, ...], figure: Figure) -> Line:
    return Line(keys, figure.value, figure.status, figure.precision)


def _values(world: World, code: str, name: str, chance: Random) -> Sequence[str]:
    """One or two of the values that a filter may have; those of things that there are, where there are any."""
    nouns = ("partner",) if name in ("partner", "municipality") else DEFINITIONS[code].nouns
    there = {thing.keys.get(name) or UNKNOWN for noun in nouns for thing in world.things.get(noun, ())}
    never = {
        "month": "2024-08",
        "quarter": "2024-Q2",
        "year": "2022",
        "series": "avedan/none",
        "activity": "scoop/none",
    }
    known = sorted(there | ({never[name]} if name in never else set()))
    return chance.sample(known, min(len(known), chance.choice((1, 1, 2))))


TOTALS = [Question(code, period) for code in INDICATORS for period in PERIODS]
SINGLY, IN_PAIRS = [*tables(), *filtered()], [*tables((2,)), *filtered((2,))]
_SETTINGS = settings(
    deadline=None, database=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow]
)


def ask(ledger: Ledger, heard: Sequence[StreamEvent], questions: Sequence[Question], chance: Random) -> None:
    """All of the questions, of one moment."""
    world = world_of(plain(heard))
    with reading(ledger.engine) as connection:
        for question in questions:
            compare(connection, world, question, chance)


def test_any_tale_in_any_order_and_batches_gives_the_figures_of_a_naive_count(shared_engine: Engine) -> None:
    """Before all of it has been heard, too: then they are those of what has."""
    ledger = Ledger(shared_engine)

    @settings(_SETTINGS, max_examples=examples(12, shared_engine))
    @given(steps=tales(20, 45), data=st.data(), seed=st.integers(0, 2**32))
    def holds(steps: Steps, data: st.DataObject, seed: int) -> None:
        chance, events = Random(seed), told(steps)  # noqa: S311  -- a choice of questions is no secret
        ledger.forget_everything()
        heard: list[StreamEvent] = []
        for batch in data.draw(arrivals(events), label="batches"):
            ledger.take(batch)
            heard.extend(batch)
            ask(ledger, heard, [*chance.sample(TOTALS, 20), *chance.sample(SINGLY, 10)], chance)
        ask(ledger, heard, [*TOTALS, *chance.sample(SINGLY, 40), *chance.sample(IN_PAIRS, 20)], chance)

    holds()


def test_every_indicator_period_grouping_and_filter_equals_a_naive_count(quick: Ledger) -> None:
    """Each question singly, and of those with two groupings or two filters one in five, about long tales."""

    @settings(_SETTINGS, max_examples=max(2, examples(0) // 20))
    @given(steps=tales(80, 120), seed=st.integers(0, 2**32))
    def holds(steps: Steps, seed: int) -> None:
        chance, events = Random(seed), told(steps)  # noqa: S311  -- as above
        quick.forget_everything()
        quick.take(events)
        ask(quick, events, [*SINGLY, *IN_PAIRS[seed % 5 :: 5]], chance)

    holds()


def test_the_naive_count_knows_every_indicator() -> None:
    assert DEFINITIONS.keys() == INDICATORS.keys()
