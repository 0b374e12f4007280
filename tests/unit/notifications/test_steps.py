"""From the rows there are to those that must exist."""

from datetime import datetime, timedelta

from services.notifications.domain.facts import Message
from services.notifications.domain.planning import Closed, Wanted
from services.notifications.domain.steps import Close, Insert, Relist, Rewrite, Step, steps
from tests.unit.notifications.builders import EARLY, REF, START, message

LISTED = {"call_since": EARLY, "call_reason": "no-address"}
OLD, NEW = f"reminder:{REF}:P1D:old", f"reminder:{REF}:P1D:new"


def want(key: str = NEW, closed: Closed | None = None, moment: datetime = EARLY) -> Wanted:
    return Wanted(key, key.split(":", maxsplit=1)[0], 1, moment, moment, START, closed)


def decide(wanted: list[Wanted], *messages: Message, now: datetime = EARLY) -> list[Step]:
    return steps(wanted, messages, lambda _kind: "moved", now)


def test_what_is_there_as_it_must_be_is_left_alone() -> None:
    assert decide([want()], message(NEW)) == []
    assert decide([want()], message(NEW, "sent", told_version=1)) == []


def test_what_lacks_is_inserted() -> None:
    assert decide([want()]) == [Insert(want())]


def test_an_open_reminder_moves_with_its_activity() -> None:
    row = message(OLD)
    assert decide([want()], row) == [Rewrite(row, want())]


def test_a_reminder_that_went_stays_and_the_new_time_gets_its_own() -> None:
    assert decide([want()], message(OLD, "sent", told_version=1)) == [Insert(want())]


def test_a_reminder_about_to_leave_is_taken_back_but_not_one_that_may_have_left() -> None:
    preparing = message(OLD, "sending")
    assert decide([], preparing) == [Close(preparing, "moved")]
    assert decide([], message(OLD, "sending", intent_at=EARLY, told_version=1)) == []


def test_a_row_that_was_cancelled_before_it_told_anything_is_revived() -> None:
    row = message(NEW, "cancelled", reason="activity-cancelled")
    assert decide([want()], row) == [Rewrite(row, want())]


def test_a_retry_keeps_its_own_time() -> None:
    assert decide([want()], message(NEW, "retry", due_at=EARLY + timedelta(minutes=5))) == []


def test_a_reminder_of_one_offset_never_serves_another() -> None:
    other = message(f"reminder:{REF}:PT2H:old")
    assert decide([want()], other) == [Insert(want()), Close(other, "moved")]


def test_what_is_on_the_call_list_and_not_so_any_more_comes_off_it() -> None:
    row = message(OLD, "to-call", **LISTED)
    assert [(type(step), getattr(step, "status", None)) for step in decide([], row)] == [(Close, "cancelled")]


def test_one_in_doubt_gets_no_second_copy_once_it_is_not_so_any_more() -> None:
    row = message(OLD, "unknown", told_version=1, doubts=1, resend_at=EARLY)
    assert [(type(step), getattr(step, "status", None)) for step in decide([], row)] == [(Close, "unknown")]


def test_what_is_too_late_is_left_to_expire() -> None:
    assert decide([], message(OLD, not_after=EARLY), now=EARLY) == []


def test_a_suppression_by_the_person_is_not_undone_by_planning() -> None:
    assert decide([want()], message(NEW, "suppressed", reason="reach-none")) == []
    asked_for_none = message(NEW, "suppressed", reason="reminders-off")
    assert decide([want()], asked_for_none) == [Rewrite(asked_for_none, want())]


def test_whoever_was_not_called_before_the_start_stays_so() -> None:
    row = message(NEW, "to-call", **LISTED)
    assert steps([], [row], lambda _kind: "activity-over", START, begun=True) == []


def test_a_call_about_what_is_not_so_for_a_while_is_made_after_all_when_it_is_so_again() -> None:
    for status in ("expired", "failed", "not-reached"):
        listed = message(NEW, status, **LISTED)
        [close] = decide([], listed)
        assert isinstance(close, Close)
        off = message(NEW, close.status, call_reason="no-address")
        [again] = decide([want()], off)
        assert again == (Rewrite(off, want()) if status == "not-reached" else Relist(off))


def test_whoever_was_spoken_to_is_not_called_again() -> None:
    told = message(NEW, "told", told_version=1, call_outcome="spoken", **LISTED)
    assert decide([want()], told) == decide([], told) == []


def test_a_doubt_whose_second_copy_was_called_off_is_settled_by_a_call() -> None:
    off = message(NEW, "unknown", told_version=1, doubts=1)
    [again] = decide([want()], off)
    assert again == Relist(off)
    assert isinstance(again, Relist)
    assert again.reason == "in-doubt"


def test_whoever_opts_out_while_on_the_call_list_is_suppressed() -> None:
    row = message(NEW, "to-call", **LISTED)
    [close] = decide([want(closed=Closed("suppressed", "opted-out"))], row)
    assert isinstance(close, Close)
    assert (close.status, close.reason) == ("suppressed", "opted-out")
