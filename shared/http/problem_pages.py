"""`/v1/problems/<code>`: the page behind a problem's `type`, for developers and in plain Dutch."""

from html import escape
from typing import Annotated

from fastapi import Path
from starlette.responses import HTMLResponse

from shared.errors import Refusal
from shared.http.problem_codes import PROBLEM_CODES
from shared.http.routes import Routes

_PAGE = """<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{code} - KomErbij</title>
</head>
<body>
<main>
<h1>{first}</h1>
{then}
<h2>Voor wie programmeert</h2>
<dl>
<dt>Code</dt><dd><code>{code}</code></dd>
<dt>HTTP-status</dt><dd>{status}</dd>
<dt>Betekenis</dt><dd lang="en">{title}.</dd>
<dt>Later nog eens proberen?</dt><dd>{again}</dd>
</dl>
</main>
</body>
</html>
"""


def problem_pages() -> Routes:
    """One small page a code, without a key; an unknown code is `not-found`."""
    router = Routes(tags=["problems"])

    @router.get(
        "/v1/problems/{code}",
        response_class=HTMLResponse,
        summary="Uitleg van een foutcode",
        description="De bladzijde achter `type` in een foutmelding, in eenvoudig Nederlands.",
        response_description="De bladzijde.",
        responses={200: {"content": {"text/html": {"example": _page("signup-closed")}}}},
    )
    def page(
        code: Annotated[str, Path(description="De code.", examples=["signup-closed"])],
    ) -> HTMLResponse:
        if code not in PROBLEM_CODES:
            raise Refusal("not-found", "there is no such problem code")
        return HTMLResponse(_page(code))

    return router


def _page(code: str) -> str:
    known = PROBLEM_CODES[code]
    first, _, then = known.nl.partition(". ")
    again = "Ja, hetzelfde verzoek kan later wel lukken." if known.retryable else "Nee, er moet eerst iets anders."
    text = {"code": code, "first": first.rstrip(".") + ".", "title": known.title, "again": again}
    filled = {name: escape(part) for name, part in text.items()}
    advice = f"<p>{escape(then)}</p>" if then else ""
    return _PAGE.format(status=known.status, then=advice, **filled)
