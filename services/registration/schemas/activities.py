"""Activities as the public sees them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.registration.schemas.fields import listed
from services.registration.usecases.queries import ShownActivity
from shared.clock import rfc3339
from shared.events.code_lists import ACTIVITY_KINDS, GOALS, PARTICIPATION
from shared.events.model import WireModel

_EXAMPLE = {
    "partnerId": "avedan",
    "activityId": "bingo-2026-10-24",
    "title": "Bingo",
    "kind": "bingo",
    "goal": "initiative",
    "startsAt": "2026-10-24T12:00:00Z",
    "endsAt": "2026-10-24T14:00:00Z",
    "location": {"name": "Het Trefpunt", "address": "Voorbeeldplein 2", "neighbourhood": "Centrum"},
    "capacity": 40,
    "volunteerCapacity": None,
    "waitingList": True,
    "participation": "both",
    "seriesId": "avedan/bingo",
    "description": None,
    "contactPhone": None,
    "signupClosesAt": None,
    "status": "scheduled",
    "placesLeft": 38,
    "volunteerPlacesLeft": None,
    "waiting": 0,
    "version": 1,
}


class LocationAnswer(WireModel, json_schema_extra={"description": "Waar het is."}):
    """Where an activity is held."""

    name: str = Field(description="Naam van de plek.")
    address: str | None = Field(None, description="Straat en huisnummer.")
    neighbourhood: str | None = Field(None, description="Wijk of buurt.")


class ActivityAnswer(
    WireModel,
    json_schema_extra={"description": "Een activiteit, met de plaatsen die vrij zijn.", "examples": [_EXAMPLE]},
):
    """An activity with what is still free (contract section 9); null places: no limit."""

    partner_id: str = Field(description="De organisatie die de activiteit houdt.")
    activity_id: str = Field(description="Id van de activiteit bij die organisatie.")
    title: str = Field(description="Titel.")
    kind: Annotated[str, listed(*ACTIVITY_KINDS)] = Field(description="Soort activiteit.")
    goal: Annotated[str, listed(*GOALS)] = Field(description="Doel waar de activiteit aan bijdraagt.")
    starts_at: datetime = Field(description="Begin.")
    ends_at: datetime = Field(description="Einde.")
    location: LocationAnswer
    capacity: int | None = Field(description="Aantal plaatsen voor deelnemers. Leeg: onbeperkt.")
    volunteer_capacity: int | None = Field(description="Aantal plaatsen voor vrijwilligers. Leeg: onbeperkt.")
    waiting_list: bool = Field(description="Of er een wachtlijst is.")
    participation: Annotated[str, listed(*PARTICIPATION)] = Field(description="Aanmelden, binnenlopen, of allebei.")
    series_id: str | None = Field(description="De reeks, als `partnerId/id`.")
    description: str | None = Field(description="Uitleg.")
    contact_phone: str | None = Field(description="Telefoonnummer voor vragen.")
    signup_closes_at: datetime | None = Field(description="Tot wanneer aanmelden kan. Leeg: tot het begin.")
    status: Annotated[str, listed("scheduled", "cancelled")] = Field(description="Gepland of afgelast.")
    places_left: int | None = Field(description="Vrije plaatsen voor deelnemers. Leeg: onbeperkt.")
    volunteer_places_left: int | None = Field(description="Vrije plaatsen voor vrijwilligers. Leeg: onbeperkt.")
    waiting: int = Field(description="Aantal mensen op de wachtlijst.")
    version: int = Field(description="Hoe vaak dit is gewijzigd; begint bij 1.")


class ActivityPage(
    WireModel,
    json_schema_extra={
        "description": "Een pagina met activiteiten, op volgorde van begin.",
        "examples": [{"items": [_EXAMPLE], "next": None}],
    },
):
    """A page of activities by start."""

    items: list[ActivityAnswer]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


def answer(shown: ShownActivity) -> ActivityAnswer:
    """From the use case's value to the contract's shape."""
    a = shown.activity
    location = LocationAnswer(name=a.location_name, address=a.location_address, neighbourhood=a.location_neighbourhood)
    plan = {name: getattr(a, name) for name in ActivityAnswer.model_fields if hasattr(a, name)}
    return ActivityAnswer(
        **plan,
        location=location,
        series_id=a.series,
        places_left=shown.places_left,
        volunteer_places_left=shown.volunteer_places_left,
        waiting=shown.waiting,
    )


def cursor_values(shown: ShownActivity) -> list[str]:
    """Where the next page begins."""
    return [rfc3339(shown.activity.starts_at), shown.activity.ref]
