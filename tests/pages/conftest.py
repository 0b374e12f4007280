"""The browser that looks at all pages, with axe in it."""

import importlib.metadata
from collections.abc import Iterator

import pytest

from tests.pages.browser import Browser, opened, required


@pytest.fixture(name="browser", scope="session")
def browser_with_axe() -> Iterator[Browser]:
    required()
    [script] = [path for path in importlib.metadata.files("axe-playwright-python") or () if path.name == "axe.min.js"]
    with opened() as browser:
        browser.always_load(script.read_text())
        yield browser
