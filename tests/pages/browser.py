"""A headless Chromium with one tab, spoken to over its debugging protocol; and the text of what it prints."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.servers import eventually

_WITHIN = 60.0
"""Seconds that an answer may take, on a machine that is busy."""
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-proxy-server", "--remote-debugging-port=0"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
Json = dict[str, Any]


def chromium() -> str | None:
    """The program, under one of its names."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def required() -> None:
    """Skip where there is no browser, or nothing to read what it prints; on CI (CI=true) that is a failure."""
    programs = {"chromium": chromium(), "pdftotext (poppler-utils)": shutil.which("pdftotext")}
    lacking = [name for name, found in programs.items() if found is None]
    if lacking:
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"not installed: {', '.join(lacking)}")


@dataclass
class Browser:
    """`complaints`: what the browser wrote into its log since it was asked last, such as a refused style."""

    line: ClientConnection
    complaints: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _loaded: bool = False

    def show(self, url: str, width: int) -> None:
        """Go there, in a window of so many CSS pixels."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.complaints, self._loaded = [], False
        failed = self.ask("Page.navigate", url=url).get("errorText")
        assert failed is None, failed
        while not self._loaded:
            self._hear()

    def always_load(self, script: str) -> None:
        """Run a script in every page from now on, before its own content."""
        self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def run(self, script: str) -> Any:
        """What a script says about the page; a promise is waited for."""
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self) -> bytes:
        """The whole page, as PNG."""
        made = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(made["data"])

    def printed(self) -> bytes:
        """As it comes out of a printer, as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def ask(self, method: str, **parameters: Any) -> Json:
        """One command and its answer."""
        number = next(self._numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            heard = self._hear()
            if heard.get("id") == number:
                assert "error" not in heard, (method, heard["error"])
                result: Json = heard["result"]
                return result

    def _hear(self) -> Json:
        heard: Json = json.loads(self.line.recv(timeout=_WITHIN))
        if heard.get("method") == "Page.loadEventFired":
            self._loaded = True
        elif heard.get("method") == "Log.entryAdded":
            self.complaints.append(heard["params"]["entry"]["text"])
        return heard


def press_tab(browser: Browser) -> str:
    """The Tab key, as a keyboard sends it; says where the focus is now: an id, else a tag."""
    for kind in ("rawKeyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    return str(browser.run("document.activeElement.id || document.activeElement.tagName"))


def sheets(pdf: bytes) -> list[str]:
    """The text of each sheet of paper."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode().removesuffix("\f").split("\f")


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser for the length of a block, with a profile of its own that goes with it."""
    with tempfile.TemporaryDirectory(prefix="komerbij-pages-", ignore_cleanup_errors=True) as folder:
        argv = [str(chromium()), *_OPTIONS, f"--user-data-dir={folder}", "about:blank"]
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log, env={**os.environ, "HOME": folder})
        try:
            with connect(_tab(Path(folder)), max_size=None, compression=None, ping_interval=None) as line:
                browser = Browser(line)
                for area in ("Page", "Log", "Runtime"):
                    browser.ask(f"{area}.enable")
                yield browser
        finally:
            process.terminate()
            process.wait(20)


def _tab(folder: Path) -> str:
    """The address of the only tab's debugging line; the browser writes its port into its profile."""
    written = folder / "DevToolsActivePort"
    eventually(lambda: written.exists() and "\n" in written.read_text(), _WITHIN, "the browser has started")
    port = written.read_text().splitlines()[0]
    tabs = httpx.get(f"http://127.0.0.1:{port}/json/list", timeout=_WITHIN, trust_env=False).json()
    [url] = [str(tab["webSocketDebuggerUrl"]) for tab in tabs if tab["type"] == "page"]
    return url
