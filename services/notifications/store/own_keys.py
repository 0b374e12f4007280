"""Random keys of this database, made when they are first needed: for what nobody else can make."""

import secrets

from sqlalchemy import Connection, select

from services.notifications.tables import SecretRow
from shared.database import table_of, upsert

ADDRESSES, LINKS = "addresses", "links"
"""For the hashes of addresses; for the links in mails."""
_secrets = table_of(SecretRow)


def key(connection: Connection, name: str) -> str | None:
    """None until it was made."""
    found: str | None = connection.execute(select(_secrets.c.value).where(_secrets.c.name == name)).scalar()
    return found


def make_key(connection: Connection, name: str) -> None:
    """Once for this database, whoever comes first."""
    row = {"name": name, "value": secrets.token_hex(32)}
    connection.execute(upsert(connection, _secrets).values(row).on_conflict_do_nothing())
