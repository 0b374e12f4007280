"""What notifications says about people, read at one quiet moment: the sums, the call list and the letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from tests.chaos.centre import HOURS
from tests.chaos.ledger import Json
from tests.chaos.system import ChaosSystem

_TRIES = 20


@dataclass(frozen=True)
class Lists:
    """`sums`: the whole answer of completeness, the same before and after the lists were read; `at`: of then."""

    at: datetime
    sums: Json
    calls: Sequence[Json]
    letters: Sequence[Json]

    @property
    def lines(self) -> list[Json]:
        """Of both lists."""
        return [*self.calls, *self.letters]


def read_lists(system: ChaosSystem) -> Lists:
    """Read again where the clock, which goes on, moved something meanwhile."""
    with system.client("notifications") as client:
        for _ in range(_TRIES):
            at = system.clock()
            before = _get(client, "/v1/completeness", **HOURS)
            found = [_get(client, path)["items"] for path in ("/v1/call-list", "/v1/letters")]
            if _get(client, "/v1/completeness", **HOURS) == before:
                return Lists(at, before, *found)
    raise AssertionError("completeness says something else every time")


def _get(client: httpx.Client, path: str, **params: str) -> Any:
    answer = client.get(path, params=params)
    answer.raise_for_status()
    return answer.json()
