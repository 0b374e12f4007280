"""The page "Resultaten tot nu toe" in a real browser: on a phone, on a desk, on paper, without scripts, by itself."""

from collections.abc import Iterator

import pytest

from tests.pages.axe import DESK, PHONE, Json, Site, look
from tests.pages.browser import Browser, sheets
from tests.pages.results import shown


@pytest.fixture(name="site", scope="module")
def fact_sheets_as_pages() -> Iterator[Site]:
    with Site(shown()) as site:
        yield site


@pytest.fixture(name="seen", scope="module")
def every_page_looked_at(browser: Browser, site: Site) -> dict[str, Json]:
    return {
        f"{name} at {width}": look(browser, f"{site.url}/{name}", width)
        for name in site.pages
        for width in (PHONE, DESK)
    }


def test_on_a_phone_and_on_a_desk_axe_finds_nothing_and_nothing_is_too_wide(seen: dict[str, Json]) -> None:
    assert len(seen) == 2 * len(shown())
    found = {name: (one["faults"], one["tooWide"], one["complaints"]) for name, one in seen.items()}
    assert {name: what for name, what in found.items() if what != ([], 0, [])} == {}
    assert {"svg-img-alt", "list", "definition-list"} <= {rule for one in seen.values() for rule in one["ran"]}


def test_no_letter_of_a_word_stands_alone_in_a_table_on_a_phone(browser: Browser, site: Site) -> None:
    """`Totaal` fits on a line of its own, also beside two figures that are hidden in words."""
    browser.show(f"{site.url}/results-published", PHONE)
    script = """[...document.querySelectorAll("tbody th")].filter(cell => cell.textContent.trim() === "Totaal")
        .map(cell => { const range = document.createRange(); range.selectNodeContents(cell);
            return range.getClientRects().length; })"""
    assert set(browser.run(script)) == {1}


def test_a_page_asks_for_nothing_else_and_runs_nothing(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-live", DESK)
    fetched = browser.run("performance.getEntriesByType('resource').map(entry => entry.name)")
    active = browser.run(
        "document.querySelectorAll('script, img, link, iframe, form, object, [style], [onclick]').length"
    )
    assert (fetched, active) == ([], 0)


def test_a_chart_is_named_and_described_for_who_listens(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-published", DESK)
    browser.ask("Accessibility.enable")
    tree = browser.ask("Accessibility.getFullAXTree")["nodes"]
    browser.ask("Accessibility.disable")
    images = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") in ("img", "image")]
    assert "Deelnemers in 2023 en 2024 Totaal: 2023: 311, 2024: ongeveer 520." in images
    [hidden] = [name for name in images if name.startswith("Nieuwe deelnemers")]
    assert hidden.endswith("2024: niet getoond, om mensen te beschermen.")


def test_on_paper_there_is_all_that_is_on_the_screen_and_no_heading_is_left_alone(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-live", DESK)
    words = set(browser.run("document.querySelector('main').innerText").split())
    printed = sheets(browser.printed())
    assert words - set(" ".join(printed).split()) == set()
    titles = set(browser.run("[...document.querySelectorAll('h2, h3')].map(title => title.innerText)"))
    assert len(titles) > 10
    assert [
        sheet.strip().splitlines()[-1] for sheet in printed if sheet.strip().splitlines()[-1].strip() in titles
    ] == []
