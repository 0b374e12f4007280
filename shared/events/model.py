"""What every event's data has in common: the version of its subject and two moments."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64}$")]
"""Another partner's thing or one's own, always written `partnerId/id` on the stream."""


class WireModel(BaseModel):
    """A JSON object of the contract: camelCase outside, snake_case inside, frozen."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")


class EventData(WireModel):
    """The full new state of a subject. Consumers keep the highest `version` and ignore what lies below."""

    version: int = Field(ge=1)
    partner_id: str
    occurred_at: datetime
    """The partner's own time of the fact that led to this state."""
    recorded_at: datetime
    """When registration recorded it (arrival)."""
