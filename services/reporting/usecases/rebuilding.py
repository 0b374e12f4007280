"""How this service is made again from the event log: all of its facts."""

from services.reporting.store import generations
from services.reporting.usecases.apply_events import apply
from shared.operators.projections import Projections


def rebuildable() -> Projections:
    """Every table of facts, and what they add up to; the memory of erasures stays, as older events may still come."""
    return Projections("reporting", generations.metadata, generations.TABLES, apply, derived=generations.DERIVED)
