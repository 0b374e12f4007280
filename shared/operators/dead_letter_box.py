"""A consumer's dead letters in an operator's hand: looked at, tried again with one effect, dropped."""

import base64
import logging
from dataclasses import dataclass
from typing import Literal

import httpx
from sqlalchemy import Connection

from shared.database import reading, transaction
from shared.errors import Refusal
from shared.events.envelope import StreamEvent, UnreadableEvent
from shared.messaging import dead_letters, position
from shared.messaging.cloud_event_format import Entry
from shared.messaging.dead_letters import Letter
from shared.messaging.entries import place, read_entry
from shared.messaging.inbox import Inbox, database_is_away
from shared.messaging.log_client import LogClient

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a letter: `applied` and gone, or `kept`, with the reason."""

    outcome: Literal["applied", "kept"]
    reason: str | None = None


class _NotAsked(Exception):  # noqa: N818  -- no error: there was nothing to try, so no attempt is counted
    """Why the event could not be had."""


class DeadLetterBox:
    """Over the consumer's own database. What is tried again is the event as the log has it now, not the bytes kept."""

    def __init__(self, inbox: Inbox, log: LogClient) -> None:
        self._inbox, self._log = inbox, log

    def page(self, after: int, limit: int) -> list[Letter]:
        """Letters with a greater id, oldest first."""
        with reading(self._inbox.engine) as connection:
            return dead_letters.page(connection, after, limit)

    def get(self, letter_id: int) -> Letter:
        """One letter. Unknown: Refusal `not-found`."""
        with reading(self._inbox.engine) as connection:
            return _known(connection, letter_id)

    def drop(self, letter_id: int) -> None:
        """Delete a letter for good; its event has no effect here. Unknown: Refusal `not-found`."""
        with transaction(self._inbox.engine) as connection:
            if not dead_letters.drop(connection, letter_id):
                raise _unknown()

    def retry(self, letter_id: int) -> Retried:
        """Try once more, in one transaction: effect and end of the letter, or neither. Unknown: Refusal `not-found`.

        The log is asked while nobody else can apply anything: else the person of an event could be erased between its
        reading and its effect. It has a few seconds.
        """
        retried = self._retried(letter_id)
        self._inbox.leave_no_page()
        return retried

    def _retried(self, letter_id: int) -> Retried:
        with transaction(self._inbox.engine) as connection:
            position.lock(connection)
            letter = _known(connection, letter_id)
            try:
                reason = self._try(connection, letter, self._event(letter))
            except _NotAsked as why:
                return Retried("kept", str(why))
            except UnreadableEvent as error:
                reason = str(error)
            if reason is None:
                dead_letters.drop(connection, letter_id)
                return Retried("applied")
            dead_letters.tried(connection, letter_id, reason)
        return Retried("kept", reason)

    def _event(self, letter: Letter) -> StreamEvent:
        sequence = place(letter["stream_id"])
        if sequence is None:
            raise _NotAsked("a foreign entry: its id is none of the event log's")
        if letter["type"] is not None and letter["body"]:  # an erasure, which the log has sealed
            return read_entry(Entry(letter["stream_id"], base64.b64decode(letter["body"])))
        try:
            entry = self._log.event(sequence)
        except httpx.HTTPError as error:
            raise _NotAsked(f"the event log is out of reach ({type(error).__name__}); try again later") from error
        if entry is None:
            raise _NotAsked("a foreign entry: the event log has no event of this number")
        return read_entry(entry)

    def _try(self, connection: Connection, letter: Letter, event: StreamEvent) -> str | None:
        """An event that was given up stands in the inbox and has its effect all the same; others go through it."""
        try:
            with connection.begin_nested():
                if letter["type"] is not None:
                    self._inbox.reapply(connection, event)
                else:
                    self._inbox.take_in(connection, [event])
        except Exception as error:
            if database_is_away(error):
                raise
            _log.exception("a dead letter failed again", extra={"fields": {"sequence": event.sequence}})
            return f"{type(error).__name__} while applying"
        return None


def _known(connection: Connection, letter_id: int) -> Letter:
    found = dead_letters.one(connection, letter_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Refusal:
    return Refusal("not-found", "there is no dead letter with this id")
