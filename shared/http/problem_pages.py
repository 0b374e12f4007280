"""`/v1/problems/<code>`: the page behind a problem's `type`, for developers and in plain Dutch."""

from html import escape

from starlette.responses import HTMLResponse

from shared.errors import Refusal
from shared.http.problem_codes import PROBLEM_CODES
from shared.http.routes import Routes

_PAGE = """<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{code} - KomErbij</title></head>
<body>
<main>
<h1>{nl}</h1>
<p lang="en"><strong>{code}</strong> (HTTP {status}): {title}.{again}</p>
</main>
</body>
</html>
"""


def problem_pages() -> Routes:
    """One small page a code, without a key; an unknown code is `not-found`."""
    router = Routes(tags=["problems"])

    @router.get("/v1/problems/{code}", response_class=HTMLResponse, summary="What a problem code means")
    def page(code: str) -> HTMLResponse:
        known = PROBLEM_CODES.get(code)
        if known is None:
            raise Refusal("not-found", "there is no such problem code")
        again = " The same request may succeed later." if known.retryable else ""
        text = {"code": escape(code), "nl": escape(known.nl), "title": escape(known.title), "again": again}
        return HTMLResponse(_PAGE.format(status=known.status, **text))

    return router
