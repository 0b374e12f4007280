"""`GET /v1/live-figures`: the page on which the coalition sees the figures move."""

from starlette.responses import HTMLResponse

from services.reporting.pages.live import LivePage
from shared.http.routes import Routes


def live_routes() -> Routes:
    """Without a key, as there is no figure in it: the page asks for one, and a key never stands in an address."""
    router, page = Routes(tags=["fact sheet"]), LivePage()

    @router.get(
        "/v1/live-figures",
        response_class=HTMLResponse,
        summary="Pagina met de cijfers van nu",
        description="Een pagina die om een sleutel met `statistics:read` vraagt, daarmee de cijfers ophaalt, en "
        "zichzelf bijwerkt als er iets verandert. In de pagina zelf staat geen cijfer.",
        response_description="De pagina.",
        responses={200: {"content": {"text/html": {"example": page.html()}}}},
    )
    def live_figures() -> HTMLResponse:
        return page.answer()

    return router
