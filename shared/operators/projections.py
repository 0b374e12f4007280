"""What a consumer must tell about itself to be rebuilt: its tables, its handler, and what follows a switch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table

from shared.messaging.inbox import Apply
from shared.operators.digests import Digest, TableDigest, digest_of


def nothing_more(_connection: Connection) -> None:
    """For a consumer whose tables are all there is to it."""


def nothing_derived(_connection: Connection) -> Mapping[str, TableDigest]:
    """For a consumer that derives no tables from others."""
    return {}


@dataclass(frozen=True, slots=True)
class Projections:
    """A consumer's tables that are made of events alone, so that the event log can make them again.

    `tables` are replaced as a whole by a switch; what is not among them (a ledger of what was told) stays. `apply` is
    the handler that fills them. `follow_up` joins the transaction of a switch. `forget_the_rest` does so where the
    database was in doubt about who is forgotten: what else it holds and the log knows nobody for must go. `derived`
    follow from `tables` alone and are replaced with them. Where their rows can be written in several ways that mean the
    same, `derived_digests` says what they mean, by table.
    """

    service: str
    metadata: MetaData
    tables: tuple[Table, ...]
    apply: Apply
    follow_up: Callable[[Connection], None] = nothing_more
    forget_the_rest: Callable[[Connection], None] = nothing_more
    derived: tuple[Table, ...] = ()
    derived_digests: Callable[[Connection], Mapping[str, TableDigest]] = nothing_derived

    def digest(self, connection: Connection) -> Digest:
        """Of every table that a switch replaces; as consistent as the transaction of the connection is."""
        return Digest({**digest_of(connection, self.tables).tables, **self.derived_digests(connection)})
