"""Results of the write door as the contract writes them."""

import re
from collections.abc import Sequence
from typing import Any

from services.registration.domain.results import Accepted, Duplicate, Failed, Rejected, Result
from shared.http.problem_codes import PROBLEM_CODES
from shared.http.problems import problem_body

LONGEST_ATTRIBUTE = 255
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What a header held that is no UTF-8."""

_OUTCOMES: dict[type[Any], str] = {
    Accepted: "accepted",
    Duplicate: "duplicate",
    Rejected: "rejected",
    Failed: "failed",
}


def outcome(result: Result) -> str:
    """The contract's word for a result."""
    return _OUTCOMES[type(result)]


def result_body(index: int, event: Any, result: Result) -> dict[str, Any]:
    """One result; `id` and `source` as they were sent, null where they could not be read."""
    named = event if isinstance(event, dict) else {}
    body: dict[str, Any] = {
        "index": index,
        "id": _string(named.get("id")),
        "source": _string(named.get("source")),
        "outcome": outcome(result),
    }
    if isinstance(result, Accepted | Duplicate):
        status = 201 if isinstance(result, Accepted) else 200
        decision = {"decision": result.decision, "overrides": list(result.overrides), "problem": None}
        return {**body, "status": status, "retryable": False, **decision}
    code = PROBLEM_CODES[result.refusal.code]
    problem = problem_body(result.refusal)
    return {
        **body,
        "status": code.status,
        "retryable": code.retryable,
        "decision": None,
        "overrides": [],
        "problem": problem,
    }


def _string(value: Any) -> str | None:
    readable = isinstance(value, str) and len(value) <= LONGEST_ATTRIBUTE and not _SURROGATES.search(value)
    return value if readable else None


def summary(results: Sequence[Result]) -> dict[str, int]:
    """How many of each outcome."""
    counts = dict.fromkeys(("accepted", "duplicate", "rejected", "failed"), 0)
    for result in results:
        counts[outcome(result)] += 1
    return {"received": len(results), **counts}
