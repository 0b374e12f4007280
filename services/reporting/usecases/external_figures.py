"""Quoting figures of others (contract section 5, external figures)."""

from sqlalchemy import Connection

from services.reporting.domain.quotations import ExternalFigure
from services.reporting.store.external_figures import save_figure


def quote(connection: Connection, figure: ExternalFigure) -> ExternalFigure:
    """Keep a figure under its id, as given; the fact sheet shows it apart from our own."""
    save_figure(connection, figure)
    return figure
