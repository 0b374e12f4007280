"""A double of the GOV.UK Notify / NotifyNL API: a real HTTP server with its token check, answers, errors, statuses."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import phonenumbers

from services.notifications.senders.sms_account import SmsAccount, sms_account
from tests import http_double
from tests.http_double import HttpDouble, Request, as_json

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
KEY = f"komerbij test-{SERVICE}-{SECRET}"
_SKEW = 30
Answer = tuple[int, dict[str, Any], dict[str, str]]
"""Status, body, headers."""


def error(status: int, name: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    """As the API writes every error."""
    return status, {"status_code": status, "errors": [{"error": name, "message": message}]}, headers or {}


CLOCK = error(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
NO_KEY = error(403, "AuthError", "Invalid token: signature, API token not found")
BUSY = error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
LIMIT = error(429, "TooManyRequestsError", "Exceeded send limits (50) for today")
BROKEN = error(500, "Exception", "Internal server error")
TRIAL = error(400, "BadRequestError", "Can't send to this recipient when service is in trial mode")
ABROAD = error(400, "BadRequestError", "Cannot send to international mobile numbers")


@dataclass
class SmsServer(HttpDouble):
    """`sent` is what it took, in order. `faults`: what happens to the next requests to send, one each."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Answer | str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    clock: Callable[[], float] = time.time
    abroad: bool = True
    blind: bool = False
    """Cannot be asked about messages: 500."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"{super().url}?template={TEMPLATE}"

    @property
    def account(self) -> SmsAccount:
        found = sms_account(self.url, KEY)
        assert found
        return found

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(number, text) of all that was taken."""
        return [(one["phone_number"], one["body"]) for one in self.sent]

    def authorised(self, header: str | None) -> Answer | None:
        """The documented check: HS256, `iss` our service, `iat` within 30 seconds; None: welcome."""
        token = (header or "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=10**9)
        except jwt.PyJWTError:
            return NO_KEY
        if jwt.get_unverified_header(token) != {"typ": "JWT", "alg": "HS256"} or claims.get("iss") != SERVICE:
            return NO_KEY
        return None if abs(self.clock() - claims["iat"]) <= _SKEW else CLOCK

    def post(self, body: dict[str, Any]) -> Answer:
        """POST /v2/notifications/sms."""
        if body.get("template_id") != TEMPLATE:
            return error(400, "BadRequestError", "Template not found")
        if set(body.get("personalisation", {})) != {"text"}:
            return error(400, "BadRequestError", "Missing personalisation: text")
        number = phonenumbers.parse(body["phone_number"], "NL")
        if not phonenumbers.is_valid_number(number):
            return error(400, "ValidationError", "phone_number Not enough digits")
        if number.country_code != 31 and not self.abroad:
            return ABROAD
        new = {
            "id": str(uuid.uuid4()),
            "reference": body.get("reference"),
            "phone_number": body["phone_number"],
            "type": "sms",
            "status": "created",
            "body": body["personalisation"]["text"],
            "created_at": "2026-10-01T08:00:00.000000Z",
        }
        self.sent.append(new)
        content = {"body": new["body"], "from_number": "KomErbij"}
        uri = f"/v2/notifications/{new['id']}"
        made = {"id": new["id"], "reference": new["reference"], "content": content, "uri": uri}
        return 201, {**made, "template": {"id": TEMPLATE, "version": 1, "uri": f"/v2/template/{TEMPLATE}"}}, {}

    def list(self, reference: str) -> Answer:
        """GET /v2/notifications?reference=."""
        self.asked.append(reference)
        if self.blind:
            return BROKEN
        found = [one for one in self.sent if one["reference"] == reference]
        return 200, {"notifications": found, "links": {"current": "/v2/notifications"}}, {}

    def respond(self, request: Request) -> http_double.Answer | None:
        answer = self.answer(request)
        return None if answer is None else as_json(*answer)

    def answer(self, request: Request) -> Answer | None:
        """None: the line is dropped without an answer."""
        with self._lock:
            refused = self.authorised(request.headers["Authorization"])
            if refused:
                return refused
            method, parts = request.method, urlsplit(request.path)
            if method == "GET" and parts.path == "/v2/notifications":
                return self.list(parse_qs(parts.query)["reference"][0])
            if method != "POST" or parts.path != "/v2/notifications/sms":
                return error(404, "NoResultFound", "No result found")
            fault = self.faults.pop(0) if self.faults else None
            if isinstance(fault, tuple):
                return fault
            taken = self.post(request.json()) if fault != "dropped before" else None
            return None if fault else taken
