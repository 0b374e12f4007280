"""A receipt as it is posted: in our own words, or as GOV.UK Notify and NotifyNL call back."""

import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from services.notifications.domain.channels import EMAIL, SMS
from services.notifications.domain.receipts import BOUNCED, DELIVERED, UNDELIVERED, Receipt
from shared.errors import Refusal
from shared.events.model import WireModel

BY_REFERENCE = "-"
"""In the path: the body's `reference` names the message, as a provider calls one address for all."""
_FROM_NOTIFY = {
    "delivered": DELIVERED,
    "permanent-failure": BOUNCED,
    "temporary-failure": UNDELIVERED,
    "technical-failure": UNDELIVERED,
}
"""Every other status says that the message is still under way."""
_OUR_TIME = "^(19|20|21)[0-9]{2}-"


def _written_out(value: Any) -> Any:
    """A number is no instant, and at the ends of the calendar there is none in UTC."""
    if not (isinstance(value, str) and re.match(_OUR_TIME, value)):
        raise ValueError("write an instant with its offset, of the years 1900 to 2199")
    return value


_Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _OUR_TIME}),
]
_Text = Annotated[str, Field(max_length=128)]


class ReceiptBody(
    WireModel,
    json_schema_extra={
        "description": "Wat een dienst na het versturen zegt. Of met `outcome`, of met `status` zoals GOV.UK Notify en "
        "NotifyNL terugbellen. Andere leden, zoals hun `to`, lezen en bewaren wij niet.",
        "examples": [{"outcome": "bounced", "channel": "email", "at": "2026-10-01T08:03:00Z"}],
        "oneOf": [
            {"properties": {member: {"type": "string"}}, "required": [member]} for member in ("outcome", "status")
        ],
    },
):
    """A bounce or a delivery. Providers add members as they please, so unknown ones are passed over, unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    outcome: Literal["delivered", "bounced", "undelivered"] | None = Field(
        None,
        description="`delivered`: aangekomen. `bounced`: het adres of nummer bestaat niet. `undelivered`: dit bericht "
        "kwam niet aan, het adres is goed.",
    )
    channel: Literal["email", "sms"] | None = Field(None, description="Waarmee het ging. Leeg: e-mail.")
    at: _Instant | None = Field(None, description="Wanneer dat was.")
    id: _Text | None = Field(None, description="Het nummer dat de dienst zelf aan het bericht gaf.")
    reference: _Text | None = Field(None, description="Van Notify: ons id van het bericht.")
    status: _Text | None = Field(None, description="Van Notify: hoe het met het bericht staat.")
    notification_type: _Text | None = Field(
        None, alias="notification_type", description="Van Notify: `sms` of `email`."
    )
    completed_at: _Instant | None = Field(
        None, alias="completed_at", description="Van Notify: wanneer de status zo werd."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "ReceiptBody":
        if (self.outcome is None) == (self.status is None):
            raise ValueError("give either outcome or status")
        return self

    def receipt(self) -> Receipt | None:
        """None: nothing to tell yet."""
        if self.outcome is not None:
            return Receipt(self.channel or EMAIL, self.outcome, self.at, self.id)
        outcome = _FROM_NOTIFY.get(self.status or "")
        channel = EMAIL if self.notification_type == EMAIL else SMS
        return Receipt(channel, outcome, self.completed_at, self.id) if outcome else None

    def about(self, in_path: str) -> str:
        """Which message; refuses a body that names another than the path."""
        if in_path == BY_REFERENCE:
            if self.reference is None:
                raise Refusal("not-found", "nothing says which message this is about")
            return self.reference
        if self.reference not in (None, in_path):
            raise Refusal("not-found", "the path and the body name two messages")
        return in_path
