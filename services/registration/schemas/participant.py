"""A person as a partner names one."""

from typing import Annotated

from pydantic import Field, StrictStr

from services.registration.domain.persons import CONTACT_MEMBERS, Participant, looks_like_bsn
from services.registration.schemas.fields import Line, PersonRef, PostedModel, one_of
from shared.events.code_lists import AGE_BANDS, REACH_VIA


class PostedAddress(PostedModel):
    """A postal address, for letters."""

    street: Line
    postal_code: Line
    city: Line


class PostedParticipant(PostedModel):
    """`participant` of contract section 3. Contact members are kept apart; null clears one."""

    ref: PersonRef
    shared_ref: PersonRef | None = None
    name: Line | None = None
    email: Annotated[Line, Field(max_length=254, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")] | None = None
    phone: Annotated[Line, Field(max_length=40, pattern=r"^[0-9+() .-]+$")] | None = None
    address: PostedAddress | None = None
    age_band: Annotated[StrictStr, one_of(*AGE_BANDS)] | None = None
    neighbourhood: Line | None = None
    reach_via: Annotated[StrictStr, one_of(*REACH_VIA)] | None = None

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
