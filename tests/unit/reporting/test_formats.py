"""An answer says the same in every form, and each form keeps the rules of its own standard."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonstat_validator import validate_jsonstat
from jsonstat_validator.utils import JSONStatValidationError
from pyjstat import pyjstat

from services.reporting.formats.cube import STATUS_WORDS, Axis, Cube, Line, Point, Span
from services.reporting.formats.forms import CSV, EXCEL, FORMS, JSON, JSON_STAT

YEAR = Span("2024", date(2024, 1, 1), date(2024, 12, 31))
HIDDEN, NOWHERE, ABOUT_520 = Point(None, "hidden"), Point(None, "not-applicable"), Point(520, "rounded")
RUNS = ("=1+1", "+31 6", "-5", "@home", "\tx", "\rx", "\nx", "＝1")
Cells = dict[tuple[str | None, ...] | str, tuple[float | None, str]]
Labels = dict[tuple[str, str | None], str]


def cube(*lines: Line, axes: tuple[Axis, ...] = (), total: Point = ABOUT_520, unit: str = "people") -> Cube:
    return Cube("participants", "Deelnemers", unit, YEAR, total, axes, lines)


KINDS = Axis("kind", {"bingo": "Bingo", "walk": "Wandeling", None: "onbekend"})
PUBLIC = cube(
    Line(("bingo",), HIDDEN),
    Line(("walk",), Point(15, "rounded")),
    Line((None,), Point(0, "exact")),
    axes=(KINDS,),
)
RATES = cube(
    Line(("2024-01", "walk"), Point(8.3, "exact")),
    Line(("2024-02", "bingo"), Point(25.0, "exact")),
    Line(("2024-02", None), NOWHERE),
    axes=(Axis("month", {"2024-01": "januari 2024", "2024-02": "februari 2024"}), KINDS),
    total=Point(70.4, "exact"),
    unit="percent",
)


def from_json(body: bytes) -> tuple[Cells, Labels]:
    """By Python's own reader."""
    found = json.loads(body)
    cells: Cells = {tuple(row["keys"].values()): (row["value"], row["status"]) for row in found["values"]}
    labels = {(name, key): row["label"][name] for row in found["values"] for name, key in row["keys"].items()}
    return cells | {"total": (found["total"]["value"], found["total"]["status"])}, labels


def from_csv(body: bytes, delimiter: str, decimal: str) -> tuple[Cells, Labels]:
    """By Python's own reader; a null key is an empty cell."""
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))
    names = [name.removesuffix("Label") for name in rows[0] if name.endswith("Label")]
    cells: Cells = {}
    labels: Labels = {}
    for row in rows:
        point = (float(row["value"].replace(decimal, ".")) if row["value"] else None, row["status"])
        total = row["row"] == "total"
        cells["total" if total else tuple(as_meant(row[name]) or None for name in names)] = point
        if not total:
            labels |= {(name, as_meant(row[name]) or None): as_meant(row[f"{name}Label"]) for name in names}
    return cells, labels


