"""Forgetting changes no figure, whichever is asked, and leaves no pid wherever one could stand (contract section 7)."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, MetaData, select

from services.reporting.usecases.statistics import answer
from shared.database import reading
from tests.examples import examples
from tests.histories.logs import log_of
from tests.histories.naive_world import world_of
from tests.histories.steps import Comes, Enters, Erases, Helps, Plans, SignsUp
from tests.histories.steps import Step as Posted
from tests.histories.tales import PEOPLE, Step, arrivals, plain, tales, told
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.test_any_history import from_nothing
from tests.integration.reporting.test_every_figure import IN_PAIRS, SINGLY, chosen, parameters

_SETTINGS = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
Asked = Sequence[Mapping[str, str]]


def answers(ledger: Ledger, asked: Asked) -> list[Any]:
    """Totals and rows, with what was asked."""
    with reading(ledger.engine) as connection:
        found = [(one, answer(connection, one.items())) for one in asked]
    return [(one, given.total, given.values) for one, given in found]


def everything(engine: Engine) -> str:
    """All that stands in any table that the database has, whoever made it."""
    there = MetaData()
    there.reflect(engine)
    with reading(engine) as connection:
        rows = [(name, *row) for name, table in there.tables.items() for row in connection.execute(select(table))]
    return "\n".join(map(repr, rows))


def test_c15_no_live_answer_moves_when_people_are_forgotten(shared_engine: Engine) -> None:
    ledger = Ledger(shared_engine)

    @settings(_SETTINGS, max_examples=examples(3, shared_engine))
    @given(steps=tales(30, 60), gone=st.sets(st.sampled_from(PEOPLE), min_size=1), seed=st.integers(0, 2**32))
    def holds(steps: list[Step], gone: set[str], seed: int) -> None:
        before = [step for step in steps if step.call != "erase"]
        events = told([*before, *(Step("erase", (pid,), {}) for pid in sorted(gone))])
        chance, world = Random(seed), world_of(plain(events))  # noqa: S311  -- a choice of questions is no secret
        questions = [*chance.sample(SINGLY, 120), *chance.sample(IN_PAIRS, 40)]
        ledger.forget_everything()
        ledger.take(events[: len(before)])
        asked = [parameters(question, chosen(world, question, chance)) for question in questions]
        expected = answers(ledger, asked)
        ledger.take(events[len(before) :])
        assert answers(ledger, asked) == expected
        found = everything(shared_engine)
        assert [pid for pid in sorted(gone) if pid in found] == []

    holds()


def test_c15_whatever_order_events_come_in_no_forgotten_pid_stays(shared_engine: Engine) -> None:
    """An event from before the erasure may come after it, in any batch: it stands under the token at once."""
    ledger = Ledger(shared_engine)

    @settings(_SETTINGS, max_examples=examples(10, shared_engine))
    @given(steps=tales(6, 30), data=st.data())
    def holds(steps: list[Step], data: st.DataObject) -> None:
        events = told([*steps, Step("erase", (PEOPLE[0],), {}), Step("erase", (PEOPLE[1],), {})])
        ledger.forget_everything()
        for batch in data.draw(arrivals(events), label="batches"):
            ledger.take(batch)
        found = everything(shared_engine)
        assert [pid for pid in PEOPLE[:2] if pid in found] == []

    holds()


def test_c15_a_rebuild_from_the_log_that_forgot_them_gives_the_same_answers(
    registration: Engine, quick: Ledger
) -> None:
    """The log in its last form names nobody who was erased; what is made from it is asked everything."""
    history: Sequence[Posted] = (
        *(Enters("avedan"), Enters("scoop"), Plans("avedan/one"), Plans("scoop/three"), Helps("avedan/shift")),
        *(SignsUp("avedan/s1", "avedan/one", party=2), SignsUp("avedan/s2", "avedan/one", "ben")),
        *(Comes("avedan/one"), Comes("avedan/one", "carl"), Comes("scoop/three", "carl", role="professional")),
        *(Comes("avedan/one", "ben", "absent"), Erases("avedan"), Erases("scoop", "carl"), Comes("avedan/one")),
    )
    log = log_of(registration, [(0, step) for step in history])
    groupings = sorted({(question.code, *question.group_by) for question in SINGLY})
    asked = [{"indicator": code, "period": "2026", "groupBy": ",".join(names)} for code, *names in groupings]
    from_nothing(quick, [log.in_order()], log)
    expected = answers(quick, asked)
    codes = ("participants", "attendances", "signups", "volunteers")
    assert [quick.total(code, "2026") for code in codes] == [3, 3, 1, 1], "anna's coming sign-up is withdrawn"
    from_nothing(quick, [log.sealed], log)
    assert answers(quick, asked) == expected
