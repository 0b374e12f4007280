"""`GET /v1/fact-sheets/{year}`: "Resultaten tot nu toe", as JSON or as a page."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy import Engine

from services.reporting.pages.fact_sheet import FactSheetPage
from services.reporting.schemas.fact_sheets import FactSheetModel, FactSheetQuery, Year
from services.reporting.usecases.fact_sheet import FactSheet, live_fact_sheet
from services.reporting.usecases.months import Months, months_of
from services.reporting.usecases.public_fact_sheet import published_fact_sheet
from shared.database import reading
from shared.http.accept import preferred
from shared.http.keys import Keyring
from shared.http.routes import Routes

YearInPath = Annotated[Year, Path(description="Het jaar.", examples=[2026])]
_JSON, _HTML = "application/json", "text/html"
_VARY = {"Vary": "Accept"}


def fact_sheet_routes(engine: Engine, keyring: Keyring) -> Routes:
    """Without a key from the latest publication; live with `statistics:read`."""
    router, page = Routes(tags=["fact sheet"]), FactSheetPage()
    with_key = keyring.require("statistics:read")

    async def reader_if_live(request: Request) -> None:
        """The key comes before every other fault."""
        if request.query_params.get("live", "false") != "false":
            await with_key(request)

    @router.get(
        "/v1/fact-sheets/{year}",
        response_model=None,
        summary="Het cijferblad van een jaar",
        description='"Resultaten tot nu toe" van een jaar. Zonder sleutel uit de laatste publicatie; met `live=true` '
        "en een sleutel met `statistics:read` de cijfers van nu, precies. Met `Accept: text/html` als pagina, met "
        "grafieken en tabellen, ook om af te drukken.",
        response_description="Het cijferblad.",
        dependencies=[Depends(reader_if_live)],
        responses=_documented(page),
    )
    def fact_sheet(request: Request, year: YearInPath, query: Annotated[FactSheetQuery, Query()]) -> Response:
        wants_page = preferred(request, (_JSON, _HTML)) == _HTML
        answer = live(year, query, wants_page) if query.live else told(published_fact_sheet(), wants_page)
        answer.headers.update(_VARY)
        return answer

    def live(year: int, query: FactSheetQuery, wants_page: bool) -> Response:
        with reading(engine) as connection:
            sheet = live_fact_sheet(connection, year, query.compare_to)
            return told(sheet, wants_page, months_of(connection, year) if wants_page else None)

    def told(sheet: FactSheet, wants_page: bool, months: Months | None = None) -> Response:
        if wants_page:
            return page.answer(sheet, months)
        return Response(FactSheetModel.of(sheet).model_dump_json(by_alias=True), media_type=_JSON)

    return router


def _documented(page: FactSheetPage) -> dict[int | str, dict[str, Any]]:
    text = {"schema": {"type": "string"}, "example": page.example()}
    vary = {"description": "Waar de vorm van afhangt.", "schema": {"type": "string"}}
    return {200: {"model": FactSheetModel, "content": {_HTML: text}, "headers": {"Vary": vary}}}
