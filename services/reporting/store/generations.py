"""Which tables the event log can make again; quoted figures and keys are none of them."""

from services.reporting.store.projections import PROJECTIONS
from services.reporting.tables import metadata

__all__ = ["TABLES", "metadata"]

TABLES = tuple(sorted({projection.table for projection in PROJECTIONS.values()}, key=lambda table: table.name))
