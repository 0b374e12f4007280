"""What is finished costs the timer nothing: every statement of a turn finds its rows by an index of open rows alone."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from services.notifications.store import queue
from shared.database import transaction
from tests.integration.notifications.crowd import due_reminders, finished
from tests.integration.notifications.story import START

NOW = START - timedelta(hours=23)
UNTIL = NOW + timedelta(seconds=90)
OLD = 20_000
OF_OPEN_ROWS = ("due", "too_late", "leased", "second_copies", "one_of_a_signup")
_WHOLE = ("Seq Scan on message", "SCAN message", "by_status", "TEMP B-TREE", "Sort Key")
"""What a plan says that reads the finished rows, or sorts."""


def statements_of(connection: Connection) -> list[tuple[str, Any]]:
    """What a claim and a clean-up ask, with rows of every sort to find."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    queue.ahead(connection)
    queue.claim(connection, NOW, 8, "token", UNTIL)
    queue.expire(connection, NOW)
    queue.release_second_copies(connection, NOW)
    queue.abandoned(connection, NOW)
    event.remove(connection, "before_cursor_execute", note)
    return [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]


def plan_of(connection: Connection, statement: str, parameters: Any) -> str:
    how = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(how + statement, parameters))


def test_every_look_of_a_turn_is_into_indexes_of_open_rows(engine: Engine) -> None:
    finished(engine, OLD, START)
    due_reminders(engine, 200, START)
    with transaction(engine) as connection:
        connection.execute(text("analyze"))
        asked = statements_of(connection)
        plans = [plan_of(connection, *one) for one in asked if "FROM message" in one[0]]
    assert len(plans) >= 5
    for plan in plans:
        assert any(name in plan for name in OF_OPEN_ROWS), plan
        assert not any(word in plan for word in _WHOLE), plan


def test_without_the_indexes_the_plans_are_found_wanting(engine: Engine) -> None:
    """A negative control, where a planner is free to choose: SQLite refuses the statement instead."""
    finished(engine, 2000, START)
    with transaction(engine) as connection:
        plan = plan_of(connection, "SELECT id FROM message WHERE resend_at IS NULL ORDER BY moment_at", ())
    assert any(word in plan for word in _WHOLE), plan
