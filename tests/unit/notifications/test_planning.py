"""What must exist for a sign-up: one rule of contract section 6 a test."""

from dataclasses import replace
from datetime import timedelta

from services.notifications.domain.facts import Activity, Message, Signup
from services.notifications.domain.planning import Closed, Wanted, held, wanted
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import offset
from tests.unit.notifications.builders import EARLY, REF, START, activity, message, signup

POLICY = Policy()
REMINDER = f"reminder:{REF}:P1D:2026-11-15T130000Z"
DAY_BEFORE = START - timedelta(days=1)


def plan(person: Signup, what: Activity, *messages: Message, policy: Policy = POLICY) -> dict[str, Wanted]:
    return {want.key: want for want in wanted(person, what, messages, EARLY, policy)}


def to_send(person: Signup, what: Activity, *messages: Message) -> list[str]:
    return [key for key, want in plan(person, what, *messages).items() if not want.closed]


def test_who_is_confirmed_gets_a_confirmation_now_and_a_reminder_the_day_before() -> None:
    planned = plan(signup(), activity())
    assert {key: want.due_at for key, want in planned.items()} == {f"confirmation:{REF}": EARLY, REMINDER: DAY_BEFORE}


def test_who_waits_gets_only_that() -> None:
    waiting = signup(status="waitlisted", confirmed_at=None)
    assert to_send(waiting, activity()) == [f"waiting-list:{REF}"]


def test_who_moves_up_gets_a_promotion_and_no_confirmation() -> None:
    promoted = signup(promoted=True, confirmed_at=EARLY + timedelta(days=1))
    assert to_send(promoted, activity()) == [f"promotion:{REF}", REMINDER]


def test_f21_a_signup_recorded_after_the_moment_gets_no_reminder_and_a_row_that_says_why() -> None:
    at_the_moment, after = DAY_BEFORE, DAY_BEFORE + timedelta(microseconds=1)
    assert REMINDER in to_send(signup(confirmed_at=at_the_moment), activity())
    assert plan(signup(confirmed_at=after), activity())[REMINDER].closed == Closed("cancelled", "after-the-moment")


def test_f21_a_place_given_after_the_moment_gets_no_reminder() -> None:
    late = signup(promoted=True, confirmed_at=DAY_BEFORE + timedelta(seconds=1))
    assert REMINDER not in to_send(late, activity())


def test_f22_whatever_was_made_on_its_own_day_has_no_reminder() -> None:
    on_the_day = START - timedelta(hours=5)
    today = activity({"recorded_at": on_the_day})
    assert to_send(signup(confirmed_at=on_the_day), today) == [f"confirmation:{REF}"]


def test_f21_a_signup_between_a_moment_moved_back_by_quiet_hours_and_the_nominal_one_gets_none() -> None:
    early_start = START.replace(hour=8)  # 09:00: two hours before is quiet, so the evening before at 20:30
    two_hours = Policy(reminders=(offset("PT2H"),))
    what = activity({"starts_at": early_start, "ends_at": START})
    evening = early_start.replace(hour=19, minute=30) - timedelta(days=1)
    in_time = plan(signup(confirmed_at=evening), what, policy=two_hours)
    assert [want.due_at for want in in_time.values() if want.kind == "reminder"] == [evening]
    late = plan(signup(confirmed_at=evening + timedelta(seconds=1)), what, policy=two_hours)
    assert [want.closed for want in late.values() if want.kind == "reminder"] == [
        Closed("cancelled", "after-the-moment")
    ]


def test_several_reminders_each_have_their_own_moment_and_their_own_end() -> None:
    both = Policy(reminders=(offset("P1D"), offset("PT2H")))
    reminders = [want for want in plan(signup(), activity(), policy=both).values() if want.kind == "reminder"]
    assert [(START - want.due_at, START - want.not_after) for want in reminders] == [
        (timedelta(days=1), timedelta(hours=2)),
        (timedelta(hours=2), timedelta(minutes=30)),
    ]


def test_who_wants_no_reminders_has_a_suppressed_one() -> None:
    closed = plan(signup(reminders=False), activity())[REMINDER].closed
    assert closed is not None
    assert (closed.status, closed.reason) == ("suppressed", "reminders-off")


def test_once_the_activity_has_begun_nothing_is_wanted() -> None:
    assert wanted(signup(), activity(), [], START, POLICY) == []
    assert wanted(signup(), activity({}, {"status": "cancelled"}), [], START, POLICY) == []


def test_a_cancelled_activity_wants_its_cancellation_alone() -> None:
    off = activity({}, {"status": "cancelled", "recorded_at": EARLY + timedelta(days=1)})
    assert to_send(signup(), off) == [f"cancellation:{REF}:2"]
    assert to_send(signup(status="waitlisted", confirmed_at=None), off) == [f"cancellation:{REF}:2"]


