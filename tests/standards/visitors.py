"""A partner at the door of a running registration, who can also look at the stream."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import redis

from shared.events.streams import FIELD, STREAM
from tests.factories import Json
from tests.servers import eventually

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


def in_header(value: Any) -> str:
    """An attribute as a header's value: everything outside U+0021 to 7E, quotes and percent as UTF-8 percent."""
    return quote(
        {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value), _SAFE
    )


def binary(event: Json) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event in binary mode."""
    attributes = {name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    headers = {f"ce-{name}": in_header(value) for name, value in attributes.items()}
    return {**headers, "Content-Type": event.get("datacontenttype", "application/json")}, orjson.dumps(event["data"])


@dataclass
class Visitor:
    """`http` is an operator's client of the service; `key` are the partner's own headers."""

    http: httpx.Client
    partner_id: str
    key: dict[str, str]
    redis_url: str

    @staticmethod
    def arrive(http: httpx.Client, partner_id: str, redis_url: str) -> "Visitor":
        """Join the coalition and get a key."""
        partner = {"name": "Bezoeker", "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01"}
        assert http.put(f"/v1/partners/{partner_id}", json=partner).status_code == 200
        body = {"label": "test", "scopes": ["events:write"], "partnerId": partner_id}
        key = http.post("/v1/keys", json=body).json()["key"]
        return Visitor(http, partner_id, {"Authorization": f"Bearer {key}"}, redis_url)

    def send(self, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """Post bytes as they are."""
        return self.http.post("/v1/events", content=content, headers={**self.key, **headers})

    def post(self, event: Any, content_type: str = STRUCTURED, **headers: str) -> httpx.Response:
        """Post an event in structured mode, or a batch."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(orjson.dumps(event), {"Content-Type": content_type, **named})

    def post_binary(self, event: Json) -> httpx.Response:
        """Post an event in binary mode."""
        headers, body = binary(event)
        return self.send(body, headers)

    def pointers(self, event: Json) -> list[str]:
        """Where a refused event is wrong; it must be 400."""
        answer = self.post(event)
        assert answer.status_code == 400, answer.text
        return [fault["pointer"] for fault in answer.json().get("errors", [])]

    def entry(self, answer: httpx.Response) -> bytes:
        """The stream's entry for what was just accepted."""
        assert answer.status_code == 201, answer.text
        sequence = answer.headers["Komerbij-Sequence"]
        with redis.Redis.from_url(self.redis_url) as client:
            found: Any = eventually(lambda: client.xrange(STREAM, f"{sequence}-0", f"{sequence}-0"), what="the entry")
        body: bytes = found[0][1][FIELD.encode()]
        return body

    def told(self, answer: httpx.Response) -> Json:
        """The same, read."""
        event: Json = orjson.loads(self.entry(answer))
        return event
