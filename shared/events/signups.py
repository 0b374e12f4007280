"""Sign-ups on the stream: confirmed, waitlisted, promoted, withdrawn."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.events.model import EventData, Reference

Role = Literal["participant", "volunteer", "professional"]


class SignupState(EventData):
    """A sign-up as it stands now. `partner_id` is the partner that placed it, not always the activity's."""

    signup_id: str
    activity: Reference
    pid: str
    role: Role
    party_size: int = Field(ge=1)
    reminders: bool = True
    status: Literal["confirmed", "waitlisted", "withdrawn"]
    waiting_position: int | None = None
    """Place on the waiting list at the moment of the decision; null unless waitlisted."""
    placed_at: datetime
    """The partner's time of the sign-up."""
    arrived_at: datetime
    """When registration recorded the sign-up."""
    confirmed_at: datetime | None = None
    """When registration gave the place; null while there was none. Decides whether a reminder is still due."""
    promoted: bool = False
    """The place came from the waiting list."""
    age_band: str | None = None
    neighbourhood: str | None = None


class SignupConfirmedV1(SignupState):
    """The place is given."""


class SignupWaitlistedV1(SignupState):
    """No place yet."""


class SignupPromotedV1(SignupState):
    """A place came free and went to this sign-up."""


class SignupWithdrawnV1(SignupState):
    """The person does not come. `confirmed_at` tells whether a place was given before."""
