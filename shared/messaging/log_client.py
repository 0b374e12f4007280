"""Reading registration's event log over HTTP: for what the stream can no longer bring."""

from collections.abc import Sequence

import httpx
import orjson

from shared.messaging.cloud_event_format import Entry


class LogClient:
    """`GET /v1/log` with the service key (contract section 3)."""

    def __init__(self, registration_url: str, service_key: str, *, timeout: float = 30.0) -> None:
        self._url = registration_url.rstrip("/") + "/v1/log"
        self._headers = {"Authorization": f"Bearer {service_key}"}
        self._timeout = timeout

    async def page(self, after: int, limit: int = 1000) -> Sequence[Entry]:
        """The events after a sequence. Raises httpx.HTTPError when registration is away or refuses."""
        async with httpx.AsyncClient(timeout=self._timeout) as client:
            answer = await client.get(self._url, params={"after": after, "limit": limit}, headers=self._headers)
            answer.raise_for_status()
        body = orjson.loads(answer.content)
        return [Entry(f"{item['sequence']}-0", orjson.dumps(item)) for item in body["items"]]
