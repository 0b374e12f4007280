"""Our templates as pages, each with one of our style sheets."""

from services.notifications.templates import environment, style_sheet
from shared.http.pages import Pages


def pages(style: str = "page.css") -> Pages:
    """Templates that extend `page.html`."""
    return Pages(environment(), style_sheet(style))
