"""The page "Cijfers van nu" in a real browser: asks for a key, shows figures, moves with them, forgets the key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue

import pytest

from services.reporting.domain.figures import Figure
from services.reporting.pages.fact_sheet import FactSheetPage
from services.reporting.pages.live import LivePage
from tests.http_double import Answer, HttpDouble, Request
from tests.pages.axe import DESK, PHONE, look, look_again
from tests.pages.browser import Browser, press_tab
from tests.pages.results import line, sheet
from tests.servers import eventually

KEY = "a-key-of-the-coalition"
FASTER = "const wait = setTimeout; window.setTimeout = (done, ms) => wait(done, ms === 5000 ? 50 : ms);"
"""Where the stream is there, the page itself asks once a minute: too seldom for what these tests see."""
STREAM = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
EVENT = b'event: figures\ndata: {"sequence":1}\n\n'


@dataclass
class Reporting(HttpDouble):
    """Its paths, with a number of participants that the test moves. `streams`: is there a stream of changes?"""

    participants: int = 530
    status: int = 200
    streams: bool = False
    asked: list[Request] = field(default_factory=list)
    lines: list[Queue[bytes]] = field(default_factory=list)

    def respond(self, request: Request) -> Answer:
        page = LivePage().answer() if request.path == "/v1/live-figures" else None
        if page is not None:
            return Answer(200, bytes(page.body), dict(page.headers))
        self.asked.append(request)
        if self.status != 200 or request.headers["Authorization"] != f"Bearer {KEY}":
            return Answer(self.status if self.status != 200 else 401)
        if request.path.startswith("/v1/statistics?indicator=activities&period=2024"):
            tag = f'"{self.participants}"'
            return Answer(304 if request.headers["If-None-Match"] == tag else 200, headers={"ETag": tag})
        if request.path == "/v1/fact-sheets/2024?live=true&compareTo=2023":
            found = FactSheetPage().answer(sheet((line("participants", Figure(self.participants), Figure(311)),)))
            return Answer(200, bytes(found.body), dict(found.headers))
        if request.path == "/v1/statistics/stream" and self.streams:
            self.lines.append(Queue())
            return Answer(200, b": alive\n\n", STREAM, iter(self.lines[-1].get, b""))
        return Answer(404)

    def move(self, participants: int, *parts: bytes) -> None:
        """Figures move, and the streams that are open bring this."""
        self.participants = participants
        for open_one in self.lines:
            for part in parts:
                open_one.put(part)

    def sheets(self) -> int:
        """How many times the fact sheet was fetched."""
        return sum(request.path.startswith("/v1/fact-sheets") for request in self.asked)


@pytest.fixture(name="reporting")
def reporting_of_a_browser() -> Iterator[Reporting]:
    with Reporting() as reporting:
        yield reporting


def opened(browser: Browser, reporting: Reporting) -> None:
    browser.show(f"{reporting.url}/v1/live-figures", DESK)
    browser.run(FASTER)


def give(browser: Browser, key: str) -> None:
    """By keyboard alone: type, and press Enter."""
    browser.run("document.getElementById('year').value = 2024, document.getElementById('beside').value = 2023")
    browser.run("document.getElementById('key').focus()")
    browser.ask("Input.insertText", text=key)
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)


def reads(browser: Browser, text: str) -> None:
    eventually(lambda: text in browser.run("document.querySelector('main').innerText"), what=text)


def test_with_a_key_the_figures_come_and_move_by_themselves(browser: Browser, reporting: Reporting) -> None:
    opened(browser, reporting)
    give(browser, KEY)
    reads(browser, "van 311 deelnemers in 2023 naar 530 deelnemers in 2024.")
    reporting.participants = 531
    reads(browser, "naar 531 deelnemers in 2024.")
    assert {one for one in browser.complaints if "404" not in one} == set(), "but that there is no stream"
    assert browser.run("document.querySelectorAll('h1').length") == 1


def test_while_nothing_moves_no_figure_is_fetched_again(browser: Browser, reporting: Reporting) -> None:
    opened(browser, reporting)
    give(browser, KEY)
    reads(browser, "530 deelnemers")
    eventually(lambda: len(reporting.asked) > 6, what="it asked again and again")
    assert reporting.sheets() == 1


def test_the_stream_moves_the_figures_and_when_it_is_cut_they_move_all_the_same(
    browser: Browser, reporting: Reporting
) -> None:
    reporting.streams = True
    opened(browser, reporting)
    give(browser, KEY)
    reads(browser, "530 deelnemers")
    eventually(lambda: reporting.lines, what="the page listens")
    reporting.move(531, EVENT[:9])
    eventually(reporting.lines[0].empty, what="half an event was sent")
    asked = len(reporting.asked)
    reporting.move(532, EVENT[9:])
    reads(browser, "naar 532 deelnemers in 2024.")
    assert len(reporting.asked) <= asked + 3, "told, it asks once"
    assert reporting.asked[-1].headers["Authorization"] == f"Bearer {KEY}"
    reporting.streams = False
    reporting.move(533, b"")
    reads(browser, "naar 533 deelnemers in 2024.")
    reporting.move(534)
    reads(browser, "naar 534 deelnemers in 2024.")
    reporting.streams = True
    eventually(lambda: len(reporting.lines) == 2, what="it listens again when it can")


def test_who_forgets_the_key_leaves_the_stream(browser: Browser, reporting: Reporting) -> None:
    reporting.streams = True
    opened(browser, reporting)
    give(browser, KEY)
    eventually(lambda: reporting.lines, what="the page listens")
    browser.run("document.getElementById('forget').click()")
    reads(browser, "De sleutel is weg.")
    asked = len(reporting.asked)
    reporting.move(531, *[EVENT] * 3)
    assert browser.run("new Promise(done => wait(() => done(document.body.innerText.includes('531')), 300))") is False
    assert len(reporting.asked) == asked


def test_the_key_never_stands_in_an_address_and_goes_to_nobody_else(browser: Browser, reporting: Reporting) -> None:
    opened(browser, reporting)
    give(browser, KEY)
    reads(browser, "530 deelnemers")
    assert [request.path for request in reporting.asked if KEY in request.path] == []
    assert KEY not in browser.run("location.href + document.cookie + JSON.stringify(localStorage)")
    assert browser.run("fetch('http://localhost:9/').then(() => 'sent', () => 'refused')") == "refused"
    assert any("Content Security Policy" in complaint for complaint in browser.complaints)


def test_a_key_that_may_not_is_forgotten_with_everything_that_was_shown(browser: Browser, reporting: Reporting) -> None:
    opened(browser, reporting)
    give(browser, KEY)
    reads(browser, "530 deelnemers")
    reporting.status = 403
    reads(browser, "Met deze sleutel kunt u de cijfers niet zien.")
    assert browser.run("[sessionStorage.length, document.getElementById('figures').childNodes.length]") == [0, 0]
    opened(browser, reporting)
    assert browser.run("document.getElementById('key').value + document.getElementById('state').textContent") == ""


def test_after_trouble_it_goes_on_and_after_forget_it_stops(browser: Browser, reporting: Reporting) -> None:
    opened(browser, reporting)
    reporting.status = 503
    give(browser, KEY)
    reads(browser, "Wij proberen het vanzelf weer.")
    reporting.status = 200
    reads(browser, "530 deelnemers")
    browser.run("document.getElementById('forget').click()")
    reads(browser, "De sleutel is weg.")
    assert browser.run("[sessionStorage.length, document.getElementById('figures').childNodes.length]") == [0, 0]


def test_by_tab_alone_everything_is_reached_seen_to_have_the_focus_and_left_again(
    browser: Browser, reporting: Reporting
) -> None:
    opened(browser, reporting)
    fields = ["key", "year", "beside", "BUTTON", "forget"]
    reached = []
    for _ in fields:
        reached.append(press_tab(browser))
        style = (
            "(style => [style.outlineStyle, parseFloat(style.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert browser.run(style) == ["solid", 3]
    assert reached == fields
    assert press_tab(browser) in ("BODY", "key"), "out of the page, or round"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_before_and_after_the_figures_came(
    browser: Browser, reporting: Reporting, width: int
) -> None:
    reporting.streams = True
    before = look(browser, f"{reporting.url}/v1/live-figures", width)
    give(browser, KEY)
    reads(browser, "530 deelnemers")
    after = look_again(browser)
    assert [(found["faults"], found["tooWide"]) for found in (before, after)] == [([], 0), ([], 0)]
    assert before["complaints"] == []
