"""How this service is made again from the event log: all of its facts."""

from services.reporting.store import generations
from services.reporting.store.tallies.digesting import digests
from services.reporting.usecases.apply_events import apply
from shared.operators.projections import Projections


def rebuildable() -> Projections:
    """Every table of facts, and what they add up to; the memory of erasures stays, as older events may still come."""
    return Projections(
        service="reporting",
        metadata=generations.metadata,
        tables=generations.TABLES,
        apply=apply,
        derived=generations.DERIVED,
        derived_digests=lambda connection: digests(connection, generations.DERIVED),
    )