def test_another_reason_for_a_cancellation_is_no_second_fact() -> None:
    off = activity({}, {"status": "cancelled"}, {"reason": "De zaal is dicht."})
    assert to_send(signup(), off) == [f"cancellation:{REF}:2"]


def test_who_withdrew_is_told_nothing() -> None:
    gone = signup(status="withdrawn")
    assert to_send(gone, activity()) == []
    assert to_send(gone, activity({}, {"status": "cancelled"})) == []


def test_a_moved_activity_wants_a_change_for_who_knew_the_old_time() -> None:
    later = activity({}, {"starts_at": START + timedelta(hours=1), "ends_at": START + timedelta(hours=3)})
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    assert f"change:{REF}:2" in to_send(signup(), later, told)


def test_who_was_told_nothing_yet_needs_no_change() -> None:
    later = activity({}, {"title": "Grote bingo"})
    assert to_send(signup(), later, message(f"confirmation:{REF}")) == [f"confirmation:{REF}", REMINDER]


def test_capacity_is_nothing_to_tell() -> None:
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    assert f"change:{REF}:2" not in plan(signup(), activity({}, {}), told)


def test_back_to_what_was_told_wants_no_change() -> None:
    there_and_back = activity({}, {"title": "Grote bingo"}, {"title": "Bingo"})
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    assert [key for key in plan(signup(), there_and_back, told) if key.startswith("change")] == []


def test_who_may_have_been_told_counts_as_told() -> None:
    later = activity({}, {"title": "Grote bingo"})
    perhaps = message(f"confirmation:{REF}", "unknown", told_version=1, doubts=1)
    assert f"change:{REF}:2" in to_send(signup(), later, perhaps)


def test_a_restored_activity_is_a_change_for_who_heard_of_the_cancellation() -> None:
    restored = activity({}, {"status": "cancelled"}, {"status": "scheduled"})
    told = message(f"cancellation:{REF}:2", "sent", told_version=2)
    assert f"change:{REF}:3" in to_send(signup(), restored, told)


def test_a_reminder_with_the_new_time_does_not_take_the_place_of_the_change() -> None:
    later = activity({}, {"starts_at": START + timedelta(hours=1), "ends_at": START + timedelta(hours=3)})
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    reminded = message(f"reminder:{REF}:P1D:2026-11-15T140000Z", "sent", told_version=2)
    assert f"change:{REF}:2" in to_send(signup(), later, told, reminded)


def test_a_move_recorded_after_the_new_moment_leaves_the_reminder_to_the_change() -> None:
    sooner = START - timedelta(days=2)
    moved = {"starts_at": sooner, "ends_at": START, "recorded_at": sooner - timedelta(hours=3)}
    reminders = [want for want in plan(signup(), activity({}, moved)).values() if want.kind == "reminder"]
    assert [want.closed.reason for want in reminders if want.closed] == ["moved"]


def test_a_change_of_the_title_after_the_moment_leaves_an_unsent_reminder_alone() -> None:
    renamed = activity({}, {"title": "Grote bingo", "recorded_at": DAY_BEFORE + timedelta(hours=1)})
    assert REMINDER in to_send(signup(), renamed)


def test_confirmations_leave_at_night_and_the_others_wait() -> None:
    night = EARLY.replace(hour=22)
    morning = (EARLY + timedelta(days=1)).replace(hour=7)
    assert held("confirmation", night, START, POLICY) == night
    assert held("waiting-list", night, START, POLICY) == morning
    assert held("cancellation", night, START, POLICY) == morning


def test_what_starts_within_twelve_hours_is_told_at_night_too() -> None:
    night = (START - timedelta(days=1)).replace(hour=22)
    start = night + timedelta(hours=12)
    for kind in ("change", "cancellation", "promotion"):
        assert held(kind, night, start, POLICY) == night
        assert held(kind, night, start + timedelta(minutes=1), POLICY) > night
    assert held("reminder", night, start, POLICY) != night


def test_a_promotion_two_hours_before_the_start_comes_too_late() -> None:
    last = START - timedelta(hours=2)
    late = signup(promoted=True, confirmed_at=last + timedelta(minutes=1))
    assert plan(late, activity())[f"promotion:{REF}"].not_after == last


def test_a_promotion_that_quiet_hours_hold_until_its_last_moment_can_still_leave() -> None:
    start = START.replace(hour=9)  # 10:00, two hours after the end of quiet hours
    night = (start - timedelta(days=1)).replace(hour=20, minute=30)
    promoted = signup(promoted=True, confirmed_at=night)
    want = plan(promoted, activity({"starts_at": start, "ends_at": START}))[f"promotion:{REF}"]
    assert want.due_at == start - timedelta(hours=2)
    assert want.not_after > want.due_at


def test_a_number_to_call_alone_is_nothing_to_tell() -> None:
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    assert f"change:{REF}:2" not in plan(signup(), activity({}, {"contact_phone": "0546 111111"}), told)


