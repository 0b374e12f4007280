"""The contact look-up at registration: names and addresses in memory, for one use, never kept (contract section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

_TIMEOUT = 10.0
_AT_ONCE = 500
"""As many as registration answers in one request."""
Pair = tuple[str, str]
"""(partnerId, pid): a partner's message goes to the contact data which that partner gave."""


class ContactsAway(Exception):  # noqa: N818  -- names the thing
    """Registration did not answer, or not as promised; it is asked again later. Carries no data."""


@dataclass(frozen=True, slots=True, repr=False)
class PostalAddress:
    """Where a letter goes. Has no readable form."""

    street: str
    postal_code: str
    city: str


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """What a partner gave about a person. Has no readable form, so that no log or traceback shows it."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    reach_via: str | None = None
    address: PostalAddress | None = None


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
        pair = (partner_id, pid)
        return (await self.look_up_many([pair]))[pair]

    async def look_up_many(self, pairs: Sequence[Pair]) -> dict[Pair, Contact | None]:
        """The same for many, every pair a key of the answer; one request for each 500. Raises ContactsAway."""
        wanted = list(dict.fromkeys(pairs))
        found: dict[Pair, Contact | None] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            found.update(await self._some(wanted[start : start + _AT_ONCE]))
        return found

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _some(self, wanted: Sequence[Pair]) -> dict[Pair, Contact | None]:
        """What the answer says about exactly these; whatever else it says is no answer."""
        body = {"contacts": [{"partnerId": partner_id, "pid": pid} for partner_id, pid in wanted]}
        try:
            answer = await self._client.post("/v1/contacts/lookup", json=body)
            answer.raise_for_status()
            found = _read(orjson.loads(answer.content))
            return {pair: found[pair] for pair in wanted}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            raise ContactsAway(type(error).__name__) from None
        except RuntimeError:  # the client is closed: we are stopping
            raise ContactsAway("RuntimeError") from None


def _read(answer: Any) -> dict[Pair, Contact | None]:
    """TypeError, LookupError for a shape that was not promised, without repeating it."""
    return {
        (item["partnerId"], item["pid"]): None if item["contact"] is None else _contact(_members(item["contact"]))
        for item in map(_members, _members(answer)["items"])
    }


def _contact(members: dict[str, Any]) -> Contact:
    name, email, phone, reach_via = (_text(members.get(key)) for key in ("name", "email", "phone", "reachVia"))
    address = members.get("address")
    return Contact(name, email, phone, reach_via, None if address is None else _address(_members(address)))


def _address(members: dict[str, Any]) -> PostalAddress | None:
    street, postal_code, city = (_text(members.get(name)) for name in ("street", "postalCode", "city"))
    return PostalAddress(street, postal_code, city) if street and postal_code and city else None


def _members(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("no text")
    return value
