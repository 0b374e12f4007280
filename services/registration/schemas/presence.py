"""Who came, as the host reads it back."""

from services.registration.domain.presence import Presence
from shared.events.model import WireModel


class Named(WireModel):
    """Party sizes of who was present, by role."""

    participant: int
    volunteer: int
    professional: int


class Person(WireModel):
    """What is known of one person in one role; `participantRef` is the partner's own reference."""

    participant_ref: str
    role: str
    outcome: str
    party_size: int


class PresenceAnswer(WireModel):
    """Named beside counted (contract section 9); `counted` is null when nobody counted."""

    named: Named
    counted: int | None
    conflicts: list[str]
    people: list[Person]


def presence_answer(found: Presence) -> PresenceAnswer:
    """From the domain's value to the contract's shape."""
    people = [
        Person(participant_ref=one.participant_ref, role=one.role, outcome=one.outcome, party_size=one.party_size)
        for one in found.people
    ]
    named = Named(**found.named)
    return PresenceAnswer(named=named, counted=found.counted, conflicts=list(found.conflicts), people=people)
