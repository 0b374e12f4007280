"""The right to be forgotten on the stream."""

from shared.events.model import EventData


class ParticipantErasedV1(EventData):
    """Replace `pid` by `token` everywhere; nothing leads from the token back (contract section 7)."""

    pid: str
    token: str
