"""`GET /v1/indicators`: what can be asked, and what it means."""

from services.reporting.schemas.indicators import IndicatorList
from shared.http.routes import Routes


def indicator_routes() -> Routes:
    """Open to everybody."""
    router = Routes(tags=["statistics"])

    @router.get(
        "/v1/indicators",
        summary="Alle cijfers die er zijn",
        description="Elk cijfer met zijn eenheid en betekenis, en waarop u kunt groeperen. Zonder sleutel.",
        response_description="De cijfers.",
    )
    def indicators() -> IndicatorList:
        return IndicatorList.whole()

    return router
