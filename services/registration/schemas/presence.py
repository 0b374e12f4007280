"""Who came, as the host reads it back."""

from typing import Annotated

from pydantic import Field

from services.registration.domain.presence import Presence
from services.registration.schemas.fields import listed
from shared.events.code_lists import OUTCOMES, ROLES
from shared.events.model import WireModel


class Named(WireModel, json_schema_extra={"description": "Hoeveel mensen met naam aanwezig zijn gemeld, per rol."}):
    """Party sizes of who was present, by role."""

    participant: int = Field(description="Deelnemers.")
    volunteer: int = Field(description="Vrijwilligers.")
    professional: int = Field(description="Professionals.")


class Person(WireModel, json_schema_extra={"description": "Wat er van een persoon in een rol is gemeld."}):
    """What is known of one person in one role; `participantRef` is the partner's own reference."""

    participant_ref: str = Field(description="Het nummer dat de partner voor de persoon gebruikt.")
    role: Annotated[str, listed(*ROLES)] = Field(description="De rol.")
    outcome: Annotated[str, listed(*OUTCOMES)] = Field(description="Aanwezig, afwezig of afgemeld.")
    party_size: int = Field(description="Met hoeveel mensen.")


class PresenceAnswer(
    WireModel,
    json_schema_extra={
        "description": "Met naam gemeld naast geteld, en wat daarin niet past.",
        "examples": [
            {
                "named": {"participant": 1, "volunteer": 0, "professional": 0},
                "counted": 32,
                "conflicts": [],
                "people": [
                    {"participantRef": "klant-4711", "role": "participant", "outcome": "present", "partySize": 1}
                ],
            }
        ],
    },
):
    """Named beside counted (contract section 9); `counted` is null when nobody counted."""

    named: Named
    counted: int | None = Field(description="Hoeveel mensen er zijn geteld. Leeg: niemand heeft geteld.")
    conflicts: list[str] = Field(description="Wat niet bij elkaar past; wij veranderen er niets aan.")
    people: list[Person] = Field(description="Wie er met naam is gemeld.")


def presence_answer(found: Presence) -> PresenceAnswer:
    """From the domain's value to the contract's shape."""
    people = [
        Person(participant_ref=one.participant_ref, role=one.role, outcome=one.outcome, party_size=one.party_size)
        for one in found.people
    ]
    named = Named(**found.named)
    return PresenceAnswer(named=named, counted=found.counted, conflicts=list(found.conflicts), people=people)
