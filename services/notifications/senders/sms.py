"""Text messages by the GOV.UK Notify / NotifyNL protocol; a broken line says whether the message may have left."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import orjson

from services.notifications.domain.outcomes import (
    SMS_PROVIDER,
    AddressRefused,
    ChannelRefused,
    Failed,
    LetGo,
    Outcome,
    Retry,
    Sent,
    Unknown,
)
from services.notifications.senders.sender import LastLook
from services.notifications.senders.sms_account import SmsAccount

_PATH = "/v2/notifications"
_PHASE, _ASK = "sms", "sms-ask"
_IN_DOUBT = (408, 502, 504)
"""Answers of something between us and the provider, which may have the message all the same."""
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_GAVE_UP: dict[str, Outcome] = {
    "permanent-failure": AddressRefused(_ASK),
    "temporary-failure": ChannelRefused(_ASK, "sms-undelivered"),
    "technical-failure": ChannelRefused(_ASK, "sms-undelivered"),
}
"""Statuses of a message that the provider took and could not deliver."""


@dataclass(frozen=True, slots=True, repr=False)
class TextMessage:
    """A text message, made. Has no readable form, so that no log or traceback shows it."""

    id: str
    """Of our message: the provider's `reference`, by which it can be asked about."""
    number: str
    """E.164."""
    text: str


@dataclass(frozen=True, slots=True)
class SmsReply:
    """How it ended. `reference`: the provider's own id. `earlier`: it was another attempt that brought it there."""

    outcome: Outcome
    reference: str | None = None
    earlier: bool = False


class _Away(Exception):  # noqa: N818  -- names the thing
    """The provider cannot be asked now. Carries no data."""


class SmsSender:
    """One connection a message: on one that stood open a broken line would say less. `timeout`: seconds a request."""

    def __init__(self, account: SmsAccount, timeout: float = 20.0, clock: Callable[[], float] = time.time) -> None:
        self._account, self._timeout, self._clock = account, timeout, clock
        self._client = httpx.AsyncClient(
            base_url=account.url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 8.0)),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def send(self, message: TextMessage, last_look: LastLook, *, ask_first: bool = False) -> SmsReply:
        """Last look, then over to the provider. `ask_first`: an earlier attempt may have brought it there."""
        if ask_first:
            try:
                found = await self._found(message.id)
            except _Away:
                return SmsReply(Retry(_ASK, "sms-away", trouble=SMS_PROVIDER))
            if found is not None:
                return found
        if not await last_look():
            return SmsReply(LetGo())
        return await self._hand_over(message)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _hand_over(self, message: TextMessage) -> SmsReply:
        body = {
            "phone_number": message.number,
            "template_id": self._account.template,
            "personalisation": {"text": message.text},
            "reference": message.id,
            **({"sms_sender_id": self._account.sender} if self._account.sender else {}),
        }
        try:
            answer = await self._ask("POST", f"{_PATH}/sms", content=orjson.dumps(body))
        except _BEFORE:
            return SmsReply(Retry(_PHASE, "sms-away", trouble=SMS_PROVIDER))
        except (httpx.HTTPError, TimeoutError):
            return await self._in_doubt(message.id, None)
        if answer.status_code in _IN_DOUBT:
            return await self._in_doubt(message.id, answer.status_code)
        if answer.is_success:
            return SmsReply(Sent(_PHASE, answer.status_code), _text(_members(answer).get("id")))
        return SmsReply(refusal(answer.status_code, _members(answer), answer.headers))

    async def _in_doubt(self, reference: str, code: int | None) -> SmsReply:
        """Ask at once: what the provider knows of has arrived; what it does not know of may still be under way."""
        try:
            found = await self._found(reference)
        except _Away:
            found = None
        if found is not None:
            return SmsReply(found.outcome, found.reference)
        return SmsReply(Unknown(_PHASE, "sms-no-answer", code))

    async def _found(self, reference: str) -> SmsReply | None:
        """What became of the message with this reference; None: the provider knows of none. Raises _Away."""
        try:
            answer = await self._ask("GET", _PATH, params={"reference": reference})
        except (httpx.HTTPError, TimeoutError):
            raise _Away from None
        known = _members(answer).get("notifications")
        if answer.status_code != httpx.codes.OK or not isinstance(known, list):
            raise _Away
        ours = [one for one in known if isinstance(one, dict) and one.get("reference") == reference]
        if not ours:
            return None
        arrived = next((one for one in ours if one.get("status") not in _GAVE_UP), None)
        if arrived is None:
            return SmsReply(_GAVE_UP[ours[0]["status"]], _text(ours[0].get("id")), earlier=True)
        return SmsReply(Sent(_ASK), _text(arrived.get("id")), earlier=True)

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        """One request, with a token of its own: they are good for 30 seconds."""
        account, issued = self._account, int(self._clock())
        token = jwt.encode({"iss": account.service, "iat": issued}, account.secret, algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        async with asyncio.timeout(self._timeout):
            return await self._client.request(method, path, headers=headers, **content)


def refusal(status: int, members: Mapping[str, Any], headers: Mapping[str, str]) -> Outcome:
    """Surely not taken, and why: the number, the message, the provider, or our own account."""
    if status in (429, 500, 503):
        limit = status == 429 and "TooManyRequestsError" in _errors(members)
        reason = "sms-busy" if status == 429 else "sms-away"
        return Retry(_PHASE, reason, status, SMS_PROVIDER, alarm=limit, after=_after(headers))
    if status == 400:
        return AddressRefused(_PHASE, status) if _about_number(members) else Failed(_PHASE, "sms-refused", status)
    if status in (401, 403, 404, 405) or status < 400:
        return Retry(_PHASE, "sms-refuses-us", status, SMS_PROVIDER, alarm=True)
    if status >= 500:
        return Retry(_PHASE, "sms-away", status, SMS_PROVIDER)
    return Failed(_PHASE, "sms-refused", status)


def _errors(members: Mapping[str, Any]) -> dict[str, str]:
    """Error name -> message, of whatever looks like Notify's list of errors."""
    found = members.get("errors")
    listed = found if isinstance(found, list) else []
    return {str(one.get("error")): str(one.get("message")) for one in listed if isinstance(one, dict)}


def _about_number(members: Mapping[str, Any]) -> bool:
    """No text message can go to this number, ours or anybody's; a foreign one may be out of the account's reach."""
    found = _errors(members)
    international = "international" in found.get("BadRequestError", "").lower()
    return found.get("ValidationError", "").startswith("phone_number") or international


def _after(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds; a date or nothing at all leaves it to our own schedule."""
    given = headers.get("Retry-After", "")
    return float(given) if given.isascii() and given.isdigit() and len(given) < 6 else None


def _members(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = orjson.loads(answer.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    """An id of the provider's; what no table can keep is none."""
    fits = isinstance(value, str) and len(value) <= 64 and value.isascii() and value.isprintable()
    return value if fits else None
