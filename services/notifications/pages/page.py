"""An HTML page: from a template, with one style sheet inside, and a policy that lets nothing else in."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class Pages:
    """Templates that extend `page.html`; what others wrote is escaped. No script runs, nothing is fetched."""

    def __init__(self, style: str = "page.css") -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        sheet = (_TEMPLATES / style).read_text(encoding="utf-8")
        self._jinja.globals["style"] = Markup(sheet)  # noqa: S704  -- our own file
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
