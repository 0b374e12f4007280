"""`PUT /v1/external-figures/{id}`: figures of others, quoted."""

from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy import Engine

from services.reporting.schemas.external_figures import ExternalFigureBody, ExternalFigureModel
from services.reporting.usecases.external_figures import quote
from shared.database import transaction
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes

FigureId = Annotated[
    str,
    Path(alias="id", pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Id van het cijfer.", examples=["ggd-2023-matig"]),
]


def external_figure_routes(engine: Engine, keyring: Keyring) -> Routes:
    """For the operator."""
    router = Routes(tags=["fact sheet"])
    admin = Depends(keyring.require("admin"))

    @router.put(
        "/v1/external-figures/{id}",
        summary="Een cijfer van een ander citeren",
        description="Voor de beheerder: een cijfer uit een andere bron, voor op het cijferblad. Wij rekenen het nooit "
        "na. Nog eens sturen mag; het laatste geldt.",
        response_description="Het cijfer zoals het nu vastligt.",
    )
    def put(figure_id: FigureId, body: ExternalFigureBody, _caller: Caller = admin) -> ExternalFigureModel:
        with transaction(engine) as connection:
            return ExternalFigureModel.of(quote(connection, body.figure(figure_id)))

    return router
