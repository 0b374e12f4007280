"""What a caller reports: the person knows, was not reached, or is not coming and is withdrawn at registration."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from services.notifications.domain.calling import STATUS_AFTER, version_told
from services.notifications.domain.facts import DONE, Activity, Message, Signup
from services.notifications.domain.policy import Policy
from services.notifications.domain.statuses import MOVES
from services.notifications.store import attempts, calls, messages, projections
from services.notifications.usecases.replan import replan
from services.notifications.withdrawals import Withdrawal, WithdrawalClient
from shared.database import reading, transaction
from shared.errors import FieldFault, Refusal

NOT_COMING = "not-coming"


@dataclass(frozen=True, slots=True)
class CallDesk:
    """What the outcome of a call needs; built once, by the app."""

    engine: Engine
    policy: Policy
    clock: Callable[[], datetime]
    withdrawals: WithdrawalClient


@dataclass(frozen=True, slots=True)
class Report:
    """What the caller says. `version`: of the activity, as it stood on the list that was read out.

    `partner` may speak about the sign-ups that it placed; None about all.
    """

    message_id: str
    outcome: str
    version: int | None
    partner: str | None


async def report_outcome(desk: CallDesk, report: Report) -> Message:
    """The message as it is now. The same report again changes nothing more.

    Everything that there was to tell this person about the activity counts as told, as one call tells it. Refusal
    `not-found`, `forbidden`, `invalid`; raises RegistrationAway, and then nothing is written.
    """
    found = await asyncio.to_thread(_found, desk, report)
    if _repeats(found, report):
        return found
    if report.outcome == NOT_COMING:
        gone = await asyncio.to_thread(_withdrawals, desk, found)
        if gone:
            await desk.withdrawals.post(gone, desk.clock())
    return await asyncio.to_thread(_write, desk, report)


def _found(desk: CallDesk, report: Report) -> Message:
    with reading(desk.engine) as connection:
        return _allowed(connection, report)


def _allowed(connection: Connection, report: Report) -> Message:
    row = calls.one(connection, report.message_id)
    if row is None:
        raise Refusal("not-found", "there is no message with this id")
    if report.partner is not None and row.partner_id != report.partner:
        raise Refusal("forbidden", "this key speaks about the sign-ups of its own partner")
    if row.listed or _repeats(row, report) or (report.outcome == NOT_COMING and row.call_reason is not None):
        return row
    told = row.call_outcome in DONE
    code, text = ("told-already", "somebody told this already") if told else ("not-listed", "nobody has to call for it")
    raise Refusal("invalid", text, (FieldFault("/outcome", code, f"{text}: its status is {row.status}"),))


def _repeats(row: Message, report: Report) -> bool:
    return row.call_outcome == report.outcome and report.outcome in DONE


def _withdrawals(desk: CallDesk, row: Message) -> list[Withdrawal]:
    with reading(desk.engine) as connection:
        signups = _signups_of_the_person(connection, row)
    return [
        Withdrawal(f"not-coming:{one.ref.partition('/')[2]}", one.partner_id, one.ref.partition("/")[2])
        for one in signups
        if one.active
    ]


def _signups_of_the_person(connection: Connection, row: Message) -> list[Signup]:
    """For the same activity, placed by the same partner: one person in two roles has two."""
    found = projections.signups(connection, projections.signups_of(connection, [row.pid]))
    return [one for one in found if (one.activity, one.partner_id) == (row.activity, row.partner_id)]


def _write(desk: CallDesk, report: Report) -> Message:
    now = desk.clock()
    with transaction(desk.engine) as connection:
        projections.one_planner(connection)
        row = _allowed(connection, report)
        refs = {row.signup, *(one.ref for one in _signups_of_the_person(connection, row))}
        activity = projections.activities(connection, {row.activity}).get(row.activity)
        for mine in messages.of_signups(connection, refs).values():
            for one in mine:
                if one.listed or one.id == row.id:
                    _note(connection, one, report, activity, now)
        replan(connection, refs, now, desk.policy)
        return calls.one(connection, row.id) or row


def _note(connection: Connection, row: Message, report: Report, activity: Activity | None, now: datetime) -> None:
    """A row that its withdrawal closed before we came to write is told as well."""
    status = STATUS_AFTER[report.outcome]
    values: dict[str, Any] = {"call_outcome": report.outcome, "called_at": now}
    if status in MOVES[row.status]:
        values["status"] = status
    if report.outcome in DONE and row.listed and activity is not None:
        values["told_version"] = version_told(activity, row, report.version)
    calls.note_outcome(connection, row, values)
    attempts.note(connection, row.id, now, "call", report.outcome)
