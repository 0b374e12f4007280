"""The templates of mails, letters and pages."""

from pathlib import Path

from jinja2 import Environment

from shared.http.pages import templates_in

_FOLDER = Path(__file__).resolve().parent


def environment() -> Environment:
    """A new one over them."""
    return templates_in(_FOLDER)


def style_sheet(name: str) -> str:
    """The text of one of ours."""
    return (_FOLDER / name).read_text(encoding="utf-8")
