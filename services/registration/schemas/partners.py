"""Partners of the coalition, as the operator states them."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.registration.schemas.fields import Date, Line, PostedModel, listed, one_of
from shared.events.code_lists import PARTNER_KINDS
from shared.events.model import WireModel

_NAME = "Naam van de organisatie."
_KIND = "Partner of ketenpartner."
_MUNICIPALITY = "Gemeente, als CBS-code."
_JOINED = "De eerste dag in de coalitie."
_LEFT = "De laatste dag in de coalitie. Leeg: doet nog mee."
_EXAMPLE = {
    "name": "Avedan",
    "kind": "partner",
    "municipality": "GM0141",
    "joinedOn": "2019-05-01",
    "leftOn": None,
}


class PartnerBody(
    PostedModel, json_schema_extra={"description": "Een organisatie van de coalitie.", "examples": [_EXAMPLE]}
):
    """`PUT /v1/partners/{partnerId}` (contract section 2)."""

    name: Line = Field(description=_NAME)
    kind: Annotated[StrictStr, one_of(*PARTNER_KINDS)] = Field(description=_KIND)
    municipality: Annotated[StrictStr, Field(pattern=r"^GM[0-9]{4}$")] = Field(description=_MUNICIPALITY)
    joined_on: Date = Field(description=_JOINED)
    left_on: Date | None = Field(None, description=f"{_LEFT} Niet voor `joinedOn`.")

    @model_validator(mode="after")
    def leaves_after_joining(self) -> Self:
        """Nobody leaves before joining."""
        if self.left_on is not None and self.left_on < self.joined_on:
            raise PydanticCustomError("left_before_joined", "leftOn lies before joinedOn")
        return self


class PartnerAnswer(
    WireModel,
    json_schema_extra={
        "description": "De organisatie zoals die nu vastligt.",
        "examples": [{"partnerId": "avedan", **_EXAMPLE, "version": 1}],
    },
):
    """A partner as it stands."""

    partner_id: str = Field(description="Id van de organisatie.")
    name: str = Field(description=_NAME)
    kind: Annotated[str, listed(*PARTNER_KINDS)] = Field(description=_KIND)
    municipality: str = Field(description=_MUNICIPALITY)
    joined_on: date = Field(description=_JOINED)
    left_on: date | None = Field(description=_LEFT)
    version: int = Field(description="Hoe vaak dit is gewijzigd; begint bij 1.")
