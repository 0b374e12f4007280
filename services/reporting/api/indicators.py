"""`GET /v1/indicators`: what can be asked, and what it means."""

from fastapi import APIRouter

from services.reporting.schemas.indicators import IndicatorList


def indicator_routes() -> APIRouter:
    """Open to everybody."""
    router = APIRouter(tags=["statistics"])

    @router.get("/v1/indicators", summary="Every indicator with its definition")
    def indicators() -> IndicatorList:
        return IndicatorList.whole()

    return router
