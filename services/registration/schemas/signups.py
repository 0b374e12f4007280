"""Sign-ups as partners read them back: the partner's own reference, never a name."""

from datetime import datetime

from services.registration.usecases.reading_back import ShownSignup
from shared.events.model import WireModel


class SignupAnswer(WireModel):
    """A sign-up (contract section 9); `waitingPosition` is null unless it waits."""

    partner_id: str
    signup_id: str
    activity: str
    participant_ref: str
    role: str
    party_size: int
    status: str
    waiting_position: int | None
    placed_at: datetime


class SignupPage(WireModel):
    """A page of sign-ups in order of arrival."""

    items: list[SignupAnswer]
    next: str | None


def signup_answer(shown: ShownSignup) -> SignupAnswer:
    """From the use case's value to the contract's shape."""
    one = shown.signup
    members = {name: getattr(one, name) for name in SignupAnswer.model_fields if hasattr(one, name)}
    return SignupAnswer(**members, waiting_position=shown.waiting_position)
