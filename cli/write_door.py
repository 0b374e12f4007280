"""Posting events to registration's write door, with patience: retries what may succeed later, in order."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from cli.client import BUSY_LIMIT, Client, asked_wait, explain, members, nobody_answers, problem_of, sentence
from cli.errors import Complaint

BATCH = "application/cloudevents-batch+json"

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0)
"""Seconds between attempts when nobody answers or the service cannot; about a minute in all."""

_ROUNDS = 8


@dataclass(frozen=True)
class Decision:
    """What became of one event: the contract's `outcome`, and for a refusal its code, reason and faults.

    `faults` are JSON Pointers into the event, each with a sentence; `overrides` say what looked odd about a fact.
    """

    outcome: str
    code: str = ""
    detail: str = ""
    retryable: bool = False
    faults: tuple[tuple[str, str], ...] = ()
    overrides: tuple[str, ...] = ()


class Interrupted(Complaint):
    """Stopped by the operator; what was posted stays, and posting it again is harmless."""


class WriteDoor:
    """`POST /v1/events` in batches. `stop` ends every wait; `sequence` is the log's head after the latest answer."""

    def __init__(
        self,
        client: Client,
        stop: threading.Event | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.sequence = 0
        self._client = client
        self._stop = stop or threading.Event()
        self._pauses = pauses

    def post(self, events: Sequence[bytes], *, dry_run: bool = False) -> list[Decision]:
        """One decision per event, in order. Complains when the door stays shut or does not want this key."""
        decisions = self._batch(events, dry_run)
        for attempt in range(_ROUNDS):
            again = _worth_another_try(decisions)
            if not again or dry_run:
                break
            self._wait(self._pauses[min(attempt, len(self._pauses) - 1)])
            for index, decision in zip(again, self._batch([events[i] for i in again], dry_run), strict=True):
                decisions[index] = decision
        return decisions

    def _batch(self, events: Sequence[bytes], dry_run: bool) -> list[Decision]:
        """A batch that is refused as a whole is halved until what is wrong with it stands alone."""
        if not events:
            return []
        answer = self._send(b"[" + b",".join(events) + b"]", dry_run)
        if answer.is_success:
            return self._decisions(answer, len(events))
        if answer.status_code not in (400, 413):
            raise Complaint(sentence(answer))
        if len(events) > 1:
            middle = len(events) // 2
            return self._batch(events[:middle], dry_run) + self._batch(events[middle:], dry_run)
        problem = problem_of(answer)
        code = str(problem.get("code", answer.status_code))
        return [Decision("rejected", code, explain(problem), faults=_faults(problem))]

    def _decisions(self, answer: httpx.Response, expected: int) -> list[Decision]:
        body = members(answer)
        results = body.get("results")
        if not isinstance(results, list) or len(results) != expected:
            raise Complaint(f"{self._client.url} did not answer with one result per event. Is it registration?")
        self.sequence = max(self.sequence, int(body.get("sequence") or 0))
        return [_decision(result) for result in results]

    def _send(self, body: bytes, dry_run: bool) -> httpx.Response:
        failures = busy = 0
        while True:
            try:
                answer = self._client.send(
                    "POST",
                    "/v1/events",
                    params={"dryRun": "true"} if dry_run else None,
                    content=body,
                    content_type=BATCH,
                )
                trouble = sentence(answer) if answer.status_code >= 500 else None
            except httpx.TransportError as error:
                trouble = nobody_answers(self._client.url, error)
            if trouble:
                self._wait(self._pause(failures, trouble))
                failures += 1
            elif answer.status_code == 429 and busy < BUSY_LIMIT:
                self._wait(asked_wait(answer))
                busy += 1
            else:
                return answer

    def _pause(self, failures: int, trouble: str) -> float:
        if failures >= len(self._pauses):
            raise Complaint(trouble)
        return self._pauses[failures]

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Interrupted("Stopped.")


def _worth_another_try(decisions: Sequence[Decision]) -> list[int]:
    """Retryable failures, and refusals behind the first of them: those may only lack what has failed."""
    first = next((i for i, decision in enumerate(decisions) if decision.retryable), len(decisions))
    return [
        i
        for i, decision in enumerate(decisions)
        if decision.retryable or (decision.outcome == "rejected" and i > first)
    ]


def _decision(result: Mapping[str, Any]) -> Decision:
    problem: Mapping[str, Any] = result.get("problem") or {}
    return Decision(
        outcome=str(result.get("outcome")),
        code=str(problem.get("code") or ""),
        detail=explain(problem) if problem else "",
        retryable=bool(result.get("retryable")),
        faults=_faults(problem),
        overrides=tuple(str(name) for name in result.get("overrides") or ()),
    )


def _faults(problem: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = problem.get("errors") or ()
    return tuple((str(fault.get("pointer") or ""), str(fault.get("detail") or "")) for fault in found)
