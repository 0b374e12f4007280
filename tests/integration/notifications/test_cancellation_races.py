"""A cancellation and the last look of a reminder at the same moment, a thousand times, in both orders."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Engine, select, update

from services.notifications.domain.policy import Policy
from services.notifications.store.rows import message_table
from services.notifications.usecases.apply_events import apply
from services.notifications.usecases.claiming import Assignment, take_turn
from services.notifications.usecases.last_look import last_look
from shared.database import reading, transaction
from shared.events.envelope import StreamEvent
from tests.integration.notifications.crowd import due_reminders
from tests.integration.notifications.story import START, Story

RACES = 1000
EACH_WAY = 50
NOW = START - timedelta(hours=23)
POLICY = Policy(quiet=None, lease=timedelta(days=1))
_STEP = 0.0002
LOOK_FIRST, CANCELLED_FIRST, WRONG = "look first", "cancelled first", "reminded after the cancellation"
Found = TypeVar("Found")
Look = Callable[[Engine, Assignment], bool]


def real_look(engine: Engine, assignment: Assignment) -> bool:
    return last_look(engine, assignment, NOW, POLICY)


def blind_look(engine: Engine, assignment: Assignment) -> bool:
    """Writes its intent without looking."""
    mine = message_table.c.id == assignment.message.id
    with transaction(engine) as connection:
        connection.execute(update(message_table).where(mine).values(intent_at=NOW, told_version=1))
    return True


def cancel(engine: Engine, event: StreamEvent) -> bool:
    with transaction(engine) as connection:
        apply(connection, [event], NOW, POLICY)
    return True


@dataclass
class Races:
    """`edge`: the seconds by which the look begins later; it is led to where either may come first."""

    engine: Engine
    look: Look
    edge: float = 0.0
    ended: Counter[str] = field(default_factory=Counter)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def run(self, races: int) -> Counter[str]:
        due_reminders(self.engine, races, START, together=1)
        claimed = take_turn(self.engine, NOW, races, POLICY, lambda _id: None).assignments
        assert len(claimed) == races
        with self.pool:
            for assignment in claimed:
                self._race(assignment)
        return self.ended

    def _race(self, assignment: Assignment) -> None:
        name = assignment.activity.ref.partition("/")[2]
        event = Story(activity_version=1).cancelled(activity_id=name, at=NOW)
        start, edge = threading.Barrier(2), self.edge + random.uniform(-_STEP, _STEP)  # noqa: S311  -- no secret
        looked = self.pool.submit(_after, start, edge, lambda: self.look(self.engine, assignment))
        cancelled = self.pool.submit(_after, start, -edge, lambda: cancel(self.engine, event))
        assert cancelled.result()
        end = self._end(assignment.message.id, may_go=looked.result())
        self.edge += _STEP if end == LOOK_FIRST else -_STEP
        self.ended[end] += 1

    def _end(self, message_id: str, *, may_go: bool) -> str:
        """Planning that sees the intent leaves the row alone; that closed it, it came first."""
        columns = (message_table.c.status, message_table.c.intent_at)
        with reading(self.engine) as connection:
            row = connection.execute(select(*columns).where(message_table.c.id == message_id)).one()
        if row.status == "sending" and row.intent_at is not None and may_go:
            return LOOK_FIRST
        return CANCELLED_FIRST if row.status == "cancelled" and not may_go else WRONG


def _after(start: threading.Barrier, seconds: float, act: Callable[[], Found]) -> Found:
    start.wait(10)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        time.sleep(0)
    return act()


def test_f24_no_reminder_leaves_after_a_cancellation_has_committed(engine: Engine) -> None:
    ended = Races(engine, real_look).run(RACES)
    print(f"{engine.dialect.name}: {dict(ended)}")  # noqa: T201  -- the figures of a run by hand
    assert ended[WRONG] == 0
    assert ended[LOOK_FIRST] >= EACH_WAY
    assert ended[CANCELLED_FIRST] >= EACH_WAY


def test_f24_without_the_look_reminders_leave_after_a_cancellation(engine: Engine) -> None:
    """A negative control: the same races with the same judge."""
    assert Races(engine, blind_look).run(40)[WRONG] > 0
