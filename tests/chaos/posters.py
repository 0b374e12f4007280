"""Partners at work: they post batches, singles and lines, and post again under the same ids until answered."""

import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.dice import dice
from tests.chaos.ledger import Json, Ledger, Posted
from tests.servers import ADMIN

BATCH = "application/cloudevents-batch+json"
SINGLE = "application/cloudevents+json"
LINES = "application/x-ndjson"
_PAUSE = 0.25


@dataclass
class Pace:
    """Events a second for all posters together, and how many may be posted by now at most."""

    rate: float
    allowed: float
    _credit: float = 0.0
    _taken: int = 0
    _at: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, events: int, stopped: threading.Event) -> None:
        """Wait until so many more may be posted."""
        while not stopped.is_set():
            with self._lock:
                now = time.monotonic()
                self._credit = min(self._credit + (now - self._at) * self.rate, self.rate * 2 + events)
                self._at = now
                if self._credit >= events and self._taken + events <= self.allowed:
                    self._credit -= events
                    self._taken += events
                    return
            time.sleep(0.02)

    @property
    def taken(self) -> int:
        """Events posted or under way."""
        return self._taken

    def allow(self, allowed: float) -> None:
        """So many in all by now."""
        with self._lock:
            self.allowed = max(self.allowed, allowed)


@dataclass(eq=False)
class Poster(threading.Thread):
    """One partner's thread; its events are answered in their order."""

    url: str
    story: Iterable[Posted]
    ledger: Ledger
    pace: Pace
    seed: str
    stopped: threading.Event
    error: BaseException | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._dice = dice(self.seed)

    def run(self) -> None:
        """Until the story ends."""
        try:
            with httpx.Client(base_url=self.url, headers=ADMIN, timeout=30) as client:
                for chunk in self._chunks():
                    self.pace.take(len(chunk), self.stopped)
                    if self.stopped.is_set():
                        return
                    self._until_answered(client, chunk)
        except BaseException as error:  # told by the run: a dead poster is no quiet one
            self.error = error

    def _chunks(self) -> Iterator[list[Posted]]:
        chunk: list[Posted] = []
        size = self._size()
        for event in self.story:
            chunk.append(event)
            if len(chunk) >= size:
                yield chunk
                chunk, size = [], self._size()
        if chunk:
            yield chunk

    def _size(self) -> int:
        return self._dice.choices((1, 5, 25, 80, 250), (3, 2, 4, 4, 1))[0]

    def _until_answered(self, client: httpx.Client, chunk: Sequence[Posted]) -> None:
        left = list(chunk)
        while left and not self.stopped.is_set():
            for event in left:
                event.tries += 1
            try:
                results = self._post(client, left)
            except (httpx.HTTPError, ValueError) as error:
                self.ledger.failed(type(error).__name__)
                results = {}
            settled = [e for i, e in enumerate(left) if i in results and e.settle(results[i], self.ledger.next_order())]
            self.ledger.keep(settled)
            done = {id(event) for event in settled}
            if any(result["outcome"] == "failed" for result in results.values()):
                self.ledger.failed("failed")
            left = [event for event in left if id(event) not in done]
            if left:
                time.sleep(_PAUSE)

    def _post(self, client: httpx.Client, events: Sequence[Posted]) -> dict[int, Json]:
        """Place -> result; what is missing was not answered."""
        if len(events) == 1:
            return {0: self._single(client, events[0])}
        if self._dice.random() < 0.35:
            return self._lines(client, events)
        answer = client.post("/v1/events", content=_array(events), headers={"Content-Type": BATCH})
        answer.raise_for_status()
        return dict(enumerate(answer.json()["results"]))

    def _single(self, client: httpx.Client, event: Posted) -> Json:
        if self._dice.random() < 0.3:
            attributes = {f"ce-{k}": v for k, v in event.envelope.items() if k != "data"}
            headers = {**attributes, "Content-Type": "application/json"}
            answer = client.post("/v1/events", content=json.dumps(event.data).encode(), headers=headers)
        else:
            answer = client.post("/v1/events", content=event.body(), headers={"Content-Type": SINGLE})
        if answer.status_code >= 500:
            answer.raise_for_status()
        body: Json = answer.json()
        if "outcome" not in body:
            raise ValueError(f"no result: {answer.status_code}")
        return body

    def _lines(self, client: httpx.Client, events: Sequence[Posted]) -> dict[int, Json]:
        """Lines that were answered before the line broke are answered."""
        found: dict[int, Json] = {}
        body = b"\n".join(event.body() for event in events) + b"\n"
        headers = {"Content-Type": LINES}
        try:
            with client.stream("POST", "/v1/events", content=body, headers=headers) as answer:
                answer.raise_for_status()
                for line in answer.iter_lines():
                    result: Any = json.loads(line)
                    if "index" in result:
                        found[result["index"]] = result
                    elif "summary" in result:
                        return found
        except (httpx.TransportError, json.JSONDecodeError):
            pass  # what came is kept
        self.ledger.failed("lines broke off")
        return found


def _array(events: Sequence[Posted]) -> bytes:
    return b"[" + b",".join(event.body() for event in events) + b"]"


def post_again(client: httpx.Client, events: Sequence[Posted], size: int = 2000) -> Iterator[tuple[Posted, Json]]:
    """Everything once more, with what is answered now."""
    for start in range(0, len(events), size):
        some = events[start : start + size]
        answer = client.post("/v1/events", content=_array(some), headers={"Content-Type": BATCH}, timeout=120)
        answer.raise_for_status()
        yield from zip(some, answer.json()["results"], strict=True)
