"""The fact sheet for everybody: from publications alone (contract section 5)."""

from services.reporting.usecases.fact_sheet import FactSheet
from shared.errors import Refusal


def published_fact_sheet() -> FactSheet:
    """The sheet for everybody comes from a publication; Refusal `not-found` while there is none."""
    raise Refusal("not-found", "nothing was published yet; with a key, ask for live=true")
