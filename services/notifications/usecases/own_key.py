"""A key that this database keeps for itself."""

from sqlalchemy import Engine

from services.notifications.store import own_keys
from shared.database import reading, transaction


def own_key(engine: Engine, name: str) -> str:
    """The same for all processes; made by whoever needs it first."""
    with reading(engine) as connection:
        found = own_keys.key(connection, name)
    while found is None:
        with transaction(engine) as connection:
            own_keys.make_key(connection, name)
            found = own_keys.key(connection, name)
    return found
