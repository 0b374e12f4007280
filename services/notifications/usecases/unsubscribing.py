"""No more reminders: a link for each mail that reminds, and what following it does (RFC 8058, contract section 6)."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import REMINDING, Message
from services.notifications.domain.links import message_of, token_for, whole
from services.notifications.domain.policy import Policy
from services.notifications.store import calls, erasures, opt_outs, own_keys, projections
from services.notifications.usecases.own_key import own_key
from services.notifications.usecases.replan import replan

__all__ = ["link", "unsubscribe", "whole"]


def link(engine: Engine, message: Message, public_url: str) -> str | None:
    """The address to put into this mail; None for kinds that nobody can refuse. Nothing is written down for it."""
    if message.kind not in REMINDING:
        return None
    return f"{public_url}/v1/unsubscribe/{token_for(own_key(engine, own_keys.LINKS), message.id)}"


def unsubscribe(connection: Connection, token: str, now: datetime, policy: Policy) -> None:
    """Stop the reminders of all partners for whoever got the mail with this token, those that are planned already too.

    A token of nobody does nothing, and nobody can tell: who was erased, and whose mail it was, is not for a stranger.
    """
    key = own_keys.key(connection, own_keys.LINKS)
    message_id = message_of(key, token) if key else None
    if message_id is None:
        return
    projections.one_planner(connection)
    message = calls.one(connection, message_id)
    if message is not None and not erasures.hidden(message.pid):
        opt_outs.add(connection, message.pid, now)
        replan(connection, projections.signups_of(connection, [message.pid]), now, policy)
