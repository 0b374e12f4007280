"""HTTP to one service: problems become sentences, a proxy never stands between us and this machine."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from cli.errors import Complaint

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_WAIT = 120.0
"""Seconds that a service may ask us to wait at once."""

BUSY_LIMIT = 100
"""How often we wait before we give up."""

TIMEOUT = httpx.Timeout(60.0, connect=5.0)


class Client:
    """Requests to one service with one key. `request` must succeed; `send` leaves every answer to the caller."""

    def __init__(self, url: str, key: str | None = None, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Complaint(f"{url} is not an address that starts with http:// or https://.", 2)
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=timeout,
            trust_env=parts.hostname not in LOOPBACK,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        content: bytes | None = None,
        content_type: str | None = None,
    ) -> httpx.Response:
        """One request, whatever the answer. Raises httpx.TransportError when there is none."""
        headers = {"Content-Type": content_type} if content_type else {}
        return self._http.request(method, path, params=params, json=json, content=content, headers=headers)

    def request(
        self, method: str, path: str, *, params: Mapping[str, str | int] | None = None, json: Any = None
    ) -> httpx.Response:
        """One request that must succeed. Complains when nobody answers or the answer is a problem."""
        try:
            answer = self.send(method, path, params=params, json=json)
        except httpx.TransportError as error:
            raise Complaint(nobody_answers(self.url, error)) from None
        if not answer.is_success:
            raise Complaint(sentence(answer))
        return answer

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """The JSON object of a GET that must succeed."""
        return members(self.request("GET", path, params=params))


def members(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object. Complains when it is something else: then this is not our service."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Complaint(
            f"{answer.request.url} answers {answer.status_code}, but not with JSON. Is it the right address?"
        )
    return body


def asked_wait(answer: httpx.Response) -> float:
    """`Retry-After` in seconds, within reason; a date or nothing at all means a second."""
    text = answer.headers.get("Retry-After", "")
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdigit() else 1.0


def nobody_answers(url: str, error: httpx.TransportError) -> str:
    """A sentence about a request that got no answer."""
    if isinstance(error, httpx.ConnectError):
        return f"Nobody answers at {url}. Is it running? (komerbij run starts it)"
    if isinstance(error, httpx.TimeoutException):
        return f"{url} did not answer in time."
    return f"The connection to {url} broke: {error or type(error).__name__}."


def sentence(answer: httpx.Response) -> str:
    """A problem+json as plain words, with every fault it names."""
    request = answer.request
    if answer.status_code in (401, 403):
        return f"{request.url} does not accept this key ({answer.status_code}): {explain(problem_of(answer))}"
    return f"{request.method} {request.url} answers {answer.status_code}: {explain(problem_of(answer))}"


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem's members; a bare one when the body is none of ours."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"title": answer.reason_phrase or "no explanation"}


def explain(problem: Mapping[str, Any]) -> str:
    """`detail` and all `errors` of a problem in one line."""
    detail = str(problem.get("detail") or problem.get("title") or problem.get("code") or "no explanation")
    faults = [f"{fault.get('pointer')}: {fault.get('detail')}" for fault in problem.get("errors") or []]
    return "; ".join([detail, *faults])
