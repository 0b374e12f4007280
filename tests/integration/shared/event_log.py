"""Registration's log over HTTP, as a consumer sees it."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.messaging.log_client import LogClient
from tests.integration.shared.rig import entry_bytes


@dataclass
class EventLog:
    """Registration's log over HTTP, in the contract's shape: `head` partner events, but for what is `changed`."""

    head: int = 0
    changed: dict[int, bytes] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    away: bool = False
    url: str = ""

    @property
    def client(self) -> LogClient:
        return LogClient(self.url, "s" * 40)

    def answer(self, after: int, limit: int) -> dict[str, Any]:
        if self.away:
            raise RuntimeError("this log is away")
        self.pages += [] if (after, limit) == (0, 1) else [after]  # that is how the head is asked for
        upto = min(after + limit, self.head)
        found = ((n, self.changed.get(n) or entry_bytes(n)) for n in range(after + 1, upto + 1))
        items = [{**orjson.loads(body), "sequence": n} for n, body in found]
        return {"items": items, "head": self.head, "next": str(upto) if upto < self.head else None}
