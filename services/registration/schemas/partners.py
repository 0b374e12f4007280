"""Partners of the coalition, as the operator states them."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.registration.schemas.fields import Date, Line, PostedModel, one_of
from shared.events.code_lists import PARTNER_KINDS
from shared.events.model import WireModel


class PartnerBody(PostedModel):
    """`PUT /v1/partners/{partnerId}` (contract section 2)."""

    name: Line
    kind: Annotated[StrictStr, one_of(*PARTNER_KINDS)]
    municipality: Annotated[StrictStr, Field(pattern=r"^GM\d{4}$")]
    joined_on: Date
    left_on: Date | None = None

    @model_validator(mode="after")
    def leaves_after_joining(self) -> Self:
        """Nobody leaves before joining."""
        if self.left_on is not None and self.left_on < self.joined_on:
            raise PydanticCustomError("left_before_joined", "leftOn lies before joinedOn")
        return self


class PartnerAnswer(WireModel):
    """A partner as it stands."""

    partner_id: str
    name: str
    kind: str
    municipality: str
    joined_on: date
    left_on: date | None
    version: int
