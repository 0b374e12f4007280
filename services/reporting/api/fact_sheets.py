"""`GET /v1/fact-sheets/{year}`: "Resultaten tot nu toe", as JSON or as a page."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import Engine

from services.reporting.api.forms import ETAG, IF_NONE_MATCH, REVALIDATE, entity_tag, has_already
from services.reporting.pages.fact_sheet import FactSheetPage
from services.reporting.schemas.fact_sheets import FactSheetModel, FactSheetQuery, Year
from services.reporting.usecases.fact_sheet import FactSheet, live_fact_sheet
from services.reporting.usecases.months import Months, months_of
from services.reporting.usecases.public_fact_sheet import PublishedFactSheet, published_fact_sheet
from shared.database import reading
from shared.http.accept import preferred
from shared.http.keys import Keyring
from shared.http.routes import Routes

YearInPath = Annotated[Year, Path(description="Het jaar.", examples=[2026])]
_PATH = "/v1/fact-sheets/{year}"
_JSON, _HTML = "application/json", "text/html"
_KEPT = ("Content-Security-Policy",)


def fact_sheet_routes(engine: Engine, keyring: Keyring) -> Routes:
    """Without a key from the latest publication; live with `statistics:read`."""
    router, page = Routes(tags=["fact sheet"]), FactSheetPage()
    with_key = keyring.require("statistics:read")

    async def reader_if_live(request: Request) -> None:
        """The key comes before every other fault."""
        if request.query_params.get("live", "false") != "false":
            await with_key(request)

    def fact_sheet(request: Request, year: YearInPath, query: Annotated[FactSheetQuery, Query()]) -> Response:
        wants_page = preferred(request, (_JSON, _HTML)) == _HTML
        with reading(engine) as connection:
            if query.live:
                sheet = live_fact_sheet(connection, year, query.compare_to)
                made = told(sheet, wants_page, months_of(connection, year) if wants_page else None)
            else:
                made = kept(request, told(published_fact_sheet(connection, year, query.compare_to), wants_page))
        made.headers["Vary"] = "Accept"
        return made

    def told(sheet: FactSheet | PublishedFactSheet, wants_page: bool, months: Months | None = None) -> Response:
        if wants_page:
            return page.answer(sheet, months)
        return Response(FactSheetModel.of(sheet).model_dump_json(by_alias=True), media_type=_JSON)

    described: dict[str, Any] = {"response_model": None, "dependencies": [Depends(reader_if_live)]}
    described |= {"responses": _documented(page), "openapi_extra": {"parameters": [IF_NONE_MATCH]}}
    router.get(
        _PATH,
        summary="Het cijferblad van een jaar",
        description='"Resultaten tot nu toe" van een jaar. Zonder sleutel uit de laatste publicaties van de twee '
        "jaren; met `live=true` en een sleutel met `statistics:read` de cijfers van nu, precies. Met "
        "`Accept: text/html` als pagina, met grafieken en tabellen, ook om af te drukken.",
        response_description="Het cijferblad.",
        **described,
    )(fact_sheet)
    router.head(_PATH, include_in_schema=False, **described)(fact_sheet)
    return router


def kept(request: Request, whole: Response) -> Response:
    """What everybody may keep until the next publication: with the tag of its bytes, or 304 without them.

    A browser takes the headers of 304 over into the page that it kept, so the page's own policy stands there too.
    """
    tag = entity_tag(bytes(whole.body))
    made = whole
    if has_already(request, tag, or_any=True):
        made = Response(status_code=304, headers={name: whole.headers[name] for name in _KEPT if name in whole.headers})
    made.headers.update({"ETag": tag, "Cache-Control": REVALIDATE})
    return made


def _documented(page: FactSheetPage) -> dict[int | str, dict[str, Any]]:
    text = {"schema": {"type": "string"}, "example": page.example()}
    vary = {"description": "Waar de vorm van afhangt.", "schema": {"type": "string"}}
    headers = {"Vary": vary, "ETag": ETAG}
    return {
        200: {"model": FactSheetModel, "content": {_HTML: text}, "headers": headers},
        304: {"description": "Niet veranderd sinds de `ETag` die u meestuurde.", "headers": headers},
    }
