"""The pace is told who wants to go where and when, and says who may: so many a second, the most urgent first."""

from dataclasses import dataclass, field
from itertools import combinations

from services.notifications.senders.pace import Pace

CANCELLATION, REMINDER = 0, 3
NOON = 50_000.0


@dataclass
class Queue:
    """Everybody comes when it is their turn, in no order where several have the same; `went`: (moment, message)."""

    pace: Pace
    waiting: list[tuple[float, str, int]] = field(default_factory=list)
    went: list[tuple[float, str]] = field(default_factory=list)

    def add(self, lane: int, *messages: str, at: float = NOON) -> None:
        self.waiting += [(at, message, lane) for message in messages]

    def run(self, until: float = NOON + 1000) -> None:
        while self.waiting and min(self.waiting)[0] <= until:
            self.waiting.sort()
            now, message, lane = self.waiting.pop(0)
            go, seconds = self.pace.wait(message, "example.org", lane, now)
            if go:
                self.went.append((now + seconds, message))
            else:
                self.waiting.append((now + seconds, message, lane))


def test_so_many_a_second_go_to_one_place_and_none_is_left() -> None:
    queue = Queue(Pace(per_second=3.0))
    queue.add(REMINDER, *(f"r{number:02}" for number in range(30)))
    queue.run()
    moments = [moment for moment, _ in queue.went]
    assert len(moments) == 30
    for (first, begin), (last, end) in combinations(enumerate(moments), 2):
        assert last - first + 1 <= 3 + 3 * (end - begin) + 1e-6  # as many at once after a pause, so many a second then
    assert moments[-1] - moments[0] <= 11


def test_other_places_do_not_wait() -> None:
    pace = Pace()
    for number in range(20):
        pace.wait(f"r{number}", "example.org", REMINDER, NOON)
    assert pace.wait("other", "example.net", REMINDER, NOON) == (True, 0.0)


def test_a_cancellation_does_not_stand_behind_a_backlog() -> None:
    queue = Queue(Pace())
    queue.add(REMINDER, *(f"r{number:03}" for number in range(300)))
    queue.run(until=NOON + 5)
    queue.add(CANCELLATION, "cancellation", at=NOON + 5)
    queue.run()
    assert len(queue.went) == 301
    [moment] = [moment for moment, message in queue.went if message == "cancellation"]
    assert moment <= NOON + 7


def test_while_a_cancellation_waits_no_reminder_goes_past_it() -> None:
    pace = Pace(patience=0.0)
    for number in range(3):
        assert pace.wait(f"first{number}", "example.org", REMINDER, NOON)[0]
    go, seconds = pace.wait("cancellation", "example.org", CANCELLATION, NOON)
    assert not go
    later = NOON + seconds + 1
    assert not pace.wait("reminder", "example.org", REMINDER, later)[0]
    assert pace.wait("cancellation", "example.org", CANCELLATION, later)[0]
    assert pace.wait("reminder", "example.org", REMINDER, later + 2)[0]


def test_one_that_never_comes_again_holds_nobody_up_for_long() -> None:
    pace = Pace(patience=0.0)
    for number in range(4):
        pace.wait(f"c{number}", "example.org", CANCELLATION, NOON)
    assert not pace.wait("reminder", "example.org", REMINDER, NOON + 2)[0]
    assert pace.wait("reminder", "example.org", REMINDER, NOON + 10)[0]
