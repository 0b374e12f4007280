"""A small real HTTP server that speaks the contract's shapes: stands in for the three services in tests of the cli."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

KEY = "an-admin-key-of-more-than-32-characters"

Json = dict[str, Any]


@dataclass
class Answer:
    """A scripted answer; `status` 0 breaks the connection."""

    status: int
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """What a stand-in knows; `script` is used up by the next posts of events, one each."""

    events: dict[str, Json] = field(default_factory=dict)
    put: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Json] = field(default_factory=dict)
    posts: list[list[str]] = field(default_factory=list)
    dry_posts: list[list[str]] = field(default_factory=list)
    script: list[Answer] = field(default_factory=list)
    flaky: dict[str, int] = field(default_factory=dict)
    after_post: Any = None
    ready: Json = field(default_factory=lambda: {"status": "ok", "checks": {"database": {"status": "ok"}}})
    file: Path | None = None
    upstream: str | None = None
    sheet: Json = field(default_factory=dict)
    letters: dict[int, Json] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    shown: dict[str, Json] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    busy_reads: int = 0
    published: list[str] = field(default_factory=list)

    @property
    def head(self) -> int:
        """The log's head; a stand-in for reporting has applied whatever registration's log says."""
        if self.upstream:
            headers = {"Authorization": f"Bearer {_key()}"}
            log = httpx.get(f"{self.upstream}/v1/log?after=0&limit=1", headers=headers, trust_env=False)
            return int(log.json()["head"])
        return len(self.events)

    def decide(self, event: Json, dry_run: bool) -> Json:
        """`data.refuse` is refused with that code, `data.needs` wants another event first, `flaky` fails some times."""
        name = str(event.get("id"))
        data = event.get("data", {})
        if name in self.events:
            return {"outcome": "duplicate"}
        if self.flaky.get(name):
            self.flaky[name] -= 1
            return _problem_result("failed", "lock-timeout", retryable=True)
        if "refuse" in data:
            return _problem_result("rejected", data["refuse"])
        if "needs" in data and data["needs"] not in self.events:
            return _problem_result("rejected", "unknown-activity")
        if not dry_run:
            self.remember(name, event)
        return {"outcome": "accepted"}

    def remember(self, name: str, event: Json) -> None:
        """Keep an event, on disk where there is a file."""
        self.events[name] = event
        if self.file:
            with self.file.open("a") as kept:
                kept.write(json.dumps(event) + "\n")


def _problem_result(outcome: str, code: str, retryable: bool = False) -> Json:
    return {"outcome": outcome, "retryable": retryable, "problem": {"code": code, "detail": f"because of {code}"}}


def _key() -> str:
    return os.environ.get("KOMERBIJ_ADMIN_KEY", KEY)


class Handler(BaseHTTPRequestHandler):
    """Routes of the contract that the cli uses."""

    memory: Memory
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """Health is open, the rest wants the key."""
        path = urlsplit(self.path).path
        if path == "/health/ready":
            status = 503 if self.memory.ready["status"] == "down" else 200
            return self._send(Answer(status, self.memory.ready))
        if not self._allowed():
            return None
        known: dict[str, Any] = {
            "/v1/log": lambda: {"items": [], "head": self.memory.head, "next": None},
            "/v1/keys": lambda: {"items": list(self.memory.keys.values()), "next": None},
            "/v1/publications": lambda: {"items": [{"period": year} for year in self.memory.published], "next": None},
            "/v1/statistics": lambda: {"asOf": {"sequence": self.memory.head}},
            "/v1/fact-sheets/2024": lambda: {**self.memory.sheet, "externalFigures": list(self.memory.put.values())},
        }
        if path.startswith("/v1/dead-letters"):
            return self._letter(path)
        if self.memory.busy_reads:
            self.memory.busy_reads -= 1
            return self._send(Answer(429, {"code": "rate-limited"}, {"Retry-After": "0"}))
        if path in self.memory.forbidden:
            return self._send(_problem(403, "forbidden"))
        if path in self.memory.shown:
            return self._send(Answer(200, self.memory.shown[path]))
        return self._send(Answer(200, known[path]()) if path in known else _problem(404, "not-found"))

    def _letter(self, path: str) -> None:
        """Two a page; or one, with its body."""
        name = path.rpartition("/")[2]
        if name == "dead-letters":
            start = int(parse_qs(urlsplit(self.path).query).get("cursor", ["0"])[0])
            items = [{k: v for k, v in one.items() if k != "body"} for one in self.memory.letters.values()]
            more = str(start + 2) if len(items) > start + 2 else None
            return self._send(Answer(200, {"items": items[start : start + 2], "next": more}))
        found = self.memory.letters.get(int(name))
        return self._send(Answer(200, found) if found else _problem(404, "not-found"))

    def _retry(self, letter: int) -> None:
        """`kept` says why some are kept."""
        if letter not in self.memory.letters:
            return self._send(_problem(404, "not-found"))
        if letter in self.memory.kept:
            return self._send(Answer(200, {"id": letter, "outcome": "kept", "reason": self.memory.kept[letter]}))
        del self.memory.letters[letter]
        return self._send(Answer(200, {"id": letter, "outcome": "applied"}))

    def do_PUT(self) -> None:
        """Partners and external figures."""
        if self._allowed():
            self.memory.put[urlsplit(self.path).path] = json.loads(self._body())
            self._send(Answer(200))

    def do_DELETE(self) -> None:
        """A key or a dead letter."""
        if self._allowed():
            path, _, name = urlsplit(self.path).path.rpartition("/")
            letters = path == "/v1/dead-letters"
            gone = self.memory.letters.pop(int(name), None) if letters else self.memory.keys.pop(name, None)
            self._send(Answer(204) if gone else _problem(404, "not-found"))

    def do_POST(self) -> None:
        """Events, keys, publications."""
        body = self._body()
        if not self._allowed():
            return None
        path = urlsplit(self.path).path
        if path == "/v1/keys":
            return self._make_key(json.loads(body))
        if path == "/v1/publications":
            self.memory.published.append(json.loads(body)["period"])
            return self._send(Answer(201))
        if path.endswith("/retry"):
            return self._retry(int(path.split("/")[3]))
        if self.memory.script:
            return self._send(self.memory.script.pop(0))
        return self._events(body)

    def _make_key(self, wanted: Json) -> None:
        made: Json = {"keyId": f"k{len(self.memory.keys) + 1}", "createdAt": "2026-01-01T00:00:00Z", "lastUsedAt": None}
        self.memory.keys[made["keyId"]] = {"partnerId": None, **wanted, **made}
        self._send(Answer(201, {"keyId": made["keyId"], "key": "the-new-key"}))

    def _events(self, body: bytes) -> None:
        try:
            events = json.loads(body)
        except ValueError:
            return self._send(_problem(400, "invalid"))
        if any("poison" in event for event in events):
            return self._send(_problem(400, "invalid"))
        dry_run = parse_qs(urlsplit(self.path).query).get("dryRun") == ["true"]
        (self.memory.dry_posts if dry_run else self.memory.posts).append([str(event.get("id")) for event in events])
        results = [self.memory.decide(event, dry_run) for event in events]
        self._send(Answer(200, {"summary": {}, "results": results, "sequence": self.memory.head}))
        if self.memory.after_post:
            self.memory.after_post()
        return None

    def _allowed(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {_key()}":
            return True
        self._send(_problem(401, "unauthorized"))
        return False

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, answer: Answer) -> None:
        if not answer.status:
            self.close_connection = True
            return
        body = b"" if answer.status == 204 else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {"API-Version": "1.0.0", "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _problem(status: int, code: str) -> Answer:
    return Answer(status, {"status": status, "code": code, "title": code, "detail": f"because of {code}"})


def server(memory: Memory, port: int = 0) -> ThreadingHTTPServer:
    """A server for one memory; the caller serves and closes it."""
    handler = type("Bound", (Handler,), {"memory": memory})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


@contextmanager
def standing_in(memory: Memory) -> Iterator[str]:
    """Serve from a thread; yields the address."""
    found = server(memory)
    found.daemon_threads = True
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{found.server_address[1]}"
    finally:
        found.shutdown()
        found.server_close()
        thread.join()