def as_meant(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(tuple(run[0] for run in RUNS)) else cell


def from_json_stat(body: bytes) -> tuple[Cells, Labels]:
    """By the letter of JSON-stat: row-major, a list or an object by place."""
    found = json.loads(body)
    assert validate_jsonstat(found)
    names = found["id"][2:]
    sides = [found["dimension"][name]["category"] for name in names]
    unknown = [max((key for key in side["index"] if key.startswith("onbekend")), default="", key=len) for side in sides]
    cells: Cells = {}
    for at, keys in enumerate(product(*(side["index"] for side in sides))):
        status = at_place(found["status"], at)
        if status is not None:
            named = tuple(None if key == unknown[i] else key for i, key in enumerate(keys))
            cells[named] = (at_place(found["value"], at), status)
    total = found["extension"]["total"]
    labels = {
        (name, None if key == unknown[i] else key): side["label"][key]
        for i, (name, side) in enumerate(zip(names, sides, strict=True))
        for key in side["index"]
    }
    return (cells if names else {}) | {"total": (total["value"], total["status"])}, labels


def at_place(found: list[Any] | Mapping[str, Any], at: int) -> Any:
    return found.get(str(at)) if isinstance(found, Mapping) else found[at]


def everywhere(whole: Cube) -> dict[str, tuple[Cells, Labels]]:
    """What each form says, by a reader that knows nothing of its writer."""
    body = {kind: form.write(whole) for kind, form in FORMS.items()}
    return {
        JSON: from_json(body[JSON]),
        CSV: from_csv(body[CSV], ",", "."),
        EXCEL: from_csv(body[EXCEL], ";", ","),
        JSON_STAT: from_json_stat(body[JSON_STAT]),
    }


def meant(whole: Cube) -> tuple[Cells, Labels]:
    cells: Cells = {line.keys: (line.point.value, line.point.status) for line in whole.lines}
    labels = {(axis.name, key): label for axis in whole.axes for key, label in axis.labels.items()}
    return cells | {"total": (whole.total.value, whole.total.status)}, labels


SO_CALLED = cube(
    Line(("onbekend",), Point(2, "exact")),
    Line((None,), Point(3, "exact")),
    axes=(Axis("neighbourhood", {"onbekend": "onbekend", None: "onbekend"}),),
)


@pytest.mark.parametrize(
    "whole", [PUBLIC, RATES, SO_CALLED, cube(), cube(axes=(Axis("kind", {}),)), cube(total=HIDDEN)]
)
def test_the_same_cell_is_the_same_in_four_formats_hidden_included(whole: Cube) -> None:
    assert everywhere(whole) == dict.fromkeys(FORMS, meant(whole))


KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\x00*"), min_size=1, max_size=6) | st.sampled_from(RUNS)
POINTS = (
    st.builds(Point, st.integers(0, 10**12), st.sampled_from(["exact", "rounded"]))
    | st.builds(Point, st.integers(0, 1000).map(lambda tenths: tenths / 10), st.just("exact"))
    | st.sampled_from([HIDDEN, NOWHERE])
)


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    """Any keys and words, some combinations of keys without a row."""
    axes = tuple(
        Axis(name, draw(st.dictionaries(st.none() | KEYS.filter(lambda key: key[0] != "'"), KEYS, max_size=4)))
        for name in draw(st.sampled_from([(), ("activity",), ("neighbourhood", "month")]))
    )
    rows = list(product(*(axis.labels for axis in axes))) if axes else []
    kept = rows if draw(st.booleans()) else [keys for keys in rows if draw(st.booleans())]
    used = [
        Axis(a.name, {key: a.labels[key] for key in a.labels if key in {r[i] for r in kept}})
        for i, a in enumerate(axes)
    ]
    return cube(*(Line(keys, draw(POINTS)) for keys in kept), axes=tuple(used), total=draw(POINTS))


@settings(max_examples=60, deadline=None)
@given(cubes())
def test_any_words_and_numbers_come_through_every_format(whole: Cube) -> None:
    for kind, (cells, labels) in everywhere(whole).items():
        wanted_cells, wanted = meant(whole)
        assert cells == wanted_cells, kind
        assert {key: as_meant(label) for key, label in labels.items()} == {k: as_meant(v) for k, v in wanted.items()}


@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")
@pytest.mark.parametrize("whole", [PUBLIC, RATES])
def test_a_second_reader_of_json_stat_finds_the_same_numbers(whole: Cube) -> None:
    frame = pyjstat.Dataset.read(FORMS[JSON_STAT].write(whole).decode()).write("dataframe", naming="id")
    read = {tuple(row[2:-1]): row[-1] for row in frame.itertuples(index=False)}
    numbers = {
        tuple(key or "onbekend" for key in line.keys): line.point.value
        for line in whole.lines
        if line.point.value is not None
    }
    assert {keys: value for keys, value in read.items() if value == value} == numbers
    assert len(read) == len(list(product(*(axis.labels for axis in whole.axes))))


def test_the_validator_refuses_a_wrong_size() -> None:
    wrong = json.loads(FORMS[JSON_STAT].write(PUBLIC)) | {"size": [1, 1, 2]}
    with pytest.raises(JSONStatValidationError, match="number of categories"):
        validate_jsonstat(wrong)


def test_json_stat_names_time_place_and_measure_and_says_statuses_in_words() -> None:
    places = Axis("neighbourhood", {"De Riet": "De Riet"})
    whole = cube(axes=(Axis("month", {"2024-01": "januari 2024"}), places))
    found = json.loads(FORMS[JSON_STAT].write(whole))
    assert found["role"] == {"time": ["period", "month"], "geo": ["neighbourhood"], "metric": ["indicator"]}
    assert found["extension"]["status"]["label"] == STATUS_WORDS
    assert found["dimension"]["indicator"]["category"]["unit"] == {"participants": {"label": "people", "decimals": 0}}


def test_d10_keys_keep_the_order_of_their_list_in_every_format() -> None:
    """A key that first comes in a later row of the other grouping keeps its place."""
    for whole in (PUBLIC, RATES):
        kinds = whole.axes[-1]
        stat = json.loads(FORMS[JSON_STAT].write(whole))["dimension"]["kind"]["category"]["index"]
        assert stat == [key or "onbekend" for key in kinds.labels]
        rows = [row["keys"] for row in json.loads(FORMS[JSON].write(whole))["values"]]
        read = [
            list(csv.DictReader(FORMS[k].write(whole).decode("utf-8-sig").splitlines(), delimiter=d))
            for k, d in ((CSV, ","), (EXCEL, ";"))
        ]
        for table in read:
            assert [row["kind"] or None for row in table[:-1]] == [keys["kind"] for keys in rows]
            assert table[-1]["row"] == "total"


def test_a_cell_stands_where_its_keys_say_whatever_the_order_of_rows() -> None:
    backwards = cube(*reversed(PUBLIC.lines), axes=PUBLIC.axes)
    assert from_json_stat(FORMS[JSON_STAT].write(backwards)) == meant(PUBLIC)


def test_csv_is_rfc_4180_comma_point_crlf_a_header_and_no_mark() -> None:
    awkward = Axis("activity", {"avedan/b": 'Koffie, "thee"\nen taart'})
    body = FORMS[CSV].write(cube(Line(("avedan/b",), Point(8.5, "exact")), axes=(awkward,)))
    same = b"participants,people,2024,2024-01-01,2024-12-31"
    assert body.splitlines(keepends=True)[0] == (
        b"indicator,unit,period,from,to,activity,activityLabel,row,value,status\r\n"
    )
    assert same + b',avedan/b,"Koffie, ""thee""\nen taart",value,8.5,exact\r\n' in body
    assert body.endswith(same + b",,Totaal,total,520,rounded\r\n")


def test_the_dutch_dialect_has_a_mark_semicolons_and_a_decimal_comma() -> None:
    body = FORMS[EXCEL].write(RATES)
    assert body.startswith(b"\xef\xbb\xbfindicator;unit;")
    assert b";walk;Wandeling;value;8,3;exact\r\n" in body
    assert b";total;70,4;exact\r\n" in body


@pytest.mark.parametrize("kind", [CSV, EXCEL])
@pytest.mark.parametrize("text", RUNS)
def test_no_text_is_run_as_a_formula_and_a_number_stays_a_number(kind: str, text: str) -> None:
    body = FORMS[kind].write(cube(Line((text,), Point(-5, "exact")), axes=(Axis("activity", {text: text}),)))
    row = next(
        csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";" if kind == EXCEL else ",")
    )
    assert (row["activity"], row["activityLabel"], row["value"]) == (f"'{text}", f"'{text}", "-5")


def test_d16_hidden_is_never_0_and_a_sum_in_a_spreadsheet_skips_it() -> None:
    for kind, (cells, _) in everywhere(PUBLIC).items():
        assert cells["bingo",] == (None, "hidden"), kind
    for kind, delimiter in ((CSV, ","), (EXCEL, ";")):
        rows = list(csv.DictReader(FORMS[kind].write(PUBLIC).decode("utf-8-sig").splitlines(), delimiter=delimiter))
        assert [(row["value"], row["status"]) for row in rows if row["kind"] == "bingo"] == [("", "hidden")]


@pytest.mark.parametrize(("value", "status"), [(0, "hidden"), (-1, "not-applicable"), (None, "exact"), (1, "secret")])
def test_a_value_and_a_status_that_contradict_each_other_are_no_figure(value: int | None, status: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        Point(value, status)
