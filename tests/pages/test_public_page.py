"""The public fact sheet in a real browser: on screen and on paper, by keyboard alone, and with nobody else involved."""

from collections.abc import Iterator

import pytest

from tests.pages.axe import DESK, PHONE, Site, look_again
from tests.pages.browser import Browser, press_tab, sheets
from tests.pages.results import shown

PUBLIC = ("results-published", "results-published-alone", "results-empty")
HIDDEN = "niet getoond, om mensen te beschermen"


@pytest.fixture(name="site", scope="module")
def public_pages() -> Iterator[Site]:
    pages = shown()
    with Site({name: pages[name] for name in PUBLIC}) as site:
        yield site


@pytest.fixture(name="media")
def media_that_are_put_back(browser: Browser) -> Iterator[Browser]:
    yield browser
    browser.ask("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_on_screen_or_on_paper(media: Browser, site: Site, medium: str, width: int) -> None:
    for name in site.pages:
        media.ask("Emulation.setEmulatedMedia", media=medium)
        media.show(f"{site.url}/{name}", width)
        assert media.run(f"matchMedia('{medium}').matches")
        found = look_again(media)
        assert (found["faults"], found["tooWide"], found["complaints"]) == ([], 0, []), name


def test_no_request_leaves_the_page_and_nothing_runs(browser: Browser, site: Site) -> None:
    for name in site.pages:
        browser.show(f"{site.url}/{name}", DESK)
        fetched = browser.run("performance.getEntriesByType('resource').map(entry => entry.name)")
        assert fetched == [], name
        assert browser.run("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"


def test_a_reader_with_a_keyboard_is_held_up_by_nothing_and_scrolls_to_the_end(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-published", DESK)
    assert {press_tab(browser) for _ in range(5)} == {"BODY"}, "nothing to stop at, as there is nothing to do"
    for kind in ("rawKeyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="End", code="End", windowsVirtualKeyCode=35)
    script = """new Promise(done => { const look = () => innerHeight + scrollY >= document.body.scrollHeight - 2
        ? done(true) : setTimeout(look, 20); look(); })"""
    assert browser.run(script)


def test_hidden_is_said_in_words_hatched_and_never_drawn_as_nothing(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-published", DESK)
    hatched = browser.run(
        "[...document.querySelectorAll('rect.hidden')].map(bar => [bar.width.baseVal.value, "
        "getComputedStyle(bar).fill.includes('hatch')])"
    )
    assert len(hatched) >= 3
    assert {(width > 200, by_pattern) for width, by_pattern in hatched} == {(True, True)}
    cells = browser.run("[...document.querySelectorAll('td')].map(cell => cell.innerText)")
    assert HIDDEN in cells
    assert {"0", "", "*", "-", "."} & set(cells) == set()


def test_the_page_names_its_publication_the_day_in_amsterdam_and_what_was_held(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-published", PHONE)
    text = browser.run("document.querySelector('main').innerText")
    assert "publicatie 2024.2 van 1 januari 2025 en publicatie 2023.2 van 1 januari 2024." in text
    assert "Correcties van minder dan 5 zijn niet verwerkt." in text
    browser.show(f"{site.url}/results-published-alone", PHONE)
    assert "Over 2023 is nog niets gepubliceerd." in browser.run("document.querySelector('main').innerText")


def test_on_paper_stands_all_that_is_on_the_screen(browser: Browser, site: Site) -> None:
    browser.show(f"{site.url}/results-published", DESK)
    words = set(browser.run("document.querySelector('main').innerText").split())
    assert words - set(" ".join(sheets(browser.printed())).split()) == set()
