"""A small real HTTP server that answers the contact look-up, as registration does."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.servers import SERVICE_KEY


@dataclass
class ContactServer:
    """Knows contacts by pid; `away` makes it answer 503; `asked` counts the calls."""

    contacts: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    away: bool = False
    asked: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.server_port}"

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

    def __enter__(self) -> "ContactServer":
        contacts = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = contacts.answer(self.headers["Authorization"], body)
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_arguments: Any) -> None:
                """Tests read no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
