"""The page "Cijfers van nu": asks for a key, fetches the live fact sheet with it, and again when figures move."""

from markupsafe import Markup
from starlette.responses import HTMLResponse

from services.reporting.templates import environment, own_text
from shared.http.pages import Pages

_TEMPLATE = "live.html"


class LivePage:
    """Holds no figure itself: the same bytes for everybody."""

    def __init__(self) -> None:
        script = own_text("live.js")
        self._pages = Pages(environment(), own_text("page.css"), script)
        self._script = Markup(script)  # noqa: S704  -- our own file

    def answer(self) -> HTMLResponse:
        """The page as an answer."""
        return self._pages.answer(_TEMPLATE, script=self._script)

    def html(self) -> str:
        """The page for the documentation."""
        return self._pages.html(_TEMPLATE, script=self._script)
