"""Statuses move by the table alone; how a send ended decides what the row says."""

from datetime import timedelta

import pytest

from services.notifications.domain.outcomes import (
    MAIL_SERVER,
    AddressRefused,
    ChannelRefused,
    Failed,
    LetGo,
    Outcome,
    Postponed,
    Retry,
    Sent,
    Suppressed,
    ToCall,
    Unknown,
    next_try,
    settled,
    wait_before,
)
from services.notifications.domain.policy import KINDS, RESENT, Policy
from services.notifications.domain.statuses import MOVES, STATUSES, IllegalMove, moved, sources
from tests.unit.notifications.builders import EARLY, REF, message

POLICY = Policy()


def after(
    outcome: Outcome, key: str = f"reminder:{REF}:P1D:x", doubts: int = 0, attempts: int = 1
) -> dict[str, object]:
    row = message(key, "sending", attempts=attempts, doubts=doubts, told_version=1 if doubts else None)
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
    for outcome in (Retry("data", "later", 451), Failed("compose", "template"), LetGo()):
        assert after(outcome)["told_version"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_doubt_goes_once_more_by_kind(kind: str) -> None:
    values = after(Unknown("data", "no-answer"), f"{kind}:{REF}:x:y")
    wanted = EARLY + POLICY.resend_after if kind in RESENT else None
    assert (values["status"], values["doubts"], values["resend_at"]) == ("unknown", 1, wanted)


def test_a_second_doubt_brings_no_third_copy_and_somebody_calls() -> None:
    values = after(Unknown("data", "no-answer"), doubts=1)
    assert (values["doubts"], values["resend_at"]) == (2, None)
    assert (values["call_since"], values["call_reason"]) == (EARLY, "in-doubt")


@pytest.mark.parametrize(
    "outcome",
    [
        Failed("compose", "template"),
        AddressRefused("rcpt", 550),
        ChannelRefused("data", "refused", 554),
        ToCall("phone", "no-address"),
        Suppressed("reach-none"),
    ],
)
def test_one_in_doubt_never_becomes_failed_nor_takes_another_way_but_the_call_list(outcome: Outcome) -> None:
    values = after(outcome, doubts=1)
    assert (values["status"], values["call_since"], values["call_reason"]) == ("unknown", EARLY, "in-doubt")
    assert "told_version" not in values
    assert "channel" not in values


def test_nobody_is_sent_a_second_copy_after_the_last_moment_but_called() -> None:
    row = message(f"change:{REF}:2", "sending", not_after=EARLY + POLICY.resend_after)
    values = settled(Unknown("data", "no-answer"), row, 2, EARLY, POLICY, 0.5)
    assert (values["resend_at"], values["call_since"]) == (None, EARLY)


def test_a_failure_for_good_is_somebody_to_call() -> None:
    values = after(Failed("compose", "template"))
    assert (values["status"], values["call_since"], values["call_reason"]) == ("failed", EARLY, "template")


@pytest.mark.parametrize("outcome", [AddressRefused("rcpt", 550), ChannelRefused("data", "refused", 554)])
def test_f31_a_refusal_for_good_goes_another_way_at_once(outcome: Outcome) -> None:
    values = after(outcome)
    assert (values["status"], values["due_at"], values["told_version"]) == ("retry", EARLY, None)
    assert "attempts" not in values


@pytest.mark.parametrize("phase", ["contact", "connect", "hello", "mail", "mailbox", "sms"])
def test_f32_trouble_of_a_whole_way_out_costs_no_attempt(phase: str) -> None:
    values = after(Retry(phase, "no-contact", trouble=MAIL_SERVER), attempts=3)
    assert (values["status"], values["attempts"]) == ("retry", 2)


@pytest.mark.parametrize("phase", ["rcpt", "data"])
def test_f31_what_may_be_about_this_very_mail_costs_an_attempt(phase: str) -> None:
    values = after(Retry(phase, "no-contact", trouble=MAIL_SERVER), attempts=3)
    assert values["status"] == "retry"
    assert "attempts" not in values


def test_f31_after_24_hours_of_trying_somebody_calls() -> None:
    gone = sum((wait_before(n, 0.5) for n in range(1, 28)), timedelta())
    assert timedelta(hours=22) < gone <= timedelta(hours=24)
    for attempts, status in ((27, "retry"), (28, "failed")):
        assert after(Retry("rcpt", "later", 450), attempts=attempts)["status"] == status
    assert after(Retry("connect", "no-contact", trouble=MAIL_SERVER), attempts=28)["status"] == "retry"


def test_f31_the_other_side_may_ask_for_a_longer_wait() -> None:
    assert after(Retry("sms", "too-many", 429, after=120.0))["due_at"] == EARLY + timedelta(seconds=120)
    assert after(Retry("sms", "too-many", 429, after=1.0))["due_at"] == EARLY + timedelta(seconds=15)


def test_a_message_that_has_to_wait_for_its_turn_was_not_tried() -> None:
    values = after(Postponed(2.5))
    assert values["due_at"] == EARLY + timedelta(seconds=2.5)
    assert (values["status"], values["attempts"], values["told_version"]) == ("scheduled", 0, None)
    assert after(Postponed(2.5), attempts=2)["status"] == "retry"
    assert after(Postponed(2.5), doubts=1)["status"] == "retry"


def test_the_schedule_of_retries_grows_and_is_spread() -> None:
    waits = [(next_try(message(f"confirmation:{REF}", attempts=n), EARLY, 0.5) - EARLY) for n in range(1, 9)]
    assert [wait.total_seconds() for wait in waits] == [15, 60, 300, 900, 1800, 3600, 3600, 3600]
    row = message(f"confirmation:{REF}", attempts=1)
    assert [(next_try(row, EARLY, roll) - EARLY).total_seconds() for roll in (0.0, 1.0)] == [12, 18]


def test_the_last_try_is_just_before_it_is_too_late() -> None:
    row = message(f"confirmation:{REF}", attempts=6, not_after=EARLY + timedelta(minutes=30))
    assert next_try(row, EARLY, 0.5) == EARLY + timedelta(minutes=29)


def test_whoever_is_to_be_called_knows_nothing_yet() -> None:
    values = after(ToCall("phone", "no-address"))
    assert (values["status"], values["channel"], values["told_version"]) == ("to-call", "phone", None)
    assert (values["call_since"], values["call_reason"]) == (EARLY, "no-address")
