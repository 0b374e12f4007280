"""Each guard taken away: the test that pins it must notice. A guard that nobody misses guards nothing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from services.registration import event_log
from services.registration.relay import server, stream
from services.registration.relay.stream import Stream
from services.registration.tables import LogHeadRow
from services.registration.usecases import record_events
from shared.database import table_of
from shared.events.streams import STREAM
from tests.integration.registration import scenarios
from tests.integration.registration.running import ON_POSTGRESQL, ON_SQLITE
from tests.integration.registration.stream import Road

SHORT = 1.5
"""Seconds until a scenario gives up: long enough for what heals, which takes a tenth of it."""


def looked_at_and_not_locked(connection: Connection) -> int:
    """The head of the log, without its lock."""
    head: int = connection.execute(select(table_of(LogHeadRow).c.assigned)).scalar_one()
    return head


@ON_POSTGRESQL
def test_n3_without_the_lock_two_assigners_collide(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "lock", looked_at_and_not_locked)
    with pytest.raises(Exception, match=r"duplicate key|assert"):
        scenarios.two_assigners(database, rounds=200)


@ON_POSTGRESQL
def test_without_the_lock_first_two_decisions_give_one_version_twice(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers alone are locked, as the last act: not enough."""
    scenarios.two_decisions(database)
    monkeypatch.setattr(record_events, "event_log", SimpleNamespace(lock=looked_at_and_not_locked))
    with pytest.raises(AssertionError):
        scenarios.two_decisions(database)


@ON_SQLITE
async def test_n1_a_plain_append_hides_the_lost_tail(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_APPEND", PLAIN)
    road.patience = SHORT
    with pytest.raises(AssertionError):
        await scenarios.tail_loss_then_publish(road)


PLAIN = """
local last = ARGV[1]
for i = 3, #ARGV, 2 do
  last = redis.call('XADD', KEYS[1], ARGV[i], '__data__', ARGV[i + 1])
end
return last
"""


@ON_SQLITE
async def test_t23_without_a_look_at_the_last_event_a_foreign_one_in_its_place_stays(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scenarios.foreign_entry_in_our_place(road)
    road.redis.delete(STREAM)
    monkeypatch.setattr(stream, "_APPEND", stream._APPEND.replace("ARGV[2] ~= ''", "false"))
    road.patience = SHORT
    with pytest.raises(AssertionError):
        await scenarios.foreign_entry_in_our_place(road)


@ON_SQLITE
async def test_t15_trimming_to_a_length_loses_what_is_unread(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    async def to_a_length(self: Any, _lowest: int) -> None:
        await self._redis.xtrim(STREAM, maxlen=2, approximate=False)

    monkeypatch.setattr(Stream, "trim", to_a_length)
    with pytest.raises(AssertionError):
        await scenarios.unread_survives_trim(road)


@ON_SQLITE
async def test_n6_without_the_floor_all_is_sent_again(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    head = event_log.head
    monkeypatch.setattr(event_log, "head", lambda connection: head(connection)._replace(replay_floor=0))
    road.patience = SHORT
    with pytest.raises(AssertionError):
        await scenarios.resend_from_floor(road)


@ON_SQLITE
async def test_t27_without_the_check_a_server_that_evicts_is_sent_to(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (server, stream):
        monkeypatch.setattr(module, "demand_no_eviction", bool)
    with pytest.raises(AssertionError):
        await scenarios.policy_is_checked(engine, tmp_path, patience=SHORT)
