"""The answer to a question for a figure (contract section 5)."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from services.reporting.domain.evaluation import Row
from services.reporting.domain.figures import Figure, Number
from services.reporting.formats.cube import Axis, Cube, Line, Point, Span
from services.reporting.formats.json_form import as_json
from services.reporting.schemas.texts import UNITS, listed
from services.reporting.usecases.code_lists import in_order
from services.reporting.usecases.statistics import Answer
from shared.events.model import WireModel

Status = Literal["exact", "rounded", "hidden", "not-applicable"]

EXAMPLE: Final = Cube(
    indicator="participants",
    title="Deelnemers",
    unit="people",
    period=Span("2026", date(2026, 1, 1), date(2026, 12, 31)),
    total=Point(120, "exact"),
    axes=(Axis("kind", {"bingo": "Bingo"}),),
    lines=(Line(("bingo",), Point(120, "exact")),),
    about={"filters": {"goal": ["initiative"]}, "asOf": {"sequence": 4128}},
)
"""The answer that the OpenAPI document shows, in every form."""


def cube_of(answer: Answer) -> Cube:
    """The one representation of a live answer; every form is written from it."""
    question, period = answer.question, answer.question.period
    return Cube(
        indicator=question.indicator.code,
        title=question.indicator.label.nl,
        unit=question.indicator.unit,
        period=Span(period.label, period.first, period.last),
        total=_point(answer.total),
        axes=tuple(_axis(answer, name) for name in question.group_by),
        lines=[
            Line(tuple(value.keys[name] for name in question.group_by), _point(value.figure)) for value in answer.values
        ],
        about={
            "filters": {name: list(values) for name, values in question.filters.items()},
            "asOf": {"sequence": answer.sequence},
        },
    )


def _axis(answer: Answer, name: str) -> Axis:
    """The keys of one grouping in the order of tables; with two of them no row need show that order."""
    labels = {value.keys[name]: value.label[name] for value in answer.values}
    rows = in_order(answer.question.indicator, (name,), [Row((key,), answer.total) for key in labels])
    return Axis(name, {key: labels[key] for row in rows for key in row.keys})


def _point(figure: Figure) -> Point:
    return Point(figure.value, figure.status)


class PeriodModel(WireModel, json_schema_extra={"description": "De periode: dagen in Nederland, beide meegeteld."}):
    """Local days, both included."""

    label: str = Field(description="De periode zoals gevraagd.")
    from_: date = Field(alias="from", description="De eerste dag.")
    to: date = Field(description="De laatste dag.")


class AsOf(WireModel, json_schema_extra={"description": "Tot waar het logboek is geteld."}):
    """Up to which event of the log: a reader that posted `sequence` or less sees its write."""

    sequence: int = Field(ge=0, description="Alles tot en met dit nummer telt mee.")


_VALUE = "Het cijfer. Leeg: er is geen cijfer; `status` zegt waarom."
_STATUS = "Precies, afgerond, niet getoond om mensen te beschermen, of niet van toepassing."


class FigureModel(WireModel, json_schema_extra={"description": "Een cijfer."}):
    """`value` is null unless there is one; `status` says why."""

    value: Number | None = Field(description=_VALUE)
    status: Status = Field(description=_STATUS)


class ValueModel(FigureModel, json_schema_extra={"description": "Een rij van de tabel."}):
    """A row: its keys (null: unknown), Dutch labels, and the figure."""

    keys: dict[str, str | None] = Field(description="Waar de rij over gaat, als codes. Leeg: onbekend.")
    label: dict[str, str] = Field(description="Hetzelfde in woorden.")


class StatisticsAnswer(
    WireModel,
    json_schema_extra={
        "description": "Een cijfer, nu en precies. `total` is zelf geteld, en hoeft niet de som van `values` te zijn.",
        "examples": [as_json(EXAMPLE)],
    },
):
    """Live and exact. `total` is computed by itself, so it need not be the sum of `values`."""

    indicator: str = Field(description="Welk cijfer.")
    unit: Annotated[str, listed(*UNITS)] = Field(description="Wat er wordt geteld.")
    period: PeriodModel
    filters: dict[str, list[str]] = Field(description="Waarop is gefilterd.")
    group_by: list[str] = Field(description="Waarop is gegroepeerd.")
    as_of: AsOf
    total: FigureModel
    values: list[ValueModel] = Field(description="Een rij per sleutel waar gegevens van zijn.")

    @classmethod
    def of(cls, answer: Answer) -> "StatisticsAnswer":
        """From the use case."""
        return cls.model_validate(as_json(cube_of(answer)))
