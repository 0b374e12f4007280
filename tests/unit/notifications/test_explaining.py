"""Every fate and every reason is told in words that an organiser understands."""

import pytest

from services.notifications.domain.explaining import explain
from services.notifications.domain.reasons import REASONS
from services.notifications.domain.statuses import STATUSES
from tests.unit.notifications.builders import EARLY, message

KEY = "reminder:avedan/s1:P1D:2026-11-15T130000Z"


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_sentence(status: str) -> None:
    found = explain(message(KEY, status))
    assert found.nl.endswith(".")
    assert found.en.endswith(".")


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_of_what_was_not_sent_is_said(code: str) -> None:
    assert REASONS[code].nl in explain(message(KEY, "cancelled", reason=code)).nl


def test_a_late_signup_reads_why_there_is_no_reminder() -> None:
    found = explain(message(KEY, "cancelled", reason="after-the-moment"))
    assert found.nl == "Niet gepland. De aanmelding of de plaats kwam na het moment van de herinnering."


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert "De reden: gone-fishing." in explain(message(KEY, "failed", reason="gone-fishing")).nl


def test_who_stands_on_a_list_is_said_to_stand_there() -> None:
    called = message(KEY, "expired", reason="too-late", call_since=EARLY, call_reason="too-late")
    assert explain(called).nl == (
        "Niet verstuurd. Het was te laat. Het bericht kon niet op tijd weg. De persoon staat op de bellijst."
    )
