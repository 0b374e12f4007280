"""Statuses move by the table alone; how a send ended decides what the row says."""

from datetime import timedelta

import pytest

from services.notifications.domain.outcomes import (
    Failed,
    LetGo,
    Outcome,
    Retry,
    Sent,
    ToCall,
    Unknown,
    next_try,
    settled,
)
from services.notifications.domain.policy import KINDS, RESENT, Policy
from services.notifications.domain.statuses import MOVES, STATUSES, IllegalMove, moved, sources
from tests.unit.notifications.builders import EARLY, REF, message

POLICY = Policy()


def after(outcome: Outcome, key: str = f"reminder:{REF}:P1D:x", doubts: int = 0) -> dict[str, object]:
    row = message(key, "sending", attempts=1, doubts=doubts, told_version=1 if doubts else None)
    return settled(outcome, row, 7, EARLY, POLICY, roll=0.5)


def test_every_status_of_the_contract_is_known_and_no_other() -> None:
    assert set(STATUSES) == {
        *("scheduled", "sending", "sent", "retry", "unknown", "failed"),
        *("expired", "cancelled", "suppressed", "to-call", "told", "not-reached"),
    }
    assert set().union(*MOVES.values()) <= set(STATUSES)


@pytest.mark.parametrize(("old", "new"), [("sent", "sending"), ("sent", "scheduled"), ("expired", "sending")])
def test_an_illegal_move_raises(old: str, new: str) -> None:
    with pytest.raises(IllegalMove):
        moved(old, new)


def test_ends_have_no_way_on_and_a_mail_leaves_only_from_sending() -> None:
    assert [status for status, targets in MOVES.items() if not targets] == ["told"]
    assert set(sources("sent")) == {"sending", "unknown"}


def test_sent_says_when_and_what_was_told() -> None:
    assert after(Sent()) == {
        "status": "sent",
        "reason": None,
        "sent_at": EARLY,
        "told_version": 7,
        "lease_token": None,
        "lease_until": None,
    }


def test_surely_not_sent_forgets_what_it_would_have_told() -> None:
    for outcome in (Retry("data", "later", 451), Failed("rcpt", "address-refused", 550), LetGo()):
        assert after(outcome)["told_version"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_doubt_goes_once_more_by_kind(kind: str) -> None:
    values = after(Unknown("data", "no-answer"), f"{kind}:{REF}:x:y")
    wanted = EARLY + POLICY.resend_after if kind in RESENT else None
    assert (values["status"], values["doubts"], values["resend_at"]) == ("unknown", 1, wanted)


def test_a_second_doubt_brings_no_third_copy() -> None:
    values = after(Unknown("data", "no-answer"), doubts=1)
    assert (values["doubts"], values["resend_at"]) == (2, None)


def test_one_in_doubt_never_becomes_failed() -> None:
    values = after(Failed("rcpt", "address-refused", 550), doubts=1)
    assert values["status"] == "unknown"
    assert "told_version" not in values


def test_nobody_is_sent_a_second_copy_after_the_last_moment() -> None:
    row = message(f"change:{REF}:2", "sending", not_after=EARLY + POLICY.resend_after)
    assert settled(Unknown("data", "no-answer"), row, 2, EARLY, POLICY, 0.5)["resend_at"] is None


def test_the_schedule_of_retries_grows_and_is_spread() -> None:
    waits = [(next_try(message(f"confirmation:{REF}", attempts=n), EARLY, 0.5) - EARLY) for n in range(1, 9)]
    assert [wait.total_seconds() for wait in waits] == [15, 60, 300, 900, 1800, 3600, 3600, 3600]
    row = message(f"confirmation:{REF}", attempts=1)
    assert [(next_try(row, EARLY, roll) - EARLY).total_seconds() for roll in (0.0, 1.0)] == [12, 18]


def test_the_last_try_is_just_before_it_is_too_late() -> None:
    row = message(f"confirmation:{REF}", attempts=6, not_after=EARLY + timedelta(minutes=30))
    assert next_try(row, EARLY, 0.5) == EARLY + timedelta(minutes=29)


def test_whoever_is_to_be_called_may_know_what_the_caller_knew() -> None:
    values = after(ToCall("phone", "no-address"))
    assert (values["status"], values["channel"], values["told_version"]) == ("to-call", "phone", 7)
