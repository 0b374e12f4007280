"""A published table on the wire: as a live answer, but that it names its publication instead of a moment of the log."""

from datetime import date
from typing import Annotated, Any, Final

import orjson
from pydantic import Field

from services.reporting.formats.cube import Axis, Cube, Line, Point, Span
from services.reporting.formats.json_form import as_json
from services.reporting.schemas.statistics import FigureModel, PeriodModel, ValueModel
from services.reporting.schemas.texts import UNITS, listed
from services.reporting.usecases.public_statistics import PublicAnswer
from shared.events.model import WireModel

EXAMPLE: Final = Cube(
    indicator="participants",
    title="Deelnemers",
    unit="people",
    period=Span("2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
    total=Point(120, "rounded"),
    axes=(Axis("kind", {"bingo": "Bingo", "walk": "Wandeling"}),),
    lines=(Line(("bingo",), Point(95, "rounded")), Line(("walk",), Point(None, "hidden"))),
    about={"filters": {}, "publication": "2025.1"},
)
"""The answer that the OpenAPI document shows, in every form."""


def cube_of(answer: PublicAnswer) -> Cube:
    """The one representation of a stored table; every form is written from it."""
    question, table = answer.question, orjson.loads(answer.body)
    period, group_by = question.period, table["groupBy"]
    return Cube(
        indicator=question.indicator.code,
        title=question.indicator.label.nl,
        unit=question.indicator.unit,
        period=Span(period.label, period.first, period.last),
        total=_point(table["total"]),
        axes=tuple(Axis(name, {row["keys"][name]: row["label"][name] for row in table["values"]}) for name in group_by),
        lines=[Line(tuple(row["keys"][name] for name in group_by), _point(row)) for row in table["values"]],
        about={"filters": {}, "publication": str(answer.publication.id)},
    )


def _point(figure: dict[str, Any]) -> Point:
    return Point(figure["value"], figure["status"])


class PublicStatisticsAnswer(
    WireModel,
    json_schema_extra={
        "description": "Een cijfer uit een publicatie. Elke waarde heeft een rij, ook als er niemand was.",
        "examples": [as_json(EXAMPLE)],
    },
):
    """Everything from one publication: no member of it moves before the next one."""

    indicator: str = Field(description="Welk cijfer.")
    unit: Annotated[str, listed(*UNITS)] = Field(description="Wat er wordt geteld.")
    period: PeriodModel
    filters: dict[str, list[str]] = Field(description="Altijd leeg: openbare cijfers hebben geen filters.")
    group_by: list[str] = Field(description="Waarop is gegroepeerd.")
    publication: str = Field(description="Uit welke publicatie; zie `/v1/publications/{id}`.")
    total: FigureModel
    values: list[ValueModel] = Field(description="Een rij voor elke waarde die er is, op volgorde van de lijst.")
