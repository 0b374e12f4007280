"""An HTML page: from a template, with one style sheet inside, and a policy that lets nothing else in."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse


def templates_in(folder: Path) -> Environment:
    """A new one. In HTML, what others wrote is escaped; a word that lacks is an error, not a gap.

    A file that changes under a running process changes nothing: its words belong to the code of its own version.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Pages:
    """Templates that escape what others wrote. Nothing is fetched and no script runs, but the one that is given.

    That script may ask this service, and nobody else.
    """

    def __init__(self, jinja: Environment, sheet: str, script: str = "") -> None:
        self._jinja = jinja
        jinja.globals["style"] = Markup(sheet)  # noqa: S704  -- our own file
        scripted = f"script-src {_digest(script)}; connect-src 'self'; " if script else ""
        self._policy = (
            f"default-src 'none'; style-src {_digest(sheet)}; {scripted}form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )

    def html(self, template: str, **content: Any) -> str:
        """The text of a page."""
        return self._jinja.get_template(template).render(content)

    def answer(self, template: str, **content: Any) -> HTMLResponse:
        """The page as an answer, with the policy that fits it."""
        return HTMLResponse(self.html(template, **content), headers={"Content-Security-Policy": self._policy})


def _digest(text: str) -> str:
    """What a policy calls a text that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
