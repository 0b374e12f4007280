"""The fact sheet as a page over HTTP: for who asks for HTML, with the numbers of the JSON, and nothing let in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from services.reporting.api.fact_sheets import fact_sheet_routes
from services.reporting.api.live_figures import live_routes
from services.reporting.api.statistics import statistics_routes
from shared.clock import utc_now
from shared.http.application import create_app
from shared.http.keys import Keyring
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story
from tests.integration.reporting.visitor import Visitor

ADMIN = "admin-key-of-thirty-two-characters"
SERVICE = "service-key-of-thirty-two-characters"
KEY = {"Authorization": f"Bearer {ADMIN}"}
LIVE = "/v1/fact-sheets/2024?live=true&compareTo=2023"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@asynccontextmanager
async def nothing_runs(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture(name="client")
def client_of(engine: Engine, story: Story, ledger: Ledger) -> Visitor:
    """Two years, a meeting place with a title that wants to be HTML, and cards."""
    series = {"kind": "meeting-place", "goal": "local-approach", "seriesId": "avedan/prieel"}
    story.partner("avedan")
    story.activity("avedan/bingo-23", "2023-03-01T10:00:00+01:00")
    story.activity("avedan/bingo-24")
    story.crowd("avedan/bingo-23", "anna", "ben")
    story.crowd("avedan/bingo-24", "anna", "cas", "dirk")
    story.activity("avedan/prieel", "2024-10-01T10:00:00+02:00", title="<script>alert(1)</script> & thee", **series)
    story.heads("avedan/prieel", 1530)
    story.outreach("avedan/o1", "cards", quantity=712, precision="over")
    ledger.hear(story)
    keyring = Keyring(engine, ADMIN, SERVICE, utc_now)
    return Visitor(
        create_app(
            title="reporting",
            description="",
            contact=None,
            cors_origins=(),
            routers=(fact_sheet_routes(engine, keyring), statistics_routes(engine, keyring), live_routes()),
            checks={},
            lifespan=nothing_runs,
        )
    )


class Tables(HTMLParser):
    """`data-line` of a row -> the texts of its data cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self._line, self._in_cell = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._line = dict(attrs).get("data-line") or ""
        self._in_cell = tag == "td" and self._line != ""
        if self._in_cell:
            self.rows.setdefault(self._line, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[self._line][-1] += data


def number(cell: str) -> float | None:
    """What a cell says, back as a number."""
    digits = "".join(character for character in cell if character in "0123456789,").replace(",", ".")
    return float(digits) if digits.strip(".") else None


def _size(growth: float | None) -> float | None:
    """The page says `meer`, `minder` or `even veel`, without a sign."""
    return abs(growth) if growth else None


def test_who_asks_for_html_gets_a_page_and_who_does_not_say_gets_json(client: Visitor) -> None:
    for accept, kind in ((BROWSER, "text/html"), ("*/*", "application/json"), (None, "application/json")):
        answer = client.get(LIVE, headers={**KEY, **({"Accept": accept} if accept else {"Accept": ""})})
        assert (answer.status_code, answer.headers["Vary"]) == (200, "Accept")
        assert answer.headers["Content-Type"].startswith(kind)
    refused = client.get(LIVE, headers={**KEY, "Accept": "image/png"})
    assert refused.status_code == 406


def test_every_line_of_the_json_stands_in_a_table_with_the_same_numbers(client: Visitor) -> None:
    lines = client.get(LIVE, headers=KEY).json()["lines"]
    rows = Tables(client.get(LIVE, headers={**KEY, "Accept": BROWSER}).text).rows
    wanted = {line["code"]: [line["previous"], line["value"], _size(line["growthPercent"])] for line in lines}
    assert {code: [number(cell) for cell in cells] for code, cells in rows.items()} == wanted
    assert rows["visits:avedan/prieel"] == ["niet gemeten", "1.530", "niet te zeggen"]
    assert rows["participants"] == ["2", "3", "50,0% meer"]


def test_the_page_says_the_finding_definition_source_and_what_it_does_not_say(client: Visitor) -> None:
    page = client.get(LIVE, headers={**KEY, "Accept": BROWSER}).text
    assert "50,0% meer: van 2 deelnemers in 2023 naar 3 deelnemers in 2024." in page
    assert "In 2024: ruim 700 stuks." in page
    assert page.count("<dt>Dit zegt niet</dt>") == page.count("<dt>Bron</dt>") == page.count("<article") > 8


def test_the_live_page_goes_through_the_year_up_to_the_last_month_with_a_fact(
    client: Visitor, story: Story, ledger: Ledger
) -> None:
    told = len(story.events)
    story.activity("avedan/walk-24", "2024-05-02T10:00:00+02:00")
    story.crowd("avedan/walk-24", "anna")
    ledger.take(story.events[told:])
    page = client.get(LIVE, headers={**KEY, "Accept": BROWSER}).text
    months = page.partition("<caption>Deelnemers in 2024, per maand</caption>")[2].partition("</table>")[0]
    assert re.findall('<th scope="row">(.+?)</th><td>(.+?)</td>', months) == [
        *(("januari", "0"), ("februari", "0"), ("maart", "3"), ("april", "0"), ("mei", "1")),
    ]
    assert "De meeste waren er in maart 2024: 3 deelnemers." in page


def test_what_partners_wrote_stays_text_and_the_policy_lets_nothing_in(client: Visitor) -> None:
    answer = client.get(LIVE, headers={**KEY, "Accept": BROWSER})
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; thee" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_live_page_needs_the_key_as_the_json_does(client: Visitor) -> None:
    assert client.get(LIVE, headers={"Accept": BROWSER}).status_code == 401
    unpublished = client.get("/v1/fact-sheets/2024", headers={"Accept": BROWSER})
    assert (unpublished.status_code, unpublished.headers["Content-Type"]) == (404, "application/problem+json")


def test_what_the_live_page_asks_every_few_seconds_says_whether_figures_moved(
    client: Visitor, story: Story, ledger: Ledger
) -> None:
    """Its first question, as the script writes it; a figure that it does not name moves it too."""
    page = client.get("/v1/live-figures").text
    assert "/v1/statistics?indicator=activities&period=${year}" in page
    question = "/v1/statistics?indicator=activities&period=2024"
    tag = client.head(question, headers=KEY).headers["ETag"]
    assert client.head(question, headers={**KEY, "If-None-Match": tag}).status_code == 304
    told = len(story.events)
    story.outreach("avedan/o2", "cards", quantity=5)
    ledger.take(story.events[told:])
    moved = client.head(question, headers={**KEY, "If-None-Match": tag})
    assert (moved.status_code, moved.headers["ETag"] != tag) == (200, True)


def test_the_live_page_has_one_script_of_ours_and_asks_nobody_else(client: Visitor) -> None:
    answer = client.get("/v1/live-figures")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["connect-src"]) == ("'none'", "'self'")
    assert policy["script-src"].startswith("'sha256-")
    assert answer.text.count("<script>") == 1
    assert " name=" not in answer.text.partition("<form")[2], "a form that is sent without the script sends nothing"
