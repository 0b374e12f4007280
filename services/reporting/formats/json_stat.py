"""`application/vnd.json-stat+json`: JSON-stat 2.0, with a status per cell and its words beside it."""

from collections.abc import Mapping
from math import prod
from typing import Any, Final

import orjson

from services.reporting.formats.cube import DIMENSION_LABELS, PLACES, STATUS_WORDS, TIME, Axis, Cube, Point, stand_in

_INDICATOR: Final = "indicator"
_PERIOD: Final = "period"
Document = dict[str, Any]


def as_json_stat(cube: Cube) -> Document:
    """A dataset of the indicator, the period and every grouping. Without a grouping its one cell is the total.

    `value` and `status` are lists where every combination of keys has a row, else objects by place.
    """
    size = [1, 1, *(len(axis.labels) for axis in cube.axes)]
    points = _by_place(cube)
    metric = _dimension("Cijfer", {cube.indicator: cube.title})
    metric["category"]["unit"] = {cube.indicator: _unit(cube)}
    dimensions = {
        _INDICATOR: metric,
        _PERIOD: _dimension("Periode", {cube.period.label: cube.period.label}),
        **{axis.name: _dimension(DIMENSION_LABELS[axis.name], _named(axis)) for axis in cube.axes},
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{cube.title}, {cube.period.label}",
        "id": list(dimensions),
        "size": size,
        "role": _roles(cube),
        "dimension": dimensions,
        "value": _spread({at: point.value for at, point in points.items()}, prod(size)),
        "status": _spread({at: point.status for at, point in points.items()}, prod(size)),
        "extension": _extension(cube),
    }


def write_json_stat(cube: Cube) -> bytes:
    """The same as bytes."""
    return orjson.dumps(as_json_stat(cube))


def _by_place(cube: Cube) -> dict[int, Point]:
    """Where each figure stands: row-major, as JSON-stat counts."""
    if not cube.axes:
        return {0: cube.total}
    places = [{key: at for at, key in enumerate(axis.labels)} for axis in cube.axes]
    points = {}
    for line in cube.lines:
        at = 0
        for key, place in zip(line.keys, places, strict=True):
            at = at * len(place) + place[key]
        points[at] = line.point
    return dict(sorted(points.items()))


def _spread(by_place: Mapping[int, Any], cells: int) -> list[Any] | dict[str, Any]:
    if len(by_place) == cells:
        return list(by_place.values())
    return {str(at): found for at, found in by_place.items()}


def _named(axis: Axis) -> dict[str, str]:
    unknown = stand_in(axis.labels)
    return {unknown if key is None else key: label for key, label in axis.labels.items()}


def _dimension(label: str, named: Mapping[str, str]) -> Document:
    return {"label": label, "category": {"index": list(named), "label": dict(named)}}


def _unit(cube: Cube) -> Document:
    return {"label": cube.unit, "decimals": 1 if cube.unit == "percent" else 0}


def _roles(cube: Cube) -> dict[str, list[str]]:
    geo = [name for name in cube.group_by if name in PLACES]
    time = [_PERIOD, *(name for name in cube.group_by if name in TIME)]
    return {"time": time, **({"geo": geo} if geo else {}), "metric": [_INDICATOR]}


def _extension(cube: Cube) -> Document:
    """What JSON-stat has no place for: the words of statuses, the total, the days, and what the answer is about."""
    period = cube.period
    return {
        "status": {"label": dict(STATUS_WORDS)},
        "total": {"value": cube.total.value, "status": cube.total.status},
        "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
        **cube.about,
    }
