"""A log as a consumer may hear it: any order, any repetition, any form, any batches; and what holds for all of them."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from shared.messaging.cloud_event_format import Entry
from tests.examples import examples
from tests.histories.logs import Log, Written, log_of
from tests.histories.steps import History, histories


class Arrival(NamedTuple):
    """One delivery: which event, and in which of its forms."""

    sequence: int
    form: int


Batches = Sequence[Sequence[Arrival]]


@st.composite
def deliveries(draw: st.DrawFn, log: Log) -> Batches:
    """All of the log in any order, some of it repeatedly, each in any of its forms, cut into any batches."""
    numbers = range(1, len(log.events) + 1)
    repeated = draw(st.lists(st.sampled_from(numbers), max_size=4))
    order = draw(st.one_of(_late([*numbers, *repeated]), st.permutations([*numbers, *repeated])))
    arrivals = [Arrival(number, draw(_form(log.events[number - 1]))) for number in order]
    ends = draw(st.lists(st.booleans(), min_size=len(arrivals) - 1, max_size=len(arrivals) - 1))
    cuts = [place for place, end in enumerate(ends, 1) if end]
    return [arrivals[start:end] for start, end in pairwise([0, *cuts, len(arrivals)])]


def _late(numbers: Sequence[int]) -> st.SearchStrategy[list[int]]:
    """In order, but for some that come a little late."""
    delays = st.lists(st.sampled_from((0, 0, 0, 2, 5)), min_size=len(numbers), max_size=len(numbers))
    return delays.map(
        lambda late: [n for _, n in sorted(zip(map(sum, zip(numbers, late, strict=True)), numbers, strict=True))]
    )


def _form(written: Written) -> st.SearchStrategy[int]:
    return st.integers(0, len(written.forms) - 1)


def entries(log: Log, batch: Sequence[Arrival]) -> list[Entry]:
    """A batch as bytes."""
    return [log.events[arrival.sequence - 1].entry(arrival.form) for arrival in batch]


def for_any_history(
    registration: Engine, consumer: Engine, steps: st.SearchStrategy[Any], check: Callable[[Log, st.DataObject], None]
) -> None:
    """Hold a property to random histories: twenty on SQLite, a quarter of that on PostgreSQL.

    KOMERBIJ_TEST_EXAMPLES says how many on SQLite, for a long run.
    """

    @settings(_SETTINGS, max_examples=examples(20, consumer))
    @given(history=histories(steps), data=st.data())
    def hold(history: History, data: st.DataObject) -> None:
        log = log_of(registration, history)
        note(log.lines())
        check(log, data)

    hold()


def finds_a_failure(
    registration: Engine, steps: st.SearchStrategy[Any], check: Callable[[Log, st.DataObject], None]
) -> bool:
    """Does the property fail for one of three hundred histories, the same ones every time?"""

    @settings(_SETTINGS, max_examples=300, derandomize=True, phases=[Phase.generate])
    @given(history=histories(steps), data=st.data())
    def hold(history: History, data: st.DataObject) -> None:
        check(log_of(registration, history), data)

    try:
        hold()
    except AssertionError:
        return True
    return False


_SETTINGS = settings(
    deadline=None, database=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow]
)
