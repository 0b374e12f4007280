"""The contact look-up at registration: name and address in memory, for one send, never kept (contract section 3)."""

from dataclasses import dataclass

import httpx
import orjson

_TIMEOUT = 10.0


class ContactsAway(Exception):  # noqa: N818  -- names the thing
    """Registration did not answer, or not as promised; the message goes later. Carries no data."""


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """What a partner gave about a person. Has no readable form, so that no log or traceback shows it."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    reach_via: str | None = None


class ContactClient:
    """`POST /v1/contacts/lookup` with the service key."""

    def __init__(self, registration_url: str, service_key: str, timeout: float = _TIMEOUT) -> None:
        self._client = httpx.AsyncClient(
            base_url=registration_url.rstrip("/"),
            headers={"Authorization": f"Bearer {service_key}"},
            timeout=timeout,
        )

    async def look_up(self, partner_id: str, pid: str) -> Contact | None:
        """The contact that this partner gave, None if it gave none. Raises ContactsAway."""
        wanted = {"contacts": [{"partnerId": partner_id, "pid": pid}]}
        try:
            answer = await self._client.post("/v1/contacts/lookup", json=wanted)
            answer.raise_for_status()
            found = orjson.loads(answer.content)["items"][0]["contact"]
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
            raise ContactsAway(type(error).__name__) from None
        if found is None:
            return None
        return Contact(found.get("name"), found.get("email"), found.get("phone"), found.get("reachVia"))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()
