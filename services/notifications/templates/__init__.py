"""The templates of mails, letters and pages, and the one way to fill them in."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_FOLDER = Path(__file__).resolve().parent


def environment() -> Environment:
    """A new one. In HTML, what others wrote is escaped; a word that lacks is an error, not a gap.

    A file that changes under a running process changes nothing: its words belong to the code of its own version.
    """
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def style_sheet(name: str) -> str:
    """The text of one of ours."""
    return (_FOLDER / name).read_text(encoding="utf-8")
