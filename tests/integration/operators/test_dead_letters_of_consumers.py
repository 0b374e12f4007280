"""Dead letters of the real consumers over a real log: a retry ends where a rebuild would, and nobody erased is left."""

import base64
from collections.abc import Sequence

import orjson
import pytest
from sqlalchemy import Connection

from shared.events.envelope import StreamEvent
from shared.messaging import inbox
from shared.messaging.cloud_event_format import Entry
from shared.messaging.log_client import LogClient
from shared.operators.dead_letter_box import DeadLetterBox
from tests.integration.operators.conftest import LiveConsumer
from tests.integration.operators.test_rebuild import seal

PERSON = "p080"


class OwnLog(LogClient):
    """The log of the test's registration, without a socket."""

    def __init__(self, consumer: LiveConsumer) -> None:
        super().__init__("http://127.0.0.1:1", "s" * 40)
        self._history = consumer.history

    def event(self, sequence: int) -> Entry | None:
        return next(iter(self._history.page(sequence - 1)), None)


def break_for(consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on events of these names fail, on their first attempt for good."""
    apply = consumer.inbox.apply

    def broken(connection: Connection, events: Sequence[StreamEvent]) -> None:
        apply(connection, events)
        if any(event.name in names for event in events):
            raise RuntimeError("a defect")

    monkeypatch.setattr(consumer.inbox, "apply", broken)
    monkeypatch.setattr(inbox, "MAX_ATTEMPTS", 1)


def retry_all(consumer: LiveConsumer) -> int:
    box = DeadLetterBox(consumer.inbox, OwnLog(consumer))
    letters = box.page(0, 500)
    assert {box.retry(letter["id"]).outcome for letter in letters} == {"applied"}
    return len(letters)


def pid_of_the_erased(consumer: LiveConsumer) -> str:
    """As the erasure's event says, until it is sealed."""
    pid: str = orjson.loads(consumer.history.page(consumer.history.head() - 1)[0].body)["data"]["pid"]
    return pid


def traces(consumer: LiveConsumer, pid: str) -> list[str]:
    """The tables in which a pid still stands; bodies of dead letters are decoded."""
    everything = consumer.everything()
    found = [name for name, rows in everything.items() if pid in str(rows)]
    bodies = (base64.b64decode(letter["body"]) for letter in everything["dead_letter"])
    return found + ["a dead letter" for body in bodies if pid.encode() in body]


def test_what_was_given_up_is_retried_to_what_a_rebuild_makes(
    consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as defect:
        break_for(consumer, defect, "activity-scheduled", "signup-confirmed", "attendance-recorded")
        consumer.follow()
    assert not consumer.rebuild().done
    assert retry_all(consumer) > 20
    assert consumer.rows("dead_letter") == []
    assert consumer.rebuild().done


def test_somebody_erased_while_events_were_dead_letters_stays_erased(
    consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as defect:
        break_for(consumer, defect, "signup-confirmed", "attendance-recorded", "volunteer-assigned")
        consumer.follow()
    consumer.history.erase(PERSON)
    pid = pid_of_the_erased(consumer)
    consumer.follow()
    assert traces(consumer, pid) == []
    retry_all(consumer)
    assert traces(consumer, pid) == []
    assert consumer.rebuild().done


def test_an_erasure_that_was_given_up_forgets_the_person_when_it_is_retried(
    consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log has lost the pid by then: the letter alone still knows whom to forget."""
    consumer.follow()
    consumer.history.erase(PERSON)
    pid = pid_of_the_erased(consumer)
    with monkeypatch.context() as defect:
        break_for(consumer, defect, "participant-erased")
        consumer.follow()
    seal(consumer.history)
    assert traces(consumer, pid) != []
    assert retry_all(consumer) == 1
    assert traces(consumer, pid) == []
    assert consumer.rebuild().done


def test_an_erasure_leaves_no_pid_in_entries_that_could_not_be_read(consumer: LiveConsumer) -> None:
    consumer.follow()
    consumer.history.erase(PERSON)
    erasure = consumer.history.page(consumer.history.head() - 1)[0]
    pid = pid_of_the_erased(consumer)
    consumer.inbox.process([Entry("9000-7", b'{"data": {"pid": "' + pid.encode() + b'"}, "' + b"\xff")])
    assert "a dead letter" in traces(consumer, pid)
    consumer.inbox.process([erasure])
    assert traces(consumer, pid) == []
