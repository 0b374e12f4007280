"""When a message arrived, by the clock of a provider."""

from datetime import timedelta

from services.notifications.domain.receipts import Arrived, Receipt, decide
from tests.unit.notifications.builders import EARLY, REF, START, message


def test_a_provider_whose_clock_is_ahead_does_not_write_the_future_down() -> None:
    """Sent next week, it said; and every bounce before that was taken for one of an earlier copy."""
    row = message(f"confirmation:{REF}", "unknown", doubts=1, told_version=1)
    for at, written in ((EARLY + timedelta(days=7), EARLY), (EARLY - timedelta(hours=1), EARLY - timedelta(hours=1))):
        found = decide(row, Receipt("email", "delivered", at), START, EARLY)
        assert isinstance(found, Arrived)
        assert found.values["sent_at"] == written
