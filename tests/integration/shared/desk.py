"""A consumer without a stream: what is handed over is processed, and its dead letters are in an operator's hand."""

import base64
from dataclasses import dataclass, field

from shared.messaging.cloud_event_format import Entry
from shared.messaging.dead_letters import Letter
from shared.operators.dead_letter_box import DeadLetterBox
from tests.integration.shared.event_log import EventLog
from tests.integration.shared.rig import Consumer, entry_bytes


def entry(sequence: int, body: bytes | None = None) -> Entry:
    return Entry(f"{sequence}-0", entry_bytes(sequence) if body is None else body)


@dataclass
class Desk:
    """`broken` events fail."""

    consumer: Consumer
    log: EventLog
    broken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.consumer.fails = lambda event: event.sequence in self.broken
        self.box = DeadLetterBox(self.consumer.inbox, self.log.client)

    def take(self, *entries: Entry, times: int = 1, from_log: bool = False) -> None:
        for _ in range(times):
            self.consumer.inbox.process(entries, from_log=from_log)

    def give_up(self, sequence: int) -> int:
        """An event that fails until it is a dead letter; its cause is mended afterwards. Returns the letter's id."""
        self.broken.add(sequence)
        self.take(entry(sequence), times=8)
        self.broken.discard(sequence)
        letter_id: int = self.only["id"]
        return letter_id

    @property
    def only(self) -> Letter:
        (letter,) = self.box.page(0, 10)
        return letter

    def bodies(self) -> bytes:
        return b"|".join(base64.b64decode(letter["body"]) for letter in self.box.page(0, 100))
