"""Forgetting a person: the pid goes everywhere, the counts stay, and who comes back is new."""

from typing import Any

import orjson
import pytest

from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


def told(story: Story) -> None:
    story.activity("avedan/one")
    story.activity("avedan/two")
    story.signup("avedan/s1", "avedan/one", "anna")
    story.crowd("avedan/one", "anna", "ben")
    story.crowd("avedan/two", "anna")
    story.volunteer("avedan/v1", "anna", "2024-01-01")


def figures(ledger: Ledger) -> list[Any]:
    codes = ("participants", "attendances", "new-participants", "signups", "no-show-rate", "volunteers")
    return [ledger.total(code) for code in codes]


def test_c15_counts_stay_and_the_pid_is_nowhere(story: Story, ledger: Ledger) -> None:
    told(story)
    ledger.hear(story)
    before = figures(ledger)
    story.erase("anna", "token-1")
    ledger.hear(story)
    assert figures(ledger) == before
    assert "anna" not in repr(ledger.state())


def test_c15_who_comes_back_after_an_erasure_is_a_new_person(story: Story, ledger: Ledger) -> None:
    told(story)
    story.erase("anna", "token-1")
    story.activity("avedan/later", "2025-02-01T10:00:00+01:00")
    story.crowd("avedan/later", "anna")
    ledger.hear(story)
    assert ledger.total("participants", "2024") == 2
    assert ledger.total("new-participants", "2025") == 1
    assert ledger.total("returning-participants", "2025") == 0


def test_the_same_person_at_the_same_activity_after_an_erasure_is_another_row(story: Story, ledger: Ledger) -> None:
    told(story)
    story.erase("anna", "token-1")
    story.crowd("avedan/one", "anna")
    ledger.hear(story)
    assert ledger.total("participants") == 3


def test_an_event_from_before_the_erasure_that_comes_late_gets_the_token_too(story: Story, ledger: Ledger) -> None:
    told(story)
    story.attendance("avedan/two", "anna", "absent")
    story.erase("anna", "token-1")
    late = story.events[4]
    ledger.take([event for event in story.events if event is not late])
    assert ledger.total("participants") == 1
    ledger.take([late])
    assert ledger.total("participants") == 2
    assert "anna" not in repr(ledger.state())


def test_a_pid_is_remembered_only_while_older_events_may_still_come(story: Story, ledger: Ledger) -> None:
    told(story)
    story.erase("anna", "token-1")
    ledger.take(story.events[1:])
    assert [row[1] for row in ledger.rows("pending_erasure")] == ["anna"]
    ledger.take(story.events[:1])
    assert ledger.rows("pending_erasure") == []


def test_two_erasures_of_one_pid_leave_two_persons(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one")
    story.activity("avedan/two")
    story.crowd("avedan/one", "anna")
    story.erase("anna", "token-1")
    story.crowd("avedan/two", "anna")
    story.erase("anna", "token-2")
    for order in (story.events, story.events[::-1]):
        ledger.forget_everything()
        for event in order:
            ledger.take([event])
        assert ledger.total("participants") == 2
        assert "anna" not in repr(ledger.state())


@pytest.mark.parametrize("seen", range(7))
def test_a_scrubbed_log_ends_where_the_stream_would_have_ended(story: Story, ledger: Ledger, seen: int) -> None:
    """The log carries the token in place of the pid; a consumer may have read part of the stream before."""
    told(story)
    story.erase("anna", "token-1")
    expected = ledger.hear(story).state()
    scrubbed = [
        type(event)(
            event.sequence,
            event.id,
            event.type,
            event.subject.replace("anna", "token-1"),
            event.time,
            type(event.data).model_validate(
                orjson.loads(event.data.model_dump_json(by_alias=True).replace("anna", "token-1"))
            ),
        )
        for event in story.events
    ]
    ledger.forget_everything()
    ledger.take(story.events[:seen])
    ledger.take(story.events[-1:])
    ledger.take(scrubbed)
    assert ledger.state() == expected
