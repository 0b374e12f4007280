"""Activities, sign-ups, attendance, head counts and outreach as partners post them (contract section 3)."""

from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.registration.domain import commands as c
from services.registration.schemas.fields import (
    Date,
    Flag,
    Id,
    Instant,
    Line,
    PartySize,
    PostedModel,
    Text,
    ThingRef,
    Whole,
    full,
    one_of,
)
from services.registration.schemas.participant import PostedParticipant
from services.registration.schemas.posting import Goal, Posted, Precision, Role
from shared.events import code_lists as lists

_ACTIVITY = "De activiteit: uw eigen id, of `partnerId/id` voor die van een andere partner."
_SIGNUP = "De aanmelding: uw eigen id, of `partnerId/id`."
_SERIES = "De reeks waar dit bij hoort, bijvoorbeeld een wekelijkse ontmoetingsplek."


class PostedLocation(PostedModel, json_schema_extra={"description": "Waar het is."}):
    """Where it is."""

    name: Line = Field(description="Naam van de plek.", examples=["Het Trefpunt"])
    address: Line | None = Field(None, description="Straat en huisnummer.", examples=["Voorbeeldplein 2"])
    neighbourhood: Line | None = Field(None, description="Wijk of buurt.", examples=["Centrum"])


class ActivityScheduled(
    Posted, json_schema_extra={"description": "Een activiteit is gepland of gewijzigd. Stuur altijd alle gegevens mee."}
):
    """`activity-scheduled`."""

    activity_id: ThingRef = Field(description=_ACTIVITY, examples=["bingo-2026-10-24"])
    title: Line = Field(description="Titel, zoals bewoners die lezen.", examples=["Bingo"])
    kind: Annotated[StrictStr, one_of(*lists.ACTIVITY_KINDS)] = Field(description="Soort activiteit.")
    goal: Goal = Field(description="Doel waar de activiteit aan bijdraagt.")
    starts_at: Instant = Field(description="Begin.", examples=["2026-10-24T14:00:00+02:00"])
    ends_at: Instant = Field(description="Einde; niet voor het begin.", examples=["2026-10-24T16:00:00+02:00"])
    location: PostedLocation
    capacity: Whole | None = Field(None, description="Aantal plaatsen voor deelnemers. Leeg: onbeperkt.", examples=[40])
    volunteer_capacity: Whole | None = Field(None, description="Aantal plaatsen voor vrijwilligers. Leeg: onbeperkt.")
    waiting_list: Flag = Field(True, description="Of er een wachtlijst is als de activiteit vol is.")
    participation: Annotated[StrictStr, one_of(*lists.PARTICIPATION)] = Field(
        "both", description="Of mensen zich moeten aanmelden, kunnen binnenlopen, of allebei."
    )
    series_id: ThingRef | None = Field(None, description=_SERIES, examples=["bingo"])
    description: Text | None = Field(None, description="Uitleg voor bewoners.")
    contact_phone: Line | None = Field(None, description="Telefoonnummer voor vragen van bewoners.")
    signup_closes_at: Instant | None = Field(None, description="Tot wanneer aanmelden kan. Leeg: tot het begin.")

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An activity does not end before it starts."""
        if self.ends_at < self.starts_at:
            raise PydanticCustomError("ends_before_start", "endsAt lies before startsAt")
        return self

    def command(self, partner_id: str) -> c.ScheduleActivity:
        """Schedule or change."""
        plan = c.Plan(
            title=self.title,
            kind=self.kind,
            goal=self.goal,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            location_name=self.location.name,
            location_address=self.location.address,
            location_neighbourhood=self.location.neighbourhood,
            capacity=self.capacity,
            volunteer_capacity=self.volunteer_capacity,
            waiting_list=self.waiting_list,
            participation=self.participation,
            series=full(self.series_id, partner_id) if self.series_id else None,
            description=self.description,
            contact_phone=self.contact_phone,
            signup_closes_at=self.signup_closes_at,
        )
        return c.ScheduleActivity(full(self.activity_id, partner_id), plan)


class ActivityCancelled(Posted, json_schema_extra={"description": "Een activiteit gaat niet door."}):
    """`activity-cancelled`."""

    activity_id: ThingRef = Field(description=_ACTIVITY, examples=["bingo-2026-10-24"])
    reason: Text | None = Field(None, description="Waarom, in uw eigen woorden.", examples=["De zaal is dicht."])

    def command(self, partner_id: str) -> c.CancelActivity:
        """Cancel."""
        return c.CancelActivity(full(self.activity_id, partner_id), self.reason)


class SignupPlaced(
    Posted, json_schema_extra={"description": "Iemand wil komen. Het antwoord zegt of er plaats is of een wachtlijst."}
):
    """`signup-placed`."""

    signup_id: ThingRef = Field(description=_SIGNUP, examples=["aanmelding-123"])
    activity_id: ThingRef = Field(description=_ACTIVITY, examples=["bingo-2026-10-24"])
    participant: PostedParticipant
    role: Role = Field("participant", description="In welke rol iemand komt.")
    party_size: PartySize = Field(1, description="Met hoeveel mensen, de persoon zelf meegeteld.")
    reminders: Flag = Field(True, description="Of de persoon herinneringen wil.")

    def command(self, partner_id: str) -> c.PlaceSignup:
        """Ask for a place."""
        return c.PlaceSignup(
            signup=full(self.signup_id, partner_id),
            activity=full(self.activity_id, partner_id),
            participant=self.participant.person(),
            role=self.role,
            party_size=self.party_size,
            reminders=self.reminders,
        )


class SignupWithdrawn(
    Posted, json_schema_extra={"description": "Iemand komt toch niet. De plaats komt vrij en de wachtlijst schuift op."}
):
    """`signup-withdrawn`; the reason is read and let go."""

    signup_id: ThingRef = Field(description=_SIGNUP, examples=["aanmelding-123"])
    reason: Text | None = Field(None, description="Waarom. Wij bewaren dit niet.")

    def command(self, partner_id: str) -> c.WithdrawSignup:
        """Give the place back."""
        return c.WithdrawSignup(full(self.signup_id, partner_id))


class AttendanceRecorded(
    Posted,
    json_schema_extra={"description": "Wie er was en wie niet. Geef `signupId` of `participant`, een van de twee."},
):
    """`attendance-recorded`: of a sign-up or of a participant, one of the two."""

    activity_id: ThingRef = Field(description=_ACTIVITY, examples=["bingo-2026-10-24"])
    signup_id: ThingRef | None = Field(None, description=_SIGNUP)
    participant: PostedParticipant | None = None
    outcome: Annotated[StrictStr, one_of(*lists.OUTCOMES)] = Field(
        description="Wat er was. `void` neemt het terug.", examples=["present"]
    )
    role: Role | None = Field(None, description="In welke rol. Leeg: die van de aanmelding, anders deelnemer.")
    party_size: PartySize | None = Field(None, description="Met hoeveel mensen. Leeg: die van de aanmelding, anders 1.")

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        """Somebody must be meant, and one only."""
        if (self.signup_id is None) == (self.participant is None):
            raise PydanticCustomError("signup_or_participant", "give signupId or participant, one of the two")
        return self

    def command(self, partner_id: str) -> c.RecordAttendance:
        """Record who came."""
        return c.RecordAttendance(
            activity=full(self.activity_id, partner_id),
            signup=full(self.signup_id, partner_id) if self.signup_id else None,
            participant=self.participant.person() if self.participant else None,
            outcome=self.outcome,
            role=self.role,
            party_size=self.party_size,
        )


class VisitorsCounted(
    Posted,
    json_schema_extra={"description": "Hoeveel mensen er waren, zonder namen. Een nieuw aantal vervangt het oude."},
):
    """`visitors-counted`; `value` must be there, null takes the count back."""

    activity_id: ThingRef = Field(description=_ACTIVITY, examples=["bingo-2026-10-24"])
    count_key: Id = Field(description="Welke telling: een vaste naam per plek of deur.", examples=["totaal"])
    value: Whole | None = Field(
        description="Het aantal. 0 is ook een aantal; null neemt de telling terug.", examples=[32]
    )
    method: Annotated[StrictStr, one_of(*lists.COUNT_METHODS)] | None = Field(None, description="Geteld of geschat.")

    def command(self, partner_id: str) -> c.CountVisitors:
        """Count heads."""
        return c.CountVisitors(full(self.activity_id, partner_id), self.count_key, self.value, self.method)


class OutreachRecorded(
    Posted, json_schema_extra={"description": "Kaarten, bloemen, een stand of een campagne: wat er is gedaan."}
):
    """`outreach-recorded`."""

    outreach_id: ThingRef = Field(description="De actie: uw eigen id.", examples=["kaarten-2026"])
    kind: Annotated[StrictStr, one_of(*lists.OUTREACH_KINDS)] = Field(description="Soort actie.")
    label: Line = Field(description="Korte naam van de actie.", examples=["Kaartenactie"])
    date: Date = Field(description="De dag van de actie.", examples=["2026-02-14"])
    goal: Goal = Field(description="Doel waar de actie aan bijdraagt.")
    series_id: ThingRef | None = Field(None, description=_SERIES)
    quantity: Whole | None = Field(None, description="Hoeveel stuks. Leeg: niet geteld.", examples=[1200])
    personalised: Whole | None = Field(None, description="Hoeveel daarvan met een persoonlijk bericht.")
    precision: Precision = Field("exact", description="Hoe precies `quantity` is.")
    personalised_precision: Precision = Field("exact", description="Hoe precies `personalised` is.")
    void: Flag = Field(False, description="true neemt de actie terug.")

    def command(self, partner_id: str) -> c.RecordOutreach:
        """Record what was done."""
        return c.RecordOutreach(
            outreach=full(self.outreach_id, partner_id),
            kind=self.kind,
            label=self.label,
            date=self.date,
            goal=self.goal,
            series=full(self.series_id, partner_id) if self.series_id else None,
            quantity=self.quantity,
            personalised=self.personalised,
            precision=self.precision,
            personalised_precision=self.personalised_precision,
            void=self.void,
        )
