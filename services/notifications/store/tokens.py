"""Tokens in mails, hashed: whose they are."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, insert, select

from services.notifications.tables import UnsubscribeTokenRow
from shared.database import table_of

_tokens = table_of(UnsubscribeTokenRow)


def keep(connection: Connection, token: str, pid: str, now: datetime) -> None:
    """Remember whose it is; the token itself stands in the mail alone."""
    connection.execute(insert(_tokens).values(token_hash=_hashed(token), pid=pid, created_at=now))


def owner(connection: Connection, token: str) -> str | None:
    """The person in whose mail it stands; None for a token of nobody, or of somebody who was erased."""
    statement = select(_tokens.c.pid).where(_tokens.c.token_hash == _hashed(token))
    return connection.execute(statement).scalar_one_or_none()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
