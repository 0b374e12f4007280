"""How contact data goes by itself, as the operator sees it."""

from datetime import datetime

from pydantic import Field

from shared.events.model import WireModel


class RetentionAnswer(WireModel):
    """Contact data goes `days` after a person's last activity; whose is `overdue` goes with the next run."""

    days: int = Field(description="`REGISTRATION_CONTACT_RETENTION_DAYS`")
    last_run_at: datetime | None = Field(description="the last run of this process that did all there was to do")
    overdue: int = Field(description="people whose contact data should have gone and is still there")
    oldest_due_at: datetime | None = Field(description="when that of the first of them should have gone")
