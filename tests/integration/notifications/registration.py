"""A small real HTTP server that answers the contact look-up, as registration does."""

from dataclasses import dataclass, field
from typing import Any

from tests.http_double import Answer, HttpDouble, Request, as_json
from tests.servers import SERVICE_KEY


@dataclass
class ContactServer(HttpDouble):
    """Knows contacts by pid; `away` makes it answer 503; `asked` counts the calls."""

    contacts: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    def respond(self, request: Request) -> Answer:
        return as_json(*self.answer(request.headers["Authorization"], request.json()))

    def answer(self, key: str, body: Any) -> tuple[int, Any]:
        self.asked += 1
        if self.away:
            return 503, {"status": 503}
        if key != f"Bearer {SERVICE_KEY}":
            return 401, {"status": 401}
        return 200, {"items": [{**wanted, "contact": self._contact(wanted["pid"])} for wanted in body["contacts"]]}

    def _contact(self, pid: str) -> dict[str, Any] | None:
        default = {"name": "Mevrouw Jansen", "email": f"{pid}@example.org"}
        empty = {"name": None, "email": None, "phone": None, "address": None, "reachVia": None}
        found = self.contacts.get(pid, default)
        return None if found is None else {**empty, **found}
