"""`GET /v1/fact-sheets/{year}` for everybody: from stored tables of the latest publications, as JSON and as a page."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from tests.databases import DATABASES, migrated_on
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.public_year import YEARS, application, people, publisher, town
from tests.integration.reporting.story import Story
from tests.integration.reporting.test_http import ADMIN, QUOTED, bearer
from tests.integration.reporting.test_page import Tables, number
from tests.integration.reporting.visitor import Visitor

PATH = "/v1/fact-sheets/2024?compareTo=2023"
PAGE = {"Accept": "text/html"}
HIDDEN = "niet getoond, om mensen te beschermen"


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


def lines(client: Visitor, path: str = PATH, **options: Any) -> dict[str, dict[str, Any]]:
    """Line code -> line."""
    answer = client.get(path, **options)
    assert answer.status_code == 200, answer.text
    return {line["code"]: line for line in answer.json()["lines"]}


def test_it_says_where_its_figures_come_from_and_no_moment_of_the_log(client: Visitor) -> None:
    sheet = client.get(PATH).json()
    assert (sheet["year"], sheet["compareTo"], sheet["mode"], sheet["asOf"]) == (2024, 2023, "publication", None)
    assert (sheet["publication"]["id"], sheet["previousPublication"]["id"]) == ("2024.1", "2023.1")
    assert sheet["publication"]["createdAt"] == "2025-02-01T09:00:00Z"
    assert sheet["externalFigures"] == []


def test_its_lines_are_those_of_the_live_sheet_with_what_was_published_of_them(client: Visitor) -> None:
    public, live = lines(client), lines(client, f"{PATH}&live=true", headers=bearer(ADMIN))
    assert live.keys() - public.keys() == set()
    assert [code for code in public if code in live] == list(live)
    for code, line in live.items():
        words = ("label", "goal", "unit", "precision")
        assert [public[code][word] for word in words] == [line[word] for word in words], code
        assert public[code]["value"] in (line["value"], None) or public[code]["status"] == "rounded", code


def test_growth_is_from_printed_numbers_and_null_where_one_is_not_there(client: Visitor) -> None:
    found = {code: (line["value"], line["previous"], line["growthPercent"]) for code, line in lines(client).items()}
    assert found["participants"] == (238, 20, 1090.0)
    assert found["new-participants"] == (218, None, None), "of 2023 hidden"
    assert found["visits"] == (56, None, None), "of 2023 not counted"
    assert found["members"] == (0, 0, None)
    statuses = {code: (line["status"], line["previousStatus"]) for code, line in lines(client).items()}
    assert statuses["new-participants"] == ("exact", "hidden")
    assert statuses["visits"] == ("exact", "not-applicable")
    assert statuses["professionals"] == ("hidden", "hidden")


def test_places_series_and_kinds_have_their_lines_with_titles_goals_and_precision(client: Visitor) -> None:
    found = lines(client)
    place, cards = found["visits:avedan/groenedael"], found["outreach-items:cards"]
    assert (place["value"], place["status"], place["label"]["nl"]) == (55, "rounded", "Bezoeken: Groenedael")
    assert (cards["value"], cards["precision"], cards["goal"]) == (712, "over", "initiative")
    assert (found["outreach-actions:avedan/geluk"]["value"], found["outreach-actions:avedan/geluk"]["previous"]) == (
        1,
        0,
    )


def test_the_page_shows_what_the_json_shows_and_names_its_publications(client: Visitor) -> None:
    answer = client.get(PATH, headers=PAGE)
    rows = Tables(answer.text).rows
    wanted = {code: [line["previous"], line["value"]] for code, line in lines(client).items()}
    assert {code: [number(cell) for cell in cells[:2]] for code, cells in rows.items()} == wanted
    assert rows["professionals"] == [HIDDEN, HIDDEN, "niet te zeggen"]
    assert rows["visits:avedan/groenedael"][1] == "ongeveer 55"
    text = " ".join(answer.text.split())
    assert "publicatie 2024.1 van 1 februari 2025 en publicatie 2023.1 van 1 februari 2025." in text
    assert "tot en met melding" not in text
    assert 'class="hidden" fill="url(#new-participants-hatch)"' in text


def test_without_a_year_beside_it_or_with_one_that_was_not_published(client: Visitor) -> None:
    alone, beside = client.get("/v1/fact-sheets/2024").json(), client.get("/v1/fact-sheets/2024?compareTo=2022").json()
    assert (alone["compareTo"], beside["compareTo"], beside["previousPublication"]) == (None, 2022, None)
    assert alone["lines"] == beside["lines"]
    assert {line["previous"] for line in beside["lines"]} == {None}
    page = client.get("/v1/fact-sheets/2024?compareTo=2022", headers=PAGE).text
    assert "Over 2022 is nog niets gepubliceerd." in page
    assert "niet gepubliceerd" not in client.get("/v1/fact-sheets/2024", headers=PAGE).text


def test_d20_a_year_of_which_nothing_was_published_is_one_and_the_same_404(client: Visitor) -> None:
    answers = [client.get(f"/v1/fact-sheets/{year}", headers=PAGE) for year in (2022, 2025, 2199)]
    answers += [client.get("/v1/fact-sheets/2022?compareTo=2024"), client.get("/v1/fact-sheets/2022?live=false")]
    assert {(one.status_code, one.content, str(one.headers)) for one in answers} == {
        (404, answers[0].content, str(answers[0].headers))
    }
    assert answers[0].json()["code"] == "not-found"


@pytest.mark.parametrize("form", ["application/json", "text/html"])
def test_it_may_be_kept_and_is_304_then_with_the_pages_own_policy(client: Visitor, form: str) -> None:
    get, head = (ask(PATH, headers={"Accept": form}) for ask in (client.get, client.head))
    assert (get.headers["Cache-Control"], head.headers) == ("public, no-cache", get.headers)
    for given in (get.headers["ETag"], f'W/{get.headers["ETag"]}, "other"', "*"):
        again = client.get(PATH, headers={"Accept": form, "If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        same = ("ETag", "Cache-Control", "Vary", "Content-Security-Policy")
        assert [again.headers[name] for name in same] == [get.headers[name] for name in same]
    other = client.get(PATH, headers={"Accept": "text/html" if "json" in form else "application/json"})
    assert other.headers["ETag"] != get.headers["ETag"]
    live = client.get(f"{PATH}&live=true", headers={**bearer(ADMIN), "Accept": form})
    assert ("ETag" in live.headers, live.headers["Cache-Control"]) == (False, "no-store")


def test_corrections_that_are_held_are_said_and_quotations_change_with_their_operator(
    quick: Ledger, story: Story
) -> None:
    story.activity("avedan/bingo", "2023-03-05T14:00:00+01:00")
    story.crowd("avedan/bingo", *people(20))
    quick.hear(story)
    client = Visitor(application(quick.engine))
    publisher(quick.engine).publish(2023)
    story.crowd("avedan/bingo", *people(2, 20))
    quick.take(story.events[-2:])
    before = client.get("/v1/fact-sheets/2023", headers=PAGE)
    publisher(quick.engine).publish(2023)
    after = client.get("/v1/fact-sheets/2023", headers=PAGE)
    note = "Correcties van minder dan 5 zijn niet verwerkt."
    assert [note in page.text for page in (before, after)] == [False, True]
    assert lines(client, "/v1/fact-sheets/2023")["participants"]["value"] == 20

    client.put("/v1/external-figures/matig", json=QUOTED, headers=bearer(ADMIN))
    quoted = client.get("/v1/fact-sheets/2023", headers=PAGE)
    assert "35%" in quoted.text
    assert quoted.headers["ETag"] != after.headers["ETag"]
