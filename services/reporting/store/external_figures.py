"""Keeping the figures of others."""

from sqlalchemy import Connection, select

from services.reporting.domain.indicators import Text
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.tables import ExternalFigureRow
from shared.database import table_of, upsert

_figures = table_of(ExternalFigureRow)


def save_figure(connection: Connection, figure: ExternalFigure) -> None:
    """Put a figure under its id, over an earlier one."""
    row = {
        "label_nl": figure.label.nl,
        "label_en": figure.label.en,
        "value": figure.value,
        "unit": figure.unit,
        "year": figure.year,
        "source": figure.source,
        "instrument": figure.instrument,
    }
    statement = upsert(connection, _figures).values(figure_id=figure.figure_id, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["figure_id"], set_=row))


def every_figure(connection: Connection) -> list[ExternalFigure]:
    """All of them by id. A whole number comes back as one."""
    rows = connection.execute(select(_figures).order_by(_figures.c.figure_id)).mappings()
    return [
        ExternalFigure(
            figure_id=row["figure_id"],
            label=Text(row["label_nl"], row["label_en"]),
            value=int(row["value"]) if row["value"] == int(row["value"]) else row["value"],
            unit=row["unit"],
            year=row["year"],
            source=row["source"],
            instrument=row["instrument"],
        )
        for row in rows
    ]
