"""What the fact sheet of a year needs beside its tables, kept with the publication: nothing public reads live facts."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from services.reporting.domain.evaluation import evaluate
from services.reporting.domain.fact_sheet import Topics
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.periods import Period
from services.reporting.domain.publication.counting import Read

_WITH_PRECISION: Final = ("outreach-items", "outreach-personalised")


def sheet_of(year: Period, read: Read, topics: Topics, neighbourhoods: Sequence[str]) -> bytes:
    """Topics with labels and goals, precisions by line code, and the neighbourhoods that have a row from now on."""
    return orjson.dumps(
        {
            "topics": asdict(topics),
            "precisions": dict(_precisions(year, read)),
            "neighbourhoods": neighbourhoods,
        }
    )


def _precisions(year: Period, read: Read) -> Iterator[tuple[str, str]]:
    for code in _WITH_PRECISION:
        indicator = INDICATORS[code]
        table = evaluate(indicator, read(indicator.subject.source), year, {}, ("kind",))
        yield code, table.total.precision
        yield from ((f"{code}:{row.keys[0]}", row.figure.precision) for row in sorted(table.rows, key=str))


def neighbourhoods_in(sheets: Sequence[bytes]) -> set[str]:
    """The neighbourhoods that were published."""
    found: list[dict[str, Any]] = [orjson.loads(sheet) for sheet in sheets]
    return {name for sheet in found for name in sheet["neighbourhoods"]}
