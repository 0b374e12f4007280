"""Mails and pages in a real browser: readable for everybody, on a phone and on paper (axe: WCAG 2.2 A and AA)."""

import re
from collections.abc import Iterator

import pytest

from tests.http_double import Answer
from tests.pages.axe import DESK, HELD, Json, Site, look
from tests.pages.browser import Browser, required, sheets
from tests.pages.showcase import shown


@pytest.fixture(name="site", scope="module")
def all_pages() -> Iterator[Site]:
    with Site(shown()) as site:
        yield site


@pytest.fixture(name="seen", scope="module")
def every_page_looked_at(browser: Browser, site: Site) -> dict[str, Json]:
    return {name: look(browser, f"{site.url}/{name}") for name in site.pages}


def test_no_page_and_no_mail_has_a_fault_that_axe_knows(seen: dict[str, Json]) -> None:
    assert {name: found["faults"] for name, found in seen.items() if found["faults"]} == {}
    assert HELD - {rule for found in seen.values() for rule in found["ran"]} == set()


def test_nothing_has_to_be_scrolled_sideways_on_a_phone(seen: dict[str, Json]) -> None:
    assert {name: found["tooWide"] for name, found in seen.items() if found["tooWide"]} == {}


def test_every_style_is_let_in_by_the_pages_own_policy(seen: dict[str, Json]) -> None:
    assert {name: found["complaints"] for name, found in seen.items() if found["complaints"]} == {}


BROKEN = b"""<!doctype html><html><head><meta charset="utf-8"></head><body>
<p style="color: #aaa">Te licht</p><img src="/x"><h3>Kop</h3><div style="width: 900px">Breed</div>
<a href="/a" style="display: block; width: 9px; height: 9px; overflow: hidden">a</a>
<a href="/b" style="display: block; width: 9px; height: 9px; overflow: hidden">b</a></body></html>"""


def test_what_is_wrong_is_noticed(browser: Browser) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    refusing = {**headers, "Content-Security-Policy": "style-src 'sha256-x'"}
    with Site({"plain": Answer(200, BROKEN, headers), "refused": Answer(200, BROKEN, refusing)}) as site:
        found, refused = look(browser, f"{site.url}/plain"), look(browser, f"{site.url}/refused")
    rules = {fault.partition(" ")[0] for fault in found["faults"]}
    assert rules >= {"color-contrast", "document-title", "html-has-lang", "image-alt", "region", "target-size"}
    assert found["tooWide"] > 0
    assert any("Content Security Policy" in complaint for complaint in refused["complaints"])


def test_of_letters_each_begins_on_a_sheet_of_its_own_after_the_cover(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/letters-many", DESK)
    cover, *letters = sheets(browser.printed())
    assert "Er zijn 8 brieven." in cover
    assert [len(re.findall(r"^ *(?:Beste|Goedendag)\b", sheet, re.MULTILINE)) for sheet in letters] == [1] * 8
    assert ["Met vriendelijke groet" in sheet for sheet in letters] == [True] * 8


def test_the_postal_code_is_on_a_letter_however_long_the_name_before_it(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/letters-longest", DESK)
    assert sum("7607 AA" in sheet for sheet in sheets(browser.printed())) == 2


def test_a_person_on_the_call_list_is_never_cut_by_the_end_of_a_sheet(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/call-list-many", DESK)
    printed = sheets(browser.printed())
    assert len(printed) == 5, "three people a sheet"
    for sheet in printed:
        parts = re.findall(r"Wat u zegt:|Waarom bellen|Komt niet", sheet)
        assert parts == ["Wat u zegt:", "Waarom bellen", "Komt niet"] * 3


@pytest.mark.parametrize(("ci", "end"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_the_tests_skip_but_not_on_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, end: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(end, match="not installed: chromium, pdftotext"):
        required()
