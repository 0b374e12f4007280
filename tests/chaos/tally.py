"""One row for every effect, in the effect's own transaction: what happened twice cannot hide behind repeatable work."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from shared.events.envelope import StreamEvent
from shared.messaging import inbox
from tests.chaos.patching import replace
from tests.chaos.stores import TALLY

_INSERT = text(f"INSERT INTO {TALLY} (sequence, event_id) VALUES (:sequence, :event_id)")  # noqa: S608  -- a constant


def install() -> None:
    """The first inbox of this process, which is the service's own, tallies what is applied; a rebuild's does not."""
    live: list[object] = []

    def tallying(plain: Any) -> Any:
        def made(self: Any, engine: Any, apply: Callable[..., None], *rest: Any, **more: Any) -> None:
            plain(self, engine, apply if live else _tallied(apply), *rest, **more)
            live.append(self)

        return made

    replace(inbox.Inbox, "__init__", tallying)


def _tallied(apply: Callable[..., None]) -> Callable[..., None]:
    def both(connection: Connection, events: Sequence[StreamEvent], *rest: Any, **more: Any) -> None:
        apply(connection, events, *rest, **more)
        if events:
            connection.execute(_INSERT, [{"sequence": event.sequence, "event_id": event.id} for event in events])

    return both
