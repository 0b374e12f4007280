"""The templates of the pages, and the one way to fill them in."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_FOLDER = Path(__file__).resolve().parent


def environment() -> Environment:
    """A new one. What others wrote is escaped; a word that lacks is an error, not a gap; files are read once."""
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def own_text(name: str) -> str:
    """A style sheet or a script of ours."""
    return (_FOLDER / name).read_text(encoding="utf-8")
