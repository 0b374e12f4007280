"""`GET /v1/public-statistics`: what everybody gets of published tables, and what cannot be asked."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonstat_validator import validate_jsonstat
from pyjstat import pyjstat
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.publication.records import PublicationId
from services.reporting.domain.questions import DIMENSIONS
from services.reporting.formats.forms import CSV, EXCEL, FORMS, JSON, JSON_STAT
from services.reporting.store.publications import stored_tables
from shared.database import reading
from shared.events.code_lists import ACTIVITY_KINDS, AGE_BANDS
from tests.databases import DATABASES, migrated_on
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.public_year import YEARS, application, people, publisher, town
from tests.integration.reporting.story import Story
from tests.integration.reporting.visitor import Visitor

PATH = "/v1/public-statistics"
BY_KIND = {"indicator": "attendances", "period": "2024", "groupBy": "kind"}
BY_AGE = {"indicator": "participants", "period": "2024", "groupBy": "ageBand"}


@pytest.fixture(name="town", scope="module", params=DATABASES)
def published_town(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        Ledger(engine).hear(town(Story()))
        for year in YEARS:
            publisher(engine).publish(year)
        yield engine


@pytest.fixture(name="client", scope="module")
def anybody(town: Engine) -> Visitor:
    return Visitor(application(town))


def table(client: Visitor, **wanted: str) -> dict[str, Any]:
    answer = client.get(PATH, params=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_answer_has_the_shape_of_a_live_one_and_names_its_publication(client: Visitor) -> None:
    found = table(client, **BY_KIND)
    values = found.pop("values")
    assert found == {
        "indicator": "attendances",
        "unit": "presences",
        "period": {"label": "2024", "from": "2024-01-01", "to": "2024-12-31"},
        "filters": {},
        "groupBy": ["kind"],
        "publication": "2024.1",
        "total": {"value": 241, "status": "exact"},
    }
    assert values[0] == {"keys": {"kind": "bingo"}, "label": {"kind": "Bingo"}, "value": 230, "status": "rounded"}
    assert table(client, indicator="participants", period="2024")["values"] == []


def test_every_stored_table_is_answered_as_it_was_kept(client: Visitor, town: Engine) -> None:
    with reading(town) as connection:
        stored = stored_tables(connection, PublicationId("2024", 1))
    for one in stored[:: len(stored) // 40]:
        found = table(client, indicator=one.indicator, period=one.period, groupBy=one.group_by)
        assert {**json.loads(one.body), "period": found["period"]}.items() <= found.items()
        assert found["period"]["label"] == one.period


@pytest.mark.parametrize(
    ("more", "pointers"),
    [
        ({"from": "2024-01-01", "to": "2024-03-31"}, {"from", "to"}),
        ({"kind": "bingo"}, {"kind"}),
        ({"partner": "nobody"}, {"partner"}),
        ({"groupBy": "kind,goal"}, {"groupBy"}),
        ({"threshold": "1"}, {"threshold"}),
        ({"live": "true"}, {"live"}),
        ({"period": "2024-01-01/2024-03-31"}, {"period"}),
        ({"period": "2024-W03"}, {"period"}),
        ({"indicator": "happiness"}, {"indicator"}),
        ({"groupBy": "colour"}, {"groupBy"}),
    ],
)
def test_d06_what_is_no_fixed_table_is_refused_by_name(
    client: Visitor, more: dict[str, str], pointers: set[str]
) -> None:
    answer = client.get(PATH, params={**BY_KIND, **more})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    faults = answer.json()["errors"]
    assert {fault["pointer"] for fault in faults} == pointers
    allowed = {"period": "2024-Q3", "indicator": "participants", "groupBy": "goal"}
    assert all(allowed.get(fault["pointer"], "indicator, period, groupBy") in fault["detail"] for fault in faults)
    assert "ETag" not in answer.headers


def test_d06_dates_without_a_period_and_parameters_given_twice_are_refused(client: Visitor) -> None:
    dates = client.get(PATH, params={"indicator": "participants", "from": "2024-01-01", "to": "2024-12-31"})
    assert {fault["pointer"] for fault in dates.json()["errors"]} == {"from", "to", "period"}
    twice = client.get(PATH, params=[*BY_KIND.items(), ("period", "2023")])
    assert [(fault["pointer"], fault["code"]) for fault in twice.json()["errors"]] == [("period", "repeated")]
    nothing = client.get(PATH)
    assert {fault["pointer"]: fault["code"] for fault in nothing.json()["errors"]} == {
        "indicator": "missing",
        "period": "missing",
    }


def test_d13_a_table_by_kind_and_neighbourhood_is_not_to_be_had(client: Visitor) -> None:
    for both in ("kind,neighbourhood", "neighbourhood,ageBand"):
        answer = client.get(PATH, params={**BY_AGE, "groupBy": both})
        assert (answer.status_code, [fault["code"] for fault in answer.json()["errors"]]) == (400, ["too-many"])


def test_d06_every_grouping_that_an_indicator_has_is_answered_and_no_other(client: Visitor) -> None:
    for code, indicator in INDICATORS.items():
        allowed = {by: by in indicator.group_by for by in DIMENSIONS}
        wanted = {by: {"indicator": code, "period": "2024-Q3", "groupBy": by} for by in ("kind", "activity", "ageBand")}
        for by, parameters in wanted.items():
            assert client.get(PATH, params=parameters).status_code == (200 if allowed[by] else 400), (code, by)


def in_every_form(client: Visitor, wanted: dict[str, str]) -> dict[str, list[tuple[str | None, Any, str]]]:
    """Form -> its rows as (key, value, status), in its own order; a spreadsheet's cells read as numbers."""
    got = {kind: client.get(PATH, params=wanted, headers={"Accept": kind}) for kind in FORMS}
    assert {kind: one.headers["Content-Type"] for kind, one in got.items()} == {
        kind: form.content_type for kind, form in FORMS.items()
    }
    by = wanted["groupBy"]
    json_rows = [(row["keys"][by], row["value"], row["status"]) for row in got[JSON].json()["values"]]
    stat = got[JSON_STAT].json()
    assert validate_jsonstat(stat)
    keys = stat["dimension"][by]["category"]["index"]
    rows = {JSON: json_rows, JSON_STAT: list(zip(keys, stat["value"], stat["status"], strict=True))}
    for kind, delimiter in ((CSV, ","), (EXCEL, ";")):
        cells = csv.DictReader(io.StringIO(got[kind].content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
        rows[kind] = [
            (row[by] or None, float(row["value"].replace(",", ".")) if row["value"] else None, row["status"])
            for row in cells
            if row["row"] == "value"
        ]
    return rows


@pytest.mark.parametrize("wanted", [BY_KIND, BY_AGE, {**BY_KIND, "groupBy": "month"}])
def test_every_cell_is_the_same_in_four_forms_hidden_ones_too(client: Visitor, wanted: dict[str, str]) -> None:
    rows = in_every_form(client, wanted)
    named = [("onbekend" if key is None else key, value, status) for key, value, status in rows[JSON]]
    assert rows[CSV] == rows[EXCEL] == rows[JSON]
    assert rows[JSON_STAT] == named
    assert {"hidden", "rounded"} <= {status for _, _, status in named}


def test_d10_hidden_9_and_1_stand_in_the_order_of_the_list_and_look_alike(client: Visitor) -> None:
    for kind, rows in in_every_form(client, BY_KIND).items():
        assert [key for key, _, _ in rows] == list(ACTIVITY_KINDS), kind
        hidden = {key: cell for key, *cell in rows if key in ("walk", "course", "meal", "sport")}
        assert list(hidden.values()) == [[None, "hidden"]] * 4, kind


def test_d11_an_age_band_with_nobody_looks_like_one_with_7_byte_for_byte(client: Visitor) -> None:
    rows = {row["keys"]["ageBand"]: json.dumps(row) for row in table(client, **BY_AGE)["values"]}
    assert list(rows) == [*AGE_BANDS, None]
    nobody = rows["18-34"].replace("18-34", "X").replace("18 tot en met 34 jaar", "Y")
    assert nobody == rows["85+"].replace("85+", "X").replace("85 jaar en ouder", "Y")
    assert '"value": null, "status": "hidden"' in nobody


def test_d11_a_known_code_without_people_is_200_and_hidden(client: Visitor) -> None:
    for period in ("2024", "2024-Q4", "2024-12"):
        found = table(client, indicator="professionals", period=period, groupBy="ageBand")
        figures = [found["total"], *found["values"]]
        assert {(one["value"], one["status"]) for one in figures} == {(None, "hidden")}, period


def test_d16_hidden_is_never_0_and_a_spreadsheets_sum_skips_it(client: Visitor) -> None:
    rows = in_every_form(client, BY_KIND)
    for kind, found in rows.items():
        assert [value for _, value, status in found if status == "hidden"] == [None] * 8, kind
        numbers = [value for _, value, _ in found if isinstance(value, int | float)]
        assert (sum(numbers), len(numbers)) == (230, 1), kind


@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")  # pyjstat calls itself so
def test_a_second_reader_of_json_stat_reads_hidden_cells_as_not_there(client: Visitor) -> None:
    answer = client.get(PATH, params=BY_KIND, headers={"Accept": JSON_STAT})
    frame = pyjstat.Dataset.read(answer.text).write("dataframe")
    values = dict(zip(frame["Soort"], frame["value"], strict=True))
    assert values.pop("Bingo") == 230
    assert len(values) == 8
    assert all(value != value for value in values.values()), "NaN"


@pytest.mark.parametrize("period", ["2022", "2025-Q1", "2026-11", "2199", "1900-01"])
def test_d20_what_was_not_published_is_one_and_the_same_404(client: Visitor, period: str) -> None:
    known = client.get(PATH, params={"indicator": "activities", "period": "2030", "groupBy": "goal"})
    for kind in FORMS:
        answer = client.get(PATH, params={**BY_AGE, "period": period}, headers={"Accept": kind})
        assert (answer.status_code, answer.content) == (404, known.content)
        assert answer.headers == known.headers
    assert known.json()["code"] == "not-found"


@pytest.mark.parametrize("kind", FORMS)
def test_an_answer_has_a_tag_of_its_form_may_be_kept_and_is_304_then(client: Visitor, kind: str) -> None:
    get, head = (ask(PATH, params=BY_KIND, headers={"Accept": kind}) for ask in (client.get, client.head))
    assert (get.headers["Cache-Control"], head.headers) == ("public, no-cache", get.headers)
    assert "Accept" in get.headers["Vary"]
    known = {"Accept": kind, "If-None-Match": get.headers["ETag"]}
    for ask in (client.get, client.head):
        again = ask(PATH, params=BY_KIND, headers=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", get.headers["ETag"])
        assert again.headers["Cache-Control"] == "public, no-cache"
    others = {client.get(PATH, params=BY_KIND, headers={"Accept": other}).headers["ETag"] for other in FORMS}
    assert len(others) == len(FORMS)


def test_a_new_publication_is_answered_from_then_on_and_is_another_tag(quick: Ledger, story: Story) -> None:
    story.activity("avedan/bingo", "2023-03-05T14:00:00+01:00")
    story.crowd("avedan/bingo", *people(20))
    quick.hear(story)
    client = Visitor(application(quick.engine))
    publisher(quick.engine).publish(2023)
    before = client.get(PATH, params={"indicator": "participants", "period": "2023"})
    story.crowd("avedan/bingo", *people(7, 20))
    quick.take(story.events[-7:])
    assert client.get(PATH, params={"indicator": "participants", "period": "2023"}).content == before.content
    publisher(quick.engine).publish(2023)
    after = client.get(PATH, params={"indicator": "participants", "period": "2023"})
    assert [one.json()["publication"] for one in (before, after)] == ["2023.1", "2023.2"]
    assert [one.json()["total"]["value"] for one in (before, after)] == [20, 27]
    assert before.headers["ETag"] != after.headers["ETag"]
