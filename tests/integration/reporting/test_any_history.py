"""Whatever happened, in whatever order and form it is heard, reporting ends in the figures of a plain recount."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from services.reporting.store import states
from services.reporting.store.projections import Projection
from services.reporting.usecases.apply_events import apply
from shared.clock import utc_now
from shared.database import Upsert, upsert
from shared.messaging import seen
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from tests.histories.deliveries import deliveries, entries, finds_a_failure, for_any_history
from tests.histories.logs import Log
from tests.histories.steps import EVERYTHING
from tests.integration.reporting.ledger import Ledger

EVER = {"from": "2000-01-01", "to": "2099-12-31"}


def hears(ledger: Ledger, batches: Sequence[Sequence[Entry]]) -> int:
    """Take in batches; returns how many events had an effect."""
    reader = Inbox(ledger.engine, apply, utc_now)
    outcomes = [(reader.process(batch), len(batch)) for batch in batches]
    assert all(len(outcome.acknowledge) == size for outcome, size in outcomes), "an event failed"
    return sum(outcome.applied for outcome, _ in outcomes)


def from_nothing(ledger: Ledger, batches: Sequence[Sequence[Entry]], log: Log) -> Mapping[str, Any]:
    """The state that an empty database ends in."""
    ledger.forget_everything()
    assert hears(ledger, batches) == len(log.events), "an event had no effect, or two"
    assert {row[0] for row in ledger.rows("inbox")} == set(range(1, len(log.events) + 1))
    return ledger.state()


def recount(log: Log) -> Mapping[str, Any]:
    """Figures of all time from the last state of every subject, as somebody would count who knows only the log."""
    last = list(log.states().values())
    kept = {kind: [s for s in last if s["event"].startswith(kind)] for kind in ("activity", "attendance", "signup")}
    present = [s for s in kept["attendance"] if (s["outcome"], s["role"]) == ("present", "participant")]
    wanted = [s for s in kept["signup"] if s["status"] != "withdrawn" and s["role"] == "participant"]
    counted = [s["value"] for s in last if s["event"] == "visitors-counted" and s["value"] is not None]
    return {
        "activities": sum(s["status"] != "cancelled" for s in kept["activity"]),
        "participants": len({s["pid"] for s in present}),
        "attendances": sum(s["partySize"] for s in present),
        "signups": sum(s["partySize"] for s in wanted),
        "unmet-demand": sum(s["partySize"] for s in wanted if s["status"] == "waitlisted"),
        "visits": sum(counted) if counted else None,
        "volunteers": len({s["pid"] for s in last if s["event"] == "volunteer-assigned"}),
        "members": sum(s["event"] == "member-joined" for s in last),
        "outreach-actions": sum(not s["void"] for s in last if s["event"] == "outreach-recorded"),
        "partners": sum(s["event"] == "partner-joined" for s in last),
    }


def agrees(ledger: Ledger, log: Log, data: st.DataObject) -> None:
    """The property itself."""
    expected = from_nothing(ledger, [log.in_order()], log)
    figures = recount(log)
    assert {name: ledger.asked(name, **EVER).total.value for name in figures} == figures

    batches = data.draw(deliveries(log), label="arrivals")
    assert from_nothing(ledger, [entries(log, batch) for batch in batches], log) == expected
    assert hears(ledger, [log.in_order(), log.sealed]) == 0, "a dead consumer that repeats everything changes nothing"
    assert ledger.state() == expected
    assert from_nothing(ledger, [[entry] for entry in log.sealed], log) == expected, "a rebuild ends in the same state"


def test_any_history_in_any_order_and_form_ends_in_the_figures_of_the_log(
    registration: Engine, shared_engine: Engine
) -> None:
    """Promised: tables and figures depend on what happened, never on the road the events took (contract section 4)."""
    ledger = Ledger(shared_engine)
    for_any_history(registration, shared_engine, EVERYTHING, lambda log, data: agrees(ledger, log, data))


def test_without_versions_the_property_fails(
    registration: Engine, quick: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what came last would stay, whatever its version."""

    def last_wins(connection: Connection, projection: Projection) -> Upsert:
        statement = upsert(connection, projection.table)
        values = {column.name: statement.excluded[column.name] for column in projection.table.c}
        return statement.on_conflict_do_update(index_elements=list(projection.key), set_=values)

    monkeypatch.setattr(states, "_newer_wins", last_wins)
    assert finds_a_failure(registration, EVERYTHING, lambda log, data: agrees(quick, log, data))


def test_without_the_inbox_the_property_fails(
    registration: Engine, quick: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a repeat would have its effect again."""
    take = seen.take
    monkeypatch.setattr(seen, "take", lambda connection, events: [*take(connection, events), *events][: len(events)])
    assert finds_a_failure(registration, EVERYTHING, lambda log, data: agrees(quick, log, data))
