"""A withdrawal at registration, through its write door, for who says on the phone that they are not coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson

from shared.clock import rfc3339

_TIMEOUT = 10.0
_SOURCE = "urn:komerbij:notifications"
_TYPE = "nl.meedoen.signup-withdrawn.v1"
_KNOWN = ("accepted", "duplicate")


class RegistrationAway(Exception):  # noqa: N818  -- names the thing
    """Registration did not answer, or not as promised: nothing is known to be withdrawn; ask again."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A sign-up that ends. `key` names the event for good, so that a repetition changes nothing."""

    key: str
    partner_id: str
    signup_id: str


class WithdrawalClient:
    """`POST /v1/events` with the service key and `partnerid` (contract section 9)."""

    def __init__(self, registration_url: str, service_key: str, timeout: float = _TIMEOUT) -> None:
        self._client = httpx.AsyncClient(
            base_url=registration_url.rstrip("/"),
            headers={"Authorization": f"Bearer {service_key}", "Content-Type": "application/cloudevents-batch+json"},
            timeout=timeout,
        )

    async def post(self, withdrawals: Sequence[Withdrawal], now: datetime) -> None:
        """All of them, or RegistrationAway; a sign-up that registration does not know (any more) is no obstacle."""
        events = [_event(one, now) for one in withdrawals]
        try:
            answer = await self._client.post("/v1/events", content=orjson.dumps(events))
            answer.raise_for_status()
            results = orjson.loads(answer.content)["results"]
            settled = len(results) == len(events) and all(map(_settled, results))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RegistrationAway(type(error).__name__) from None
        if not settled:
            raise RegistrationAway("not taken")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def _event(one: Withdrawal, now: datetime) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": one.key,
        "source": _SOURCE,
        "type": _TYPE,
        "time": rfc3339(now),
        "partnerid": one.partner_id,
        "data": {"signupId": one.signup_id, "reason": "Afgemeld aan de telefoon"},
    }


def _settled(result: dict[str, Any]) -> bool:
    """`id-reused`: an earlier try got through and was told another time; no one else uses our ids."""
    code = (result.get("problem") or {}).get("code")
    return result["outcome"] in _KNOWN or code in ("id-reused", "unknown-signup")
