"""Pages served to a browser and judged by axe: WCAG 2.2 A and AA, and its best practices."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.http_double import Answer, HttpDouble, Request
from tests.pages.browser import Browser

PHONE, DESK = 320, 1280
"""Widths in CSS pixels; 320 is the one of WCAG 1.4.10."""
Json = dict[str, Any]
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
HELD = {"color-contrast", "document-title", "heading-order", "html-has-lang", "link-name", "region", "target-size"}
"""Rules without which a clean answer would mean little."""
OPTIONS = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
DRAWN = {"exclude": [["svg[role=img] text"]]}
"""To axe the drawing behind a text of its own is an image that it cannot judge; a unit test holds its colours."""
LOOK = f"""axe.run({json.dumps(DRAWN)}, {json.dumps(OPTIONS)}).then(found => ({{
    ran: [...found.passes, ...found.violations].map(rule => rule.id),
    faults: [...found.violations, ...found.incomplete].map(rule => rule.id + " " + rule.nodes[0].target[0]),
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
}}))"""


@dataclass
class Site(HttpDouble):
    """Pages under their names."""

    pages: Mapping[str, Answer] = field(default_factory=dict)

    def respond(self, request: Request) -> Answer:
        return self.pages.get(request.path[1:], Answer(204))


def look(browser: Browser, url: str, width: int = PHONE) -> Json:
    """What axe finds on a page, and what the browser says of it."""
    browser.show(url, width)
    return look_again(browser)


def look_again(browser: Browser) -> Json:
    """The same of the page that stands there."""
    return {**browser.run(LOOK), "complaints": browser.complaints}
