"""How contact data goes by itself, as the operator sees it."""

from datetime import datetime

from pydantic import Field

from shared.events.model import WireModel


class RetentionAnswer(
    WireModel,
    json_schema_extra={
        "description": "Hoe contactgegevens vanzelf verdwijnen.",
        "examples": [{"days": 90, "lastRunAt": "2026-10-01T02:00:00Z", "overdue": 0, "oldestDueAt": None}],
    },
):
    """Contact data goes `days` after a person's last activity; whose is `overdue` goes with the next run."""

    days: int = Field(description="Na hoeveel dagen na de laatste activiteit (`REGISTRATION_CONTACT_RETENTION_DAYS`).")
    last_run_at: datetime | None = Field(description="Wanneer dit proces voor het laatst alles heeft weggedaan.")
    overdue: int = Field(description="Van hoeveel mensen de gegevens al weg hadden moeten zijn.")
    oldest_due_at: datetime | None = Field(description="Sinds wanneer, van de eerste van hen. Leeg: van niemand.")
