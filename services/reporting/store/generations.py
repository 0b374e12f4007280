"""Which tables the event log can make again; quoted figures, publications and keys are none of them."""

from services.reporting.store.projections import PROJECTIONS
from services.reporting.tables import (
    ActivityTallyRow,
    AudienceTallyRow,
    MonthTallyRow,
    NewcomersRow,
    PersonRow,
    metadata,
)
from shared.database import table_of

__all__ = ["DERIVED", "TABLES", "metadata"]

TABLES = tuple(sorted({projection.table for projection in PROJECTIONS.values()}, key=lambda table: table.name))

DERIVED = tuple(table_of(row) for row in (ActivityTallyRow, AudienceTallyRow, MonthTallyRow, NewcomersRow, PersonRow))
"""What the tables above add up to; made of them alone."""
