"""An HTML page: from a template, with one style sheet inside, and a policy that lets nothing else in."""

import base64
import hashlib
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse


class Pages:
    """Templates that escape what others wrote. No script runs, nothing is fetched."""

    def __init__(self, jinja: Environment, sheet: str) -> None:
        self._jinja = jinja
        jinja.globals["style"] = Markup(sheet)  # noqa: S704  -- our own file
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )

    def html(self, template: str, **content: Any) -> str:
        """The text of a page."""
        return self._jinja.get_template(template).render(content)

    def answer(self, template: str, **content: Any) -> HTMLResponse:
        """The page as an answer, with the policy that fits it."""
        return HTMLResponse(self.html(template, **content), headers={"Content-Security-Policy": self._policy})
