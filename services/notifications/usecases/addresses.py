"""What we know of a person's addresses without keeping one: their keyed hashes, and which refused a message before."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from services.notifications.store import own_keys, ways
from services.notifications.usecases.own_key import own_key
from shared.database import reading


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """By channel: the hash of the address that the person has now; the channels whose address refused a message."""

    hashes: Mapping[str, str]
    refused: frozenset[str]


def known_addresses(engine: Engine, pid: str, addresses: Mapping[str, str]) -> KnownAddresses:
    """`addresses`: channel -> address, as it is now; a corrected one has another hash, so it works again."""
    key = own_key(engine, own_keys.ADDRESSES)
    hashes = {channel: ways.hashed(key, pid, address) for channel, address in addresses.items()}
    with reading(engine) as connection:
        return KnownAddresses(hashes, ways.refused(connection, pid, hashes))
