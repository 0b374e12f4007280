"""Sign-ups as partners read them back: the partner's own reference, never a name."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from services.registration.schemas.fields import listed
from services.registration.usecases.reading_back import ShownSignup
from shared.events.code_lists import ROLES
from shared.events.model import WireModel

_EXAMPLE: JsonDict = {
    "partnerId": "avedan",
    "signupId": "aanmelding-123",
    "activity": "avedan/bingo-2026-10-24",
    "participantRef": "klant-4711",
    "role": "participant",
    "partySize": 1,
    "status": "confirmed",
    "waitingPosition": None,
    "placedAt": "2026-10-01T08:00:00Z",
}


class SignupAnswer(
    WireModel, json_schema_extra={"description": "Een aanmelding, zonder naam.", "examples": [_EXAMPLE]}
):
    """A sign-up (contract section 9); `waitingPosition` is null unless it waits."""

    partner_id: str = Field(description="De partner die aanmeldde.")
    signup_id: str = Field(description="Id van de aanmelding bij die partner.")
    activity: str = Field(description="De activiteit, als `partnerId/id`.")
    participant_ref: str = Field(description="Het nummer dat die partner voor de persoon gebruikt.")
    role: Annotated[str, listed(*ROLES)] = Field(description="De rol.")
    party_size: int = Field(description="Met hoeveel mensen.")
    status: Annotated[str, listed("confirmed", "waitlisted", "withdrawn")] = Field(
        description="Er is plaats, op de wachtlijst, of afgemeld."
    )
    waiting_position: int | None = Field(description="Plaats op de wachtlijst, vanaf 1. Leeg: niet op de wachtlijst.")
    placed_at: datetime = Field(description="Wanneer de aanmelding is gedaan.")


class SignupPage(
    WireModel,
    json_schema_extra={
        "description": "Een pagina met aanmeldingen, op volgorde van binnenkomst.",
        "examples": [{"items": [_EXAMPLE], "next": None}],
    },
):
    """A page of sign-ups in order of arrival."""

    items: list[SignupAnswer]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


def signup_answer(shown: ShownSignup) -> SignupAnswer:
    """From the use case's value to the contract's shape."""
    one = shown.signup
    members = {name: getattr(one, name) for name in SignupAnswer.model_fields if hasattr(one, name)}
    return SignupAnswer(**members, waiting_position=shown.waiting_position)
