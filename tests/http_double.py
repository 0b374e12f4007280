"""A real HTTP server on a free port: for doubles of what our services call, and to show pages to a browser."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, as it came over the line."""

    method: str
    path: str
    headers: Message
    """By name in any case; None for one that was not sent."""
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; its length is said by itself. `parts`: a body that goes on until they end."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    parts: Iterator[bytes] | None = None


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """A value, written."""
    return Answer(status, json.dumps(value).encode(), headers or {})


@dataclass
class HttpDouble(ABC):
    """Serves inside a `with` block; who inherits says in `respond` what."""

    _server: ThreadingHTTPServer | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        assert self._server
        return f"http://127.0.0.1:{self._server.server_port}"

    @abstractmethod
    def respond(self, request: Request) -> Answer | None:
        """None: the line is dropped without an answer. Called in a thread of its own."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()


def _handler(double: HttpDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._respond(b"")

        def do_HEAD(self) -> None:
            self._respond(b"")

        def do_POST(self) -> None:
            self._respond(self.rfile.read(int(self.headers["Content-Length"])))

        def _respond(self, body: bytes) -> None:
            answer = double.respond(Request(self.command, self.path, self.headers, body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            length = {} if answer.parts else {"Content-Length": str(len(answer.body))}
            for name, value in {**answer.headers, **length}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            with suppress(OSError):  # who asked may have gone
                self.wfile.writelines(answer.parts or ())

        def log_message(self, *_arguments: Any) -> None:
            """Tests read no access log."""

    return Handler
