"""`application/json`: the answer as the contract prints it."""

from typing import Any

import orjson

from services.reporting.formats.cube import Cube, Line, Point


def as_json(cube: Cube) -> dict[str, Any]:
    """The answer's members, in the contract's order."""
    period = cube.period
    span = {"label": period.label, "from": period.first.isoformat(), "to": period.last.isoformat()}
    about = dict(cube.about)
    filters = {"filters": about.pop("filters")} if "filters" in about else {}
    return {
        "indicator": cube.indicator,
        "unit": cube.unit,
        "period": span,
        **filters,
        "groupBy": list(cube.group_by),
        **about,
        "total": _figure(cube.total),
        "values": [_row(cube, line) for line in cube.lines],
    }


def write_json(cube: Cube) -> bytes:
    """The same as bytes."""
    return orjson.dumps(as_json(cube))


def _row(cube: Cube, line: Line) -> dict[str, Any]:
    keys = dict(zip(cube.group_by, line.keys, strict=True))
    return {"keys": keys, "label": dict(zip(cube.group_by, cube.labels(line), strict=True)), **_figure(line.point)}


def _figure(point: Point) -> dict[str, Any]:
    return {"value": point.value, "status": point.status}