def test_each_of_title_time_and_place_is_told() -> None:
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    later = {"starts_at": START + timedelta(hours=1)}
    for news in ({"title": "Grote bingo"}, later, {"ends_at": START}, {"place": "Elders"}, {"address": "Markt 2"}):
        assert f"change:{REF}:2" in to_send(signup(), activity({}, news), told)


def test_who_is_on_the_call_list_and_was_not_called_knows_nothing_yet() -> None:
    later = activity({}, {"starts_at": START + timedelta(hours=1)})
    listed = message(f"confirmation:{REF}", "to-call", call_since=EARLY, call_reason="prefers-phone")
    assert f"change:{REF}:2" not in plan(signup(), later, listed)
    spoken = message(f"confirmation:{REF}", "told", told_version=1, call_since=EARLY, call_outcome="spoken")
    assert f"change:{REF}:2" in to_send(signup(), later, spoken)


def test_a_change_in_doubt_is_wanted_while_somebody_has_to_call_about_it() -> None:
    later = activity({}, {"starts_at": START + timedelta(hours=1)})
    known = message(f"confirmation:{REF}", "sent", told_version=1)
    doubtful = message(f"change:{REF}:2", "unknown", told_version=2, doubts=2, call_since=EARLY, call_reason="in-doubt")
    assert doubtful.dedup_key in to_send(signup(), later, known, doubtful)
    spoken = replace(doubtful, status="told", call_outcome="spoken")
    assert doubtful.dedup_key not in to_send(signup(), later, known, spoken)


def test_a_change_in_doubt_that_was_called_off_is_wanted_again_when_all_is_as_it_said() -> None:
    there = {"starts_at": START + timedelta(hours=1)}
    there_again = activity({}, there, {"starts_at": START}, there)
    known = message(f"confirmation:{REF}", "sent", told_version=1)
    doubtful = message(f"change:{REF}:2", "unknown", told_version=2, doubts=1)
    changes = [key for key in to_send(signup(), there_again, known, doubtful) if key.startswith("change")]
    assert changes == [doubtful.dedup_key]


def test_f25_who_surely_knows_of_the_cancellation_and_of_nothing_since_is_not_told_again() -> None:
    again = activity({}, {"status": "cancelled"}, {"status": "scheduled"}, {"status": "cancelled"})
    told = message(f"cancellation:{REF}:2", "sent", told_version=2)
    assert to_send(signup(), again, told) == []
    in_doubt = message(f"cancellation:{REF}:2", "unknown", told_version=2, doubts=1)
    assert to_send(signup(), again, in_doubt) == [f"cancellation:{REF}:4"]
    heard_of_it = message(f"change:{REF}:3", "unknown", told_version=3, doubts=1)
    assert to_send(signup(), again, told, heard_of_it) == [f"cancellation:{REF}:4"]


def test_an_earlier_version_of_the_cancellation_that_comes_late_is_no_second_one() -> None:
    """It came after the later one was told: the fact had another number by then, and went out twice."""
    both = activity({}, {"status": "cancelled"}, {"reason": "De zaal is dicht."})
    told = message(f"cancellation:{REF}:3", "sent", told_version=3)
    assert to_send(signup(), both, told) == []


def test_cancelled_and_restored_after_the_moment_before_anybody_heard_leaves_the_reminder() -> None:
    after = {"recorded_at": DAY_BEFORE + timedelta(hours=1)}
    back = activity({}, {"status": "cancelled", **after}, {"status": "scheduled", **after})
    told = message(f"confirmation:{REF}", "sent", told_version=1)
    assert REMINDER in to_send(signup(), back, told)
    heard = message(f"cancellation:{REF}:2", "sent", told_version=2)
    assert plan(signup(), back, told, heard)[REMINDER].closed == Closed("cancelled", "moved")


def test_f20_a_message_whose_evening_before_is_over_waits_for_the_morning() -> None:
    """It was held into the past, and so went at once, in the middle of the night."""
    start = START.replace(hour=8)  # 09:00
    night = (start - timedelta(days=1)).replace(hour=22)
    morning = start.replace(hour=7)
    assert held("reminder", night, start, POLICY) == morning
    assert held("waiting-list", night, start, POLICY) == morning
    assert held("reminder", night, start, POLICY, ahead=True) == night.replace(hour=19, minute=30)


def test_f20_a_change_that_cannot_wait_for_the_morning_goes_twelve_hours_before_the_start() -> None:
    start = (START + timedelta(days=1)).replace(hour=8, minute=30)  # 09:30: at 08:00 it would be less than two hours
    at_nine = (start - timedelta(days=1)).replace(hour=20, minute=0)
    for kind in ("change", "cancellation", "promotion"):
        assert held(kind, at_nine, start, POLICY) == start - timedelta(hours=12)
