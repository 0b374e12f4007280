"""Reading registration's event log over HTTP: for what the stream can no longer bring."""

from collections.abc import Sequence
from typing import Any

import httpx
import orjson

from shared.messaging.cloud_event_format import Entry

PAGE = 1000
"""Events in one answer at most."""
_QUICK = 4.0
"""Seconds for an answer that others wait for."""


class LogClient:
    """`GET /v1/log` with the service key (contract section 3)."""

    def __init__(self, registration_url: str, service_key: str, *, timeout: float = 30.0) -> None:
        self._url = registration_url.rstrip("/") + "/v1/log"
        self._headers = {"Authorization": f"Bearer {service_key}"}
        self._timeout = timeout

    async def page(self, after: int, limit: int = PAGE) -> Sequence[Entry]:
        """The events after a sequence. Raises httpx.HTTPError when registration is away or refuses."""
        return [_entry(item) for item in (await self._ask(after, limit))["items"]]

    async def head(self) -> int:
        """The last sequence of the log. Raises httpx.HTTPError like `page`."""
        head: int = (await self._ask(0, 1))["head"]
        return head

    def event(self, sequence: int) -> Entry | None:
        """One event as the log has it now; None where it has none. Blocks; raises like `page`."""
        with httpx.Client(timeout=_QUICK, headers=self._headers) as client:
            items = _members(client.get(self._url, params={"after": sequence - 1, "limit": 1}))["items"]
        return next((_entry(item) for item in items if item["sequence"] == sequence), None)

    async def _ask(self, after: int, limit: int) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=self._timeout, headers=self._headers) as client:
            return _members(await client.get(self._url, params={"after": after, "limit": limit}))


def _members(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    try:
        found: dict[str, Any] = orjson.loads(answer.content)
    except orjson.JSONDecodeError as error:
        raise httpx.DecodingError("no JSON", request=answer.request) from error
    return found


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(f"{item['sequence']}-0", orjson.dumps(item))
