"""Whatever happened, in whatever order and form it is heard, the same messages come of it, each told once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from random import Random

import pytest
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from services.notifications.app import MIGRATIONS
from services.notifications.domain import planning
from services.notifications.domain.facts import Signup
from services.notifications.domain.outcomes import Retry
from services.notifications.store import projections
from services.notifications.store.rows import signup_table
from services.notifications.usecases import recovering
from shared.database import upsert
from shared.messaging import seen
from tests.databases import migrated_on
from tests.histories.deliveries import deliveries, entries, finds_a_failure, for_any_history
from tests.histories.logs import Log, log_of, registration_database
from tests.histories.steps import BEGIN, FIRST, OF_MESSAGES, OF_SIGNUPS, Erases
from tests.integration.notifications.answers import Answers
from tests.integration.notifications.call_centre import WriteDoor
from tests.integration.notifications.desk import Desk, Row, columns
from tests.integration.notifications.telling import Telling

_OWN = ("id", "generation", "created_at", "lane")


@pytest.fixture(scope="module", name="registration")
def registration_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with registration_database(tmp_path_factory.mktemp("registration")) as engine:
        yield engine


@pytest.fixture(scope="module")
def door() -> Iterator[WriteDoor]:
    """Takes the withdrawals of who is not coming."""
    with WriteDoor() as found:
        yield found


@pytest.fixture(name="quick")
def desk_on_sqlite(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A control needs one database only."""
    with migrated_on(request, "sqlite").engine(MIGRATIONS) as engine:
        yield Desk(engine, BEGIN)


def planned(desk: Desk) -> list[Row]:
    """All that is to be told: the same on every road, but for row ids.

    What was called off or unwanted before it left is a record of the road: who hears of a move first plans no reminder
    for the old moment.
    """
    return [columns(row, *_OWN) for row in desk.messages() if row["status"] not in ("cancelled", "suppressed")]


def knowledge(desk: Desk) -> Mapping[str, list[Row]]:
    """The projections, and no memory of the erased."""
    return {name: desk.rows(name) for name in ("activity_version", "signup", "erasure")}


def same_messages(desk: Desk, log: Log, data: st.DataObject) -> None:
    """While the clock stands still and nothing is sent."""
    now = data.draw(st.sampled_from((BEGIN - timedelta(hours=1), log.end)), label="now")
    desk.empty(now).hear([log.in_order()])
    expected, known = planned(desk), knowledge(desk)

    batches = data.draw(deliveries(log), label="arrivals")
    assert desk.empty(now).hear([entries(log, batch) for batch in batches]) == len(log.events)
    assert (knowledge(desk), planned(desk)) == (known, expected)
    assert desk.hear([log.in_order(), log.sealed]) == 0, "a dead consumer that repeats everything changes nothing"
    assert (knowledge(desk), planned(desk)) == (known, expected)

    desk.empty(now).hear([[entry] for entry in log.sealed])
    assert (knowledge(desk), planned(desk)) == (known, expected), "who reads the log of today plans the same"


def each_fact_once(desk: Desk, door: WriteDoor, log: Log, data: st.DataObject, *, silent: bool = False) -> None:
    """While time passes, and mails go out between the batches, some refused, some in doubt, some in dead hands.

    Some people are called or written to, some mails come back, and some people want no reminders any more.
    """
    telling = Telling(desk.empty(BEGIN), log, Answers(desk, log, door, silent))
    batches = data.draw(deliveries(log), label="arrivals")
    luck = data.draw(st.integers(0, 2**32 - 1), label="luck")
    telling.tell_along_the_way(batches, Random(luck))  # noqa: S311  -- made-up answers, no secret
    telling.come_to_an_end()


def test_any_history_in_any_order_and_form_plans_the_same_messages(registration: Engine, engine: Engine) -> None:
    """Promised for one moment: keys, kinds, statuses and due times of all that is to be told (contract section 4)."""
    desk = Desk(engine, BEGIN)
    for_any_history(registration, engine, OF_MESSAGES, lambda log, data: same_messages(desk, log, data))


def test_any_history_with_mails_calls_and_answers_tells_each_fact_once(
    registration: Engine, engine: Engine, door: WriteDoor
) -> None:
    """Promised on the way (contract section 6): no fact is told by two messages, a second copy goes only in doubt.

    Nobody is told by mail what a caller told; what came back is told another way. Completeness adds up at every step.

    No mail says what is not so by all that was heard, nor what is known. At the end each person knows what is so or is
    about to be told, and what is still to come is what a newcomer would plan.
    """
    desk = Desk(engine, BEGIN)
    for_any_history(registration, engine, OF_MESSAGES, lambda log, data: each_fact_once(desk, door, log, data))


def test_a_signup_that_comes_after_its_erasure_in_its_sealed_form_is_forgotten(
    registration: Engine, engine: Engine
) -> None:
    """The log has the token where the stream had the pid; only the pid was remembered, and the sign-up came to stay."""
    log, desk = log_of(registration, (*FIRST, (0, Erases("avedan")))), Desk(engine, BEGIN)
    desk.hear([log.in_order()[:-2], log.in_order()[-1:], log.sealed])
    assert knowledge(desk)["signup"] == knowledge(desk)["erasure"] == []
    assert planned(desk) == []


def test_without_versions_the_property_fails(
    registration: Engine, quick: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the sign-up that came last would stay, whatever its version."""

    def last_wins(connection: Connection, signups: Iterable[Signup]) -> None:
        for row in map(asdict, signups):
            statement = upsert(connection, signup_table).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["ref"], set_=row))

    monkeypatch.setattr(projections, "save_signups", last_wins)
    assert finds_a_failure(registration, OF_SIGNUPS, lambda log, data: same_messages(quick, log, data))


def test_without_the_inbox_the_property_fails(
    registration: Engine, quick: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a repeat would have its effect again."""
    take = seen.take
    monkeypatch.setattr(seen, "take", lambda connection, events: [*take(connection, events), *events][: len(events)])
    assert finds_a_failure(registration, OF_MESSAGES, lambda log, data: same_messages(quick, log, data))


def test_without_what_a_person_knows_the_property_fails(
    registration: Engine, quick: Desk, door: WriteDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: nobody would be told of a change."""
    monkeypatch.setattr(planning, "known_version", lambda *_arguments: None)
    assert finds_a_failure(
        registration, OF_MESSAGES, lambda log, data: each_fact_once(quick, door, log, data, silent=True)
    )


def test_without_doubt_the_property_fails(
    registration: Engine, quick: Desk, door: WriteDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what a worker may have sent before it died would count as not sent."""
    monkeypatch.setattr(recovering, "_outcome", lambda *_arguments: Retry("recovery", "worker-died"))
    assert finds_a_failure(
        registration, OF_MESSAGES, lambda log, data: each_fact_once(quick, door, log, data, silent=True)
    )
