"""Figures of others are quoted; nothing that is told moves them."""

from services.reporting.domain.indicators import Text
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.usecases.external_figures import quote
from services.reporting.usecases.fact_sheet import live_fact_sheet
from shared.database import reading, transaction
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.test_convergence import everything_twice


def quoted(ledger: Ledger) -> list[tuple[str, float]]:
    """As the live fact sheet shows them."""
    with reading(ledger.engine) as connection:
        return [(figure.figure_id, figure.value) for figure in live_fact_sheet(connection, 2024, 2023).external_figures]


def test_c23_quoted_figures_are_unchanged_by_any_event(ledger: Ledger) -> None:
    """35 % moderately and 9 % severely lonely, as the monitor says, while one of each type is told."""
    with transaction(ledger.engine) as connection:
        for key, label, value in (("matig", "matig eenzaam", 35), ("ernstig", "ernstig eenzaam", 9)):
            quote(connection, ExternalFigure(key, Text(label, label), value, "percent", 2023, "GGD Twente", "Monitor"))
    assert dict(quoted(ledger)) == {"matig": 35, "ernstig": 9}
    for event in everything_twice():
        ledger.take([event])
        assert dict(quoted(ledger)) == {"matig": 35, "ernstig": 9}
