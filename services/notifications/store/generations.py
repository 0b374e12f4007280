"""Which tables the event log can make again. The messages are none of them: what was told stays told."""

from services.notifications.store.rows import activity_table, signup_table
from services.notifications.tables import metadata

__all__ = ["TABLES", "metadata"]

TABLES = (activity_table, signup_table)
