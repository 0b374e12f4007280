"""`GET /v1/fact-sheets/{year}`: "Resultaten tot nu toe"."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from sqlalchemy import Engine

from services.reporting.schemas.fact_sheets import FactSheetModel, FactSheetQuery, Year
from services.reporting.usecases.fact_sheet import live_fact_sheet, published_fact_sheet
from shared.database import reading
from shared.http.keys import Keyring
from shared.http.routes import Routes

YearInPath = Annotated[Year, Path(description="Het jaar.", examples=[2026])]


def fact_sheet_routes(engine: Engine, keyring: Keyring) -> Routes:
    """Without a key from the latest publication; live with `statistics:read`."""
    router = Routes(tags=["fact sheet"])
    with_key = keyring.require("statistics:read")

    async def reader_if_live(request: Request) -> None:
        """The key comes before every other fault."""
        if request.query_params.get("live", "false") != "false":
            await with_key(request)

    @router.get(
        "/v1/fact-sheets/{year}",
        summary="Het cijferblad van een jaar",
        description='"Resultaten tot nu toe" van een jaar. Zonder sleutel uit de laatste publicatie; met `live=true` '
        "en een sleutel met `statistics:read` de cijfers van nu, precies.",
        response_description="Het cijferblad.",
        dependencies=[Depends(reader_if_live)],
    )
    def fact_sheet(year: YearInPath, query: Annotated[FactSheetQuery, Query()]) -> FactSheetModel:
        if not query.live:
            return FactSheetModel.of(published_fact_sheet())
        with reading(engine) as connection:
            return FactSheetModel.of(live_fact_sheet(connection, year, query.compare_to))

    return router
