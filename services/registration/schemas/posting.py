"""What the data of all posted types has in common, and the code lists they share."""

from abc import abstractmethod
from typing import Annotated

from pydantic import StrictStr

from services.registration.domain import commands as c
from services.registration.schemas.fields import PostedModel, one_of
from services.registration.schemas.participant import PostedParticipant
from shared.events import code_lists as lists

Role = Annotated[StrictStr, one_of(*lists.ROLES)]
Goal = Annotated[StrictStr, one_of(*lists.GOALS)]
Precision = Annotated[StrictStr, one_of(*lists.PRECISIONS)]


class Posted(PostedModel):
    """The data of one posted event."""

    @abstractmethod
    def command(self, partner_id: str) -> c.Command:
        """What the partner asks or tells; bare ids become the partner's own."""

    @property
    def overrides(self) -> tuple[str, ...]:
        """What looks odd about the data itself."""
        participant = getattr(self, "participant", None)
        return participant.overrides if isinstance(participant, PostedParticipant) else ()
