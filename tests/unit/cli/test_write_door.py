"""Patience at the write door."""

import threading

import pytest

from cli.client import Client
from cli.errors import Complaint
from cli.write_door import Interrupted, WriteDoor
from tests.unit.cli.conftest import Service
from tests.unit.cli.stand_in import KEY, Answer

QUICK = (0.01, 0.01, 0.01)


def post(service: Service, *events: bytes, key: str = KEY, stop: threading.Event | None = None) -> list[str]:
    with Client(service.url, key) as client:
        return [decision.outcome for decision in WriteDoor(client, stop, QUICK).post(events)]


def test_every_event_gets_its_decision_in_order(service: Service) -> None:
    assert post(service, b'{"id":"a"}', b'{"id":"a"}', b'{"id":"b","data":{"refuse":"activity-full"}}') == [
        "accepted",
        "duplicate",
        "rejected",
    ]


@pytest.mark.parametrize(
    "answer",
    [Answer(503), Answer(500), Answer(429, headers={"Retry-After": "0"}), Answer(0)],
    ids=["unavailable", "accident", "too many", "broken connection"],
)
def test_what_may_succeed_later_is_posted_again(service: Service, answer: Answer) -> None:
    service.memory.script = [answer, answer]
    assert post(service, b'{"id":"a"}') == ["accepted"]
    assert service.memory.posts == [["a"]]


def test_retry_after_is_obeyed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.memory.script = [Answer(429, headers={"Retry-After": "7"})]
    waited: list[float | None] = []

    class Watched(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            return False

    assert post(service, b'{"id":"a"}', stop=Watched()) == ["accepted"]
    assert waited == [7.0]


def test_a_service_that_stays_away_is_a_sentence(service: Service) -> None:
    service.memory.script = [Answer(503)] * 9
    with pytest.raises(Complaint, match="answers 503"):
        post(service, b'{"id":"a"}')


def test_nobody_at_home_is_a_sentence() -> None:
    with Client("http://127.0.0.1:1", KEY) as client, pytest.raises(Complaint, match="Nobody answers"):
        WriteDoor(client, pauses=QUICK).post([b"{}"])


def test_a_bad_key_is_not_tried_again(service: Service) -> None:
    with pytest.raises(Complaint, match="does not accept this key"):
        post(service, b'{"id":"a"}', key="another-key")


def test_only_what_failed_and_what_may_have_lacked_it_is_posted_again(service: Service) -> None:
    service.memory.flaky = {"b": 1}
    events = (
        b'{"id":"a","data":{"refuse":"signup-closed"}}',
        b'{"id":"b"}',
        b'{"id":"c"}',
        b'{"id":"d","data":{"needs":"b"}}',
    )
    assert post(service, *events) == ["rejected", "accepted", "accepted", "accepted"]
    assert service.memory.posts == [["a", "b", "c", "d"], ["b", "d"]]


def test_what_keeps_failing_is_failed_in_the_end(service: Service) -> None:
    service.memory.flaky = {"a": 99}
    assert post(service, b'{"id":"a"}', b'{"id":"b"}') == ["failed", "accepted"]


def test_an_event_that_spoils_the_request_harms_no_other(service: Service) -> None:
    events = [b'{"id":"%d"}' % i for i in range(5)]
    events[3] = b'{"id":"3","poison":1}'
    assert post(service, *events) == ["accepted"] * 3 + ["rejected", "accepted"]


def test_a_stop_ends_a_wait(service: Service) -> None:
    service.memory.script = [Answer(429, headers={"Retry-After": "100"})]
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        post(service, b'{"id":"a"}', stop=stop)


def test_the_head_of_the_log_is_remembered(service: Service) -> None:
    with Client(service.url, KEY) as client:
        door = WriteDoor(client)
        door.post([b'{"id":"a"}', b'{"id":"b"}'])
    assert door.sequence == 2
