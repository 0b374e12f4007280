"""A person as a partner names one."""

from typing import Annotated

from pydantic import Field, StrictStr, WithJsonSchema

from services.registration.domain.persons import CONTACT_MEMBERS, Participant, looks_like_bsn
from services.registration.schemas.fields import Line, MailAddress, PersonRef, PostedModel, one_of
from shared.events.code_lists import AGE_BANDS, REACH_VIA

_PHONE = r"^[0-9+() .-]*[0-9+().-][0-9+() .-]*$"


class PostedAddress(PostedModel, json_schema_extra={"description": "Postadres, voor brieven."}):
    """A postal address, for letters."""

    street: Line = Field(description="Straat en huisnummer.", examples=["Voorbeeldstraat 1"])
    postal_code: Line = Field(description="Postcode.", examples=["7600 AA"])
    city: Line = Field(description="Woonplaats.", examples=["Almelo"])


class PostedParticipant(
    PostedModel,
    json_schema_extra={
        "description": "Een persoon. Contactgegevens bewaren wij apart; null wist een gegeven, weglaten laat het staan."
    },
):
    """`participant` of contract section 3. Contact members are kept apart; null clears one."""

    ref: PersonRef = Field(
        description="Uw eigen nummer van deze persoon. Geen BSN, e-mailadres of telefoonnummer.",
        examples=["klant-4711"],
    )
    shared_ref: PersonRef | None = Field(
        None, description="Een nummer dat partners delen, bijvoorbeeld van een stadspas.", examples=["pas-7"]
    )
    name: Line | None = Field(None, description="Naam, voor berichten.")
    email: MailAddress | None = Field(
        None, description="E-mailadres, voor berichten.", examples=["deelnemer@example.org"]
    )
    phone: (
        Annotated[
            Line,
            Field(max_length=40, pattern=_PHONE),
            WithJsonSchema({"type": "string", "maxLength": 40, "pattern": _PHONE}),
        ]
        | None
    ) = Field(None, description="Telefoonnummer, voor berichten.")
    address: PostedAddress | None = None
    age_band: Annotated[StrictStr, one_of(*AGE_BANDS)] | None = Field(None, description="Leeftijdsgroep.")
    neighbourhood: Line | None = Field(None, description="Wijk of buurt waar de persoon woont.", examples=["Centrum"])
    reach_via: Annotated[StrictStr, one_of(*REACH_VIA)] | None = Field(
        None, description="Hoe de persoon bericht wil. Leeg: e-mail, anders sms, anders bellen."
    )

    def person(self) -> Participant:
        """As the domain knows one; only contact members that were given come along."""
        given = self.model_fields_set
        contact = {name: getattr(self, name) for name in CONTACT_MEMBERS if name in given and name != "address"}
        if "address" in given:
            contact["address"] = self.address.model_dump(by_alias=True) if self.address else None
        return Participant(self.ref, self.shared_ref, self.age_band, self.neighbourhood, contact)

    @property
    def overrides(self) -> tuple[str, ...]:
        """What looks odd about the references."""
        references = (self.ref, self.shared_ref or "")
        return ("looks-like-bsn",) if any(looks_like_bsn(ref) for ref in references) else ()
