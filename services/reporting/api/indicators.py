"""`GET /v1/indicators`: what can be asked, and what it means."""

from services.reporting.schemas.indicators import IndicatorList
from shared.http.routes import Routes


def indicator_routes() -> Routes:
    """Open to everybody."""
    router = Routes(tags=["statistics"])

    @router.get("/v1/indicators", summary="Every indicator with its definition")
    def indicators() -> IndicatorList:
        return IndicatorList.whole()

    return router
