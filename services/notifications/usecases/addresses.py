"""What we know of a person's addresses without keeping one: their keyed hashes, and which refused a message before."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from services.notifications.store import ways
from shared.database import reading, transaction


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """By channel: the hash of the address that the person has now; the channels whose address refused a message."""

    hashes: Mapping[str, str]
    refused: frozenset[str]


def known_addresses(engine: Engine, pid: str, addresses: Mapping[str, str]) -> KnownAddresses:
    """`addresses`: channel -> address, as it is now; a corrected one has another hash, so it works again."""
    key = _key(engine)
    hashes = {channel: ways.hashed(key, pid, address) for channel, address in addresses.items()}
    with reading(engine) as connection:
        return KnownAddresses(hashes, ways.refused(connection, pid, hashes))


def _key(engine: Engine) -> str:
    with reading(engine) as connection:
        found = ways.key(connection)
    while found is None:
        with transaction(engine) as connection:
            ways.make_key(connection)
            found = ways.key(connection)
    return found
