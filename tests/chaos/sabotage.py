"""Negative controls: what becomes of a run when one guard, and whatever stands behind it, is taken away."""

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from services.notifications.domain import completeness, outcomes
from services.notifications.domain.outcomes import Retry, Unknown
from services.notifications.senders import smtp
from services.notifications.store import calls
from services.registration.relay import stream
from services.reporting.usecases import apply_events
from shared.events.streams import STREAM
from shared.messaging import catch_up, seen, subscription
from tests.chaos.patching import replace

_LONG_ENOUGH_TO_DIE = 0.4
_BLIND = """
    for i = 3, #ARGV, 2 do redis.pcall('XADD', KEYS[1], ARGV[i], '__data__', ARGV[i + 1]) end
    if #ARGV > 2 then return ARGV[#ARGV - 1] else return ARGV[1] end
"""


def _no_inbox() -> None:
    def everything_is_new(real: Any) -> Any:
        def take_in(connection: Connection, events: Sequence[Any]) -> list[Any]:
            real(connection, events)
            return list({event.sequence: event for event in events}.values())

        return take_in

    replace(seen, "take", everything_is_new)


def _no_compare() -> None:
    replace(stream, "_APPEND", lambda _real: _BLIND)
    _no_look_into_the_log()


def _no_look_into_the_log() -> None:
    def deaf(_real: Any) -> Any:
        async def nothing(*_: Any, **__: Any) -> None:
            return

        return nothing

    replace(catch_up.CatchUp, "look", deaf)


def _acknowledged_first() -> None:
    def first(real: Any) -> Any:
        async def apply(self: Any, client: Any, entries: Sequence[Any]) -> None:
            if entries:
                await client.xack(STREAM, self._group, *[entry.stream_id for entry in entries])
                await asyncio.sleep(_LONG_ENOUGH_TO_DIE)
            await real(self, client, entries)

        return apply

    replace(subscription.StreamConsumer, "_take", first)
    _no_look_into_the_log()


def _doubt_is_no_doubt() -> None:
    def sure(real: Any) -> Any:
        async def data(*arguments: Any) -> Any:
            outcome = await real(*arguments)
            return Retry("data", "no-answer") if isinstance(outcome, Unknown) else outcome

        return data

    replace(smtp.SmtpSender, "_data", sure)


def _forgetful_reporting() -> None:
    def most(real: Any) -> Any:
        def save(connection: Connection, events: Sequence[Any], *rest: Any) -> None:
            real(connection, [event for event in events if event.sequence % 97], *rest)

        return save

    replace(apply_events, "_save", most)


def _forgetful_list() -> None:
    def some(real: Any) -> Any:
        def on_a_list(*arguments: Any) -> list[Any]:
            return [row for row in real(*arguments) if zlib.crc32(row.signup.encode()) % 3]

        return on_a_list

    replace(calls, "on_a_list", some)


def _forgetful_sums() -> None:
    def most(real: Any) -> Any:
        def standing(case: Any, *rest: Any) -> Any:
            return real(case, *rest) if zlib.crc32(case.signup.ref.encode()) % 5 else None

        return standing

    replace(completeness, "standing", most)


def _copies_without_end() -> None:
    def again(real: Any) -> Any:
        def doubtful(message: Any, reason: str, now: Any, policy: Any) -> dict[str, Any]:
            return {**real(message, reason, now, policy), "resend_at": now, "call_since": None, "call_reason": None}

        return doubtful

    replace(outcomes, "doubtful", again)


GUARDS: Final[Mapping[str, Callable[[], None]]] = {
    "inbox": _no_inbox,
    "compare": _no_compare,
    "acknowledge": _acknowledged_first,
    "doubt": _doubt_is_no_doubt,
    "states": _forgetful_reporting,
    "list": _forgetful_list,
    "sums": _forgetful_sums,
    "copies": _copies_without_end,
}
