"""Reading publications: the list, and each as it was kept."""

from collections.abc import Sequence

from sqlalchemy import Connection

from services.reporting.domain.publication.records import Publication, PublicationId, StoredTable, publication_id
from services.reporting.store.publications import by_id, listing, stored_tables
from shared.errors import Refusal


def page(connection: Connection, after: PublicationId | None, limit: int) -> tuple[list[Publication], bool]:
    """Publications, the latest year and number first, and whether more follow."""
    found = listing(connection, after, limit + 1)
    return found[:limit], len(found) > limit


def named(connection: Connection, name: str) -> Publication:
    """The publication of that id; Refusal `not-found`, one and the same for all that is none."""
    given = publication_id(name)
    found = by_id(connection, given) if given else None
    if found is None:
        raise Refusal("not-found", "there is no such publication")
    return found


def tables_in(connection: Connection, publication: Publication) -> Sequence[StoredTable]:
    """Its tables, in order."""
    return stored_tables(connection, publication.id)
