"""Fifty at once for twenty places: never oversold, nothing left that fits; with the lock off it is (R1 to R6)."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, select

from services.registration import event_log
from services.registration.domain.results import Accepted, Duplicate, Result
from services.registration.domain.signups import Places
from services.registration.store import reading as stored
from services.registration.tables import LogHeadRow
from services.registration.usecases import record_events, signups
from shared import database as shared_database
from shared.database import table_of
from tests.factories import activity, signup, withdrawal
from tests.integration.registration.doors import PLACES, Doors, open_doors, parties
from tests.integration.registration.running import ON_POSTGRESQL, ON_SQLITE

ROUNDS = 100
WRITERS = 4
UNTIL_SEEN = 20
"""Rounds within which a writer without a lock must have oversold; the first is nearly always enough."""


async def rush(doors: Doors, number: int) -> tuple[str, list[Result]]:
    """Fifty sign-ups with parties of 1 to 4 for twenty places; every fifth time each client waits for its answer."""
    activity_id = f"a{number}"
    await doors.at_once([activity(activity_id, capacity=PLACES)])
    sizes = parties(number)
    events = [signup(f"{activity_id}-s{n}", activity_id, partySize=size) for n, size in enumerate(sizes)]
    return activity_id, await (doors.at_once(events) if number % 5 else doors.one_by_one(events))


async def oversells(database: str) -> bool:
    """Does it within a few rounds?"""
    async with open_doors(database, WRITERS) as doors:
        for number in range(1, UNTIL_SEEN + 1):
            activity_id, _ = await rush(doors, number)
            if doors.oversold(activity_id):
                return True
    return False


async def test_fifty_sign_ups_at_several_writers_never_oversell_and_leave_nothing_waiting_that_fits(
    database: str,
) -> None:
    async with open_doors(database, WRITERS) as doors:
        for number in range(ROUNDS):
            activity_id, results = await rush(doors, number)
            assert {type(result) for result in results} == {Accepted}
            sizes = doors.sizes(activity_id)
            assert len(sizes["confirmed"]) + len(sizes["waitlisted"]) == 50
            assert doors.oversold(activity_id) == 0
            assert doors.still_fitting(activity_id) == []


def looked_at_and_not_locked(connection: Connection) -> int:
    """The head of the log, without its lock."""
    head: int = connection.execute(select(table_of(LogHeadRow).c.assigned)).scalar_one()
    return head


@ON_POSTGRESQL
async def test_negative_control_without_the_lock_it_oversells(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """R2. The numbers of the log are still given under their lock, as the last act: too late."""
    monkeypatch.setattr(record_events, "event_log", SimpleNamespace(lock=looked_at_and_not_locked))
    assert await oversells(database)


@ON_SQLITE
async def test_negative_control_without_its_write_transaction_sqlite_oversells(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R2. A plain BEGIN would not show it: SQLite takes no write after a snapshot that is no longer the last."""
    monkeypatch.setattr(shared_database, "_sqlite_begin", no_transaction)
    assert await oversells(database)


def no_transaction(_connection: Connection) -> None:
    """Every statement by itself."""


@ON_POSTGRESQL
async def test_negative_control_what_was_read_before_the_lock_oversells(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R3. The lock is taken, and the places are those of a moment before it."""
    before = threading.local()
    places, lock = stored.places, event_log.lock

    def look_and_lock(connection: Connection) -> int:
        with connection.engine.connect() as another:
            rooms = another.execute(select(stored._activities.c.ref)).scalars().all()
            before.places = places(another, rooms)
        return lock(connection)

    def as_it_was(_connection: Connection, refs: Sequence[str]) -> Mapping[tuple[str, str], Places]:
        return {key: found for key, found in before.places.items() if key[0] in refs}

    monkeypatch.setattr(record_events, "event_log", SimpleNamespace(lock=look_and_lock))
    monkeypatch.setattr(stored, "places", as_it_was)
    assert await oversells(database)


async def test_two_batches_in_opposite_order_at_two_writers_do_not_block_each_other(database: str) -> None:
    """R4."""
    async with open_doors(database, 2) as doors:
        await doors.at_once([activity(f"a{n}", capacity=3) for n in range(10)])
        events = [signup(f"s{a}-{n}", f"a{a}", partySize=1 + n % 2) for a in range(10) for n in range(6)]
        for number in range(5):
            mine = [{**one, "source": f"urn:nld:test:{number}", "data": renamed(one["data"], number)} for one in events]
            decided = await doors.batches(mine, mine[::-1])
            outcomes = Counter(type(result) for found in decided for result in found.results)
            assert outcomes == {Accepted: 60, Duplicate: 60}
        assert [doors.oversold(f"a{n}", 3) for n in range(10)] == [0] * 10
        assert [doors.still_fitting(f"a{n}", 3) for n in range(10)] == [[]] * 10


def renamed(data: dict[str, object], number: int) -> dict[str, object]:
    """Another person's sign-up for the same activity."""
    signup_id = f"{data['signupId']}-{number}"
    return {**data, "signupId": signup_id, "participant": {"ref": f"of-{signup_id}"}}


async def comings_and_goings(doors: Doors, number: int) -> str:
    """Ten who have a place withdraw while ten others sign up, at a room that is full and has a waiting list."""
    room, sizes = f"a{number}", parties(number, 40)
    placed = [signup(f"{room}-s{n}", room, partySize=size) for n, size in enumerate(sizes[:30])]
    ((_, *first),) = [found.results for found in await doors.batches([activity(room, capacity=PLACES), *placed])]
    decided = zip(placed, first, strict=True)
    has_place = [one for one, result in decided if isinstance(result, Accepted) and was_confirmed(result)]
    leaving = [withdrawal(one["data"]["signupId"]) for one in has_place[:10]]
    coming = [signup(f"{room}-n{n}", room, partySize=size) for n, size in enumerate(sizes[30:])]
    mixed = [one for pair in zip(leaving, coming, strict=False) for one in pair]
    assert {type(result) for result in await doors.at_once(mixed)} == {Accepted}
    return room


def was_confirmed(result: Accepted) -> bool:
    return (result.decision or {}).get("status") == "confirmed"


async def test_ten_withdrawals_race_ten_newcomers_and_nothing_waits_that_fits(database: str) -> None:
    """R5."""
    async with open_doors(database, WRITERS) as doors:
        for number in range(10):
            room = await comings_and_goings(doors, number)
            assert doors.oversold(room) == 0
            assert doors.still_fitting(room) == []


@ON_SQLITE
async def test_negative_control_where_nobody_moves_up_somebody_waits_that_fits(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signups, "move_up", lambda *_: None)
    async with open_doors(database, WRITERS) as doors:
        rooms = [await comings_and_goings(doors, number) for number in range(10)]
        assert any(doors.still_fitting(room) for room in rooms)


async def test_one_event_from_twenty_clients_at_several_writers_is_accepted_once(database: str) -> None:
    """R6."""
    async with open_doors(database, WRITERS) as doors:
        await doors.at_once([activity(capacity=5)])
        results = await doors.at_once([signup("s1", partySize=2)] * 20)
        assert Counter(type(result) for result in results) == {Accepted: 1, Duplicate: 19}
        decisions = {str(result.decision) for result in results if isinstance(result, Accepted | Duplicate)}
        assert decisions == {"{'status': 'confirmed', 'waitingPosition': None}"}
        assert doors.sizes("bingo-1")["confirmed"] == [2]
