"""Places and waiting lists through the door: who is confirmed, who waits, who moves up (contract section 3)."""

from tests.factories import activity, cancellation, signup, withdrawal
from tests.integration.registration.running import Registration

LATER = "2026-03-01T12:00:00.5Z"
AFTER_THE_START = "2026-03-10T13:00:00Z"


def confirmed(registration: Registration) -> list[str]:
    return sorted(ref.partition("/")[2] for ref, status in registration.statuses().items() if status == "confirmed")


def test_the_list_moves_up_until_nothing_more_fits_and_a_larger_party_keeps_its_position(
    registration: Registration,
) -> None:
    registration.tell(
        activity(capacity=4),
        signup("full", partySize=4),
        signup("large", partySize=3),
        signup("pair", partySize=2),
        signup("single"),
        signup("last"),
        withdrawal("full"),
    )
    assert confirmed(registration) == ["large", "single"]
    registration.tell(withdrawal("single"))
    assert confirmed(registration) == ["large", "last"]
    registration.tell(withdrawal("large"))
    assert confirmed(registration) == ["last", "pair"]


def test_each_move_up_is_told_once_with_the_full_state(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2", ref="client-2", time="2026-03-01T11:00:00Z"))
    registration.clock.forward(hours=1)
    registration.tell(withdrawal("s1", time="2026-03-01T13:00:00Z"))
    assert registration.names(after=2) == [
        "signup-confirmed",
        "signup-waitlisted",
        "signup-withdrawn",
        "signup-promoted",
    ]
    (told,) = registration.told("signup-promoted")
    assert (told["signupId"], told["status"], told["promoted"], told["version"]) == ("s2", "confirmed", True, 2)
    assert told["placedAt"] == "2026-03-01T11:00:00Z"
    assert told["arrivedAt"] == "2026-03-01T12:00:00Z"
    assert told["confirmedAt"] == told["recordedAt"] == "2026-03-01T13:00:00Z"
    assert told["waitingPosition"] is None


def test_a_second_withdrawal_is_accepted_and_changes_nothing(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"), signup("s3"), withdrawal("s1"))
    head = len(registration.log())
    assert registration.tell(withdrawal("s1", event_id="again"))[0]["outcome"] == "accepted"
    assert len(registration.log()) == head
    assert confirmed(registration) == ["s2"]


def test_who_waits_and_leaves_frees_nothing(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"), signup("s3"), withdrawal("s2"))
    assert confirmed(registration) == ["s1"]
    assert registration.tell(signup("s4"))[0]["decision"] == {"status": "waitlisted", "waitingPosition": 2}


def test_a_newcomer_that_fits_is_confirmed_past_a_larger_party(registration: Registration) -> None:
    results = registration.tell(activity(capacity=3), signup("a", partySize=2), signup("b", partySize=2), signup("c"))
    assert [result["decision"]["status"] for result in results[1:]] == ["confirmed", "waitlisted", "confirmed"]


def test_volunteers_have_places_of_their_own(registration: Registration) -> None:
    registration.tell(
        activity(capacity=1, volunteerCapacity=1),
        signup("p1"),
        signup("v1", role="volunteer"),
        signup("v2", role="volunteer"),
        signup("pro", role="professional"),
        withdrawal("p1"),
    )
    assert confirmed(registration) == ["pro", "v1"]
    registration.tell(withdrawal("v1"))
    assert confirmed(registration) == ["pro", "v2"]


def test_a_capacity_lowered_below_what_is_taken_throws_nobody_out(registration: Registration) -> None:
    registration.tell(activity(capacity=3), signup("s1"), signup("s2"), signup("s3"), signup("s4"))
    registration.tell(activity(capacity=1, time=LATER), withdrawal("s1"))
    assert confirmed(registration) == ["s2", "s3"]
    assert registration.activity()["placesLeft"] == 0
    registration.tell(withdrawal("s2"), withdrawal("s3"))
    assert confirmed(registration) == ["s4"]


def test_the_list_moves_up_when_the_capacity_is_raised_and_when_it_is_removed(registration: Registration) -> None:
    registration.tell(activity(capacity=1), *(signup(f"s{number}") for number in range(1, 5)))
    registration.tell(activity(capacity=2, time=LATER))
    assert confirmed(registration) == ["s1", "s2"]
    registration.tell(activity(capacity=None, time="2026-03-01T12:00:00.6Z"))
    assert confirmed(registration) == ["s1", "s2", "s3", "s4"]
    assert registration.names()[-4:] == ["signup-promoted", "activity-changed", "signup-promoted", "signup-promoted"]


def test_volunteers_move_up_when_their_own_capacity_is_raised_and_nobody_else_does(registration: Registration) -> None:
    registration.tell(
        activity(capacity=1, volunteerCapacity=1),
        signup("p1"),
        signup("p2"),
        signup("v1", role="volunteer"),
        signup("v2", role="volunteer"),
    )
    registration.tell(activity(capacity=1, volunteerCapacity=2, time=LATER))
    assert confirmed(registration) == ["p1", "v1", "v2"]
    registration.tell(activity(capacity=2, volunteerCapacity=2, time="2026-03-01T12:00:00.6Z"))
    assert confirmed(registration) == ["p1", "p2", "v1", "v2"]


def test_professionals_share_the_places_and_the_waiting_list_of_participants(registration: Registration) -> None:
    results = registration.tell(
        activity(capacity=2),
        signup("p1"),
        signup("pro1", role="professional"),
        signup("pro2", role="professional"),
        signup("p2"),
    )
    waits = [{"status": "waitlisted", "waitingPosition": position} for position in (1, 2)]
    assert [result["decision"] for result in results[3:]] == waits
    registration.tell(withdrawal("p1"))
    assert confirmed(registration) == ["pro1", "pro2"]


def test_without_a_waiting_list_whoever_does_not_fit_is_refused_and_a_smaller_party_is_not(
    registration: Registration,
) -> None:
    registration.tell(activity(capacity=3, waitingList=False), signup("s1", partySize=2))
    assert registration.code(signup("s2", partySize=2)) == "activity-full"
    assert registration.code(signup("s3")) is None
    assert registration.code(signup("s4")) == "activity-full"
    registration.tell(withdrawal("s1"))
    assert registration.code(signup("s4")) is None, "a refusal leaves no trace: the same event may come again"


def test_a_referral_waits_and_moves_up_like_any_other(registration: Registration) -> None:
    other = registration.key_for("humanitas")
    registration.tell(activity(capacity=1), signup("s1"))
    (result,) = registration.tell(signup("h1", "avedan/bingo-1"), key=other)
    assert result["decision"] == {"status": "waitlisted", "waitingPosition": 1}
    registration.tell(withdrawal("s1"))
    assert registration.statuses() == {"avedan/s1": "withdrawn", "humanitas/h1": "confirmed"}


def test_an_older_plan_with_more_room_moves_nobody_up(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"))
    registration.tell(activity(capacity=9, time="2026-03-01T11:00:00Z"))
    assert confirmed(registration) == ["s1"]


def test_nobody_moves_up_at_a_cancelled_activity_until_it_is_restored(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"), cancellation(time=LATER), withdrawal("s1"))
    assert confirmed(registration) == []
    registration.tell(activity(capacity=1, time="2026-03-01T12:00:00.6Z"))
    assert confirmed(registration) == ["s2"]


def test_nobody_moves_up_by_a_withdrawal_at_or_after_the_start(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"))
    registration.clock.forward(days=10)
    registration.tell(withdrawal("s1", time=AFTER_THE_START))
    assert registration.statuses() == {"avedan/s1": "withdrawn", "avedan/s2": "waitlisted"}


def test_a_late_report_of_a_withdrawal_before_the_start_still_moves_the_list_up(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"))
    registration.clock.forward(days=10)
    registration.tell(withdrawal("s1", time="2026-03-10T12:59:59Z"))
    assert confirmed(registration) == ["s2"]


def test_places_left_and_the_waiting_are_shown_to_everybody(registration: Registration) -> None:
    registration.tell(activity(capacity=3, volunteerCapacity=1), signup("s1", partySize=2), signup("s2", partySize=2))
    shown = registration.activity()
    assert (shown["placesLeft"], shown["volunteerPlacesLeft"], shown["waiting"]) == (1, 1, 1)
    registration.tell(activity("walk"))
    assert (registration.activity("walk")["placesLeft"], registration.activity("walk")["volunteerPlacesLeft"]) == (
        None,
        None,
    )


def test_decisions_come_out_alike_in_one_batch_and_one_by_one(registration: Registration) -> None:
    story = [
        activity(capacity=3),
        *(signup(f"s{number}", partySize=1 + number % 3) for number in range(8)),
        withdrawal("s0"),
        withdrawal("s2"),
        activity(capacity=5, time=LATER),
    ]
    registration.tell(*story)
    other = registration.key_for("humanitas")
    for event in story:
        assert registration.code(event, other) is None
    statuses = registration.statuses()
    both = [[statuses[f"{partner}/s{n}"] for n in range(8)] for partner in ("avedan", "humanitas")]
    assert both[0] == both[1]
