"""No more reminders: a link for each mail that reminds, and what following it does (RFC 8058, contract section 6)."""

import re
import secrets
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import REMINDING, Message
from services.notifications.domain.policy import Policy
from services.notifications.store import opt_outs, projections, tokens
from services.notifications.usecases.replan import replan
from shared.database import transaction

_BYTES = 32
_WHOLE = re.compile(r"[A-Za-z0-9_-]{43}")


def whole(token: str) -> bool:
    """Has the form of ours; half a link has not. Says nothing about whether it is one."""
    return _WHOLE.fullmatch(token) is not None


def link(engine: Engine, message: Message, public_url: str, now: datetime) -> str | None:
    """The address to put into this mail; None for kinds that nobody can refuse, or when the person was erased.

    In one transaction with whoever erases people: no token of somebody who is gone is left behind.
    """
    if message.kind not in REMINDING:
        return None
    with transaction(engine) as connection:
        token = issue(connection, message.signup, message.pid, now)
    return f"{public_url}/v1/unsubscribe/{token}" if token else None


def issue(connection: Connection, signup: str, pid: str, now: datetime) -> str | None:
    """A new token for this person; several are good at once, as old mails stay about. None: the sign-up was erased."""
    projections.one_planner(connection)
    if pid not in {found.pid for found in projections.signups(connection, [signup])}:
        return None
    token = secrets.token_urlsafe(_BYTES)
    tokens.keep(connection, token, pid, now)
    return token


def unsubscribe(connection: Connection, token: str, now: datetime, policy: Policy) -> None:
    """Stop the reminders of all partners for whoever has this token, those that are planned already too.

    A token of nobody does nothing, and nobody can tell: who was erased, and whose mail it was, is not for a stranger.
    """
    projections.one_planner(connection)
    pid = tokens.owner(connection, token)
    if pid is not None:
        opt_outs.add(connection, pid, now)
        replan(connection, projections.signups_of(connection, [pid]), now, policy)
