"""Who is reached how: for every contact, refusal and moment, not only for those that somebody thought of."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.contacts import Contact
from services.notifications.domain.channels import NOT_OUT, Reach, Way, choose, moves_on
from services.notifications.domain.facts import Message
from services.notifications.domain.outcomes import Suppressed, ToCall
from services.notifications.domain.policy import KINDS, Policy
from services.notifications.domain.reasons import REASONS
from services.notifications.senders.numbers import telephone
from services.notifications.usecases.sending import person
from tests.unit.notifications.builders import EARLY, REF, START, message

POLICY = Policy()
REFUSALS = (frozenset[str](), frozenset({"email"}), frozenset({"sms"}), frozenset({"email", "sms"}))
reaches = st.none() | st.builds(
    lambda via, email, given, mobile, number: Reach(via, email, email or given, mobile, mobile or number),
    st.sampled_from([None, "email", "sms", "letter", "phone", "none"]),
    st.booleans(), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
rows = st.builds(
    lambda kind, channel, reason, doubts: replace(
        message(f"{kind}:{REF}", "sending"), channel=channel, reason=reason, doubts=doubts
    ),
    st.sampled_from(KINDS),
    st.sampled_from(["email", "sms", "phone"]),
    st.sampled_from([None, NOT_OUT, "refused", "address-refused", "bounced", "no-contact"]),
    st.sampled_from([0, 0, 1]),
)


@given(reaches, rows, st.sampled_from(REFUSALS), st.booleans())
def test_nothing_goes_where_it_cannot_or_may_not_go(
    reach: Reach | None, row: Message, refused: frozenset[str], sms: bool
) -> None:
    found = choose(reach, row, refused, sms=sms)
    if isinstance(found, Way):
        assert reach is not None
        assert found.channel not in refused
        assert {"email": reach.email, "sms": reach.mobile and sms}[found.channel]
        assert reach.reach_via not in ("phone", "letter", "none")
        assert found.then != found.channel
        if row.doubts:
            assert found.channel == row.channel, "the way changed after a doubt"
    assert isinstance(found, Suppressed) == (reach is not None and reach.reach_via == "none")
    if isinstance(found, ToCall):
        assert found.reason in REASONS or found.reason == row.reason
        assert found.channel != "phone" or (reach and (reach.number or reach.reach_via == "phone"))


@given(reaches, rows, st.booleans())
def test_whoever_has_a_good_address_and_no_other_wish_is_not_called_for_a_new_message(
    reach: Reach | None, row: Message, sms: bool
) -> None:
    new = replace(row, channel="email", reason=None, doubts=0)
    found = choose(reach, new, frozenset(), sms=sms)
    if reach and reach.email and reach.reach_via in (None, "email"):
        assert found == Way("email", "sms" if sms and reach.mobile else "phone")
    if reach and reach.mobile and sms and (reach.reach_via == "sms" or (not reach.email and reach.reach_via is None)):
        assert isinstance(found, Way)
        assert found.channel == "sms"


@given(reaches, rows, st.booleans())
def test_refusal_upon_refusal_ends_with_a_person(reach: Reach | None, row: Message, sms: bool) -> None:
    refused: frozenset[str] = frozenset()
    for _ in range(3):
        found = choose(reach, row, refused, sms=sms)
        if not isinstance(found, Way):
            return
        refused |= {found.channel}
        row = replace(row, channel=found.then, reason="address-refused")
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize("reason", ["refused", "too-big"])
def test_a_message_that_the_server_refuses_is_not_offered_again_for_want_of_a_number(reason: str) -> None:
    row = replace(message(f"change:{REF}:2", "sending"), channel="phone", reason=reason)
    assert choose(Reach(email=True, email_given=True), row, frozenset(), sms=False) == ToCall("none", reason)
    late = replace(row, reason=NOT_OUT)
    assert choose(Reach(email=True, email_given=True), late, frozenset(), sms=False) == Way("email", "phone")


def test_a_text_that_the_provider_gave_up_goes_on_by_mail_and_not_as_a_text_again() -> None:
    wish = Reach("sms", email=True, email_given=True, mobile=True, number=True)
    row = replace(message(f"confirmation:{REF}", "sending"), channel="email")
    assert choose(wish, row, frozenset(), sms=True) == Way("sms", "email")
    assert choose(wish, replace(row, reason="sms-undelivered"), frozenset(), sms=True) == Way("email")


@given(
    rows, st.sampled_from(["scheduled", "retry"]), st.integers(0, 60 * 24 * 14), st.booleans(),
    st.sampled_from([frozenset[str](), frozenset({"email"}), frozenset({"email", "sms"})]),
)  # fmt: skip
def test_the_time_moves_a_message_on_but_never_back_and_never_in_doubt(
    row: Message, status: str, minutes: int, sms: bool, down: frozenset[str]
) -> None:
    moment = START - timedelta(days=1) if row.kind in ("reminder", "volunteer-shift") else EARLY
    waiting = replace(row, status=status, moment_at=moment)
    found = moves_on(waiting, START, EARLY + timedelta(minutes=minutes), POLICY, down=down, sms=sms)
    if found is None:
        return
    assert not waiting.doubts
    assert found in {"email": ("sms", "phone"), "sms": ("phone",)}[waiting.channel]
    assert found != "sms" or (sms and "sms" not in down)
    assert status == "retry" or waiting.channel in down, "nobody has tried it yet"
    assert waiting.kind not in ("confirmation", "waiting-list")


@pytest.mark.parametrize(
    ("kind", "hours_before", "channel", "found"),
    [
        ("reminder", 21, "email", None),
        ("reminder", 20, "email", "sms"),
        ("reminder", 20, "sms", None),
        ("reminder", 6, "email", "phone"),
        ("volunteer-shift", 6, "sms", "phone"),
        ("cancellation", 12, "email", "sms"),
        ("cancellation", 12, "sms", "phone"),
        ("change", 1, "email", "sms"),
        ("confirmation", 1, "email", None),
    ],
)
def test_the_moments_of_the_cascade(kind: str, hours_before: int, channel: str, found: str | None) -> None:
    now = START - timedelta(hours=hours_before)
    moment = START - timedelta(days=1) if kind in ("reminder", "volunteer-shift") else now - timedelta(minutes=1)
    row = replace(message(f"{kind}:{REF}", "retry"), moment_at=moment, channel=channel, reason="no-contact")
    assert moves_on(row, START, now, POLICY, down=frozenset(), sms=True) == found


def test_far_from_the_start_a_cancellation_waits_an_hour_for_each_way() -> None:
    row = replace(message(f"cancellation:{REF}:2", "retry"), moment_at=EARLY, reason="no-contact")
    after = {
        minutes: moves_on(row, START, EARLY + timedelta(minutes=minutes), POLICY, down=frozenset(), sms=True)
        for minutes in (59, 60)
    }
    assert after == {59: None, 60: "sms"}
    texted = replace(row, channel="sms")
    assert moves_on(texted, START, EARLY + timedelta(minutes=119), POLICY, down=frozenset(), sms=True) is None
    assert moves_on(texted, START, EARLY + timedelta(minutes=120), POLICY, down=frozenset(), sms=True) == "phone"


def test_a_message_that_just_moved_on_is_tried_there_first() -> None:
    row = replace(message(f"cancellation:{REF}:2", "retry"), channel="sms", reason=NOT_OUT)
    now = START - timedelta(hours=1)
    assert moves_on(row, START, now, POLICY, down=frozenset(), sms=True) is None
    assert moves_on(row, START, now, POLICY, down=frozenset({"sms"}), sms=True) == "phone"


@pytest.mark.parametrize(
    ("text", "e164", "mobile"),
    [
        ("06-12345678", "+31612345678", True),
        ("+31 (0)6 12345678", "+31612345678", True),
        ("0031612345678", "+31612345678", True),
        ("0546 817000", "+31546817000", False),
        ("088 3665366", "+31883665366", False),
        ("085-1234567", "+31851234567", False),
        ("+49 1511 2345678", "+4915112345678", True),
        ("+1 202 555 0123", "+12025550123", False),
    ],
)
def test_f30_text_messages_go_to_mobile_numbers_of_any_country_and_to_no_other(
    text: str, e164: str, mobile: bool
) -> None:
    found = telephone(text)
    assert found is not None
    assert (found.e164, found.mobile) == (e164, mobile)


@pytest.mark.parametrize("text", ["", "geen", "06 123", "bel de buren", "1" * 40])
def test_what_is_no_number_gets_no_text_message(text: str) -> None:
    assert telephone(text) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_contact_holds_is_read_without_an_accident_and_shown_nowhere(email: str, phone: str) -> None:
    who = person(Contact("Naam", email, phone))
    assert who.reach.number == bool(phone)
    assert set(who.addresses) == {c for c, can in (("email", who.reach.email), ("sms", who.reach.mobile)) if can}
    assert "object at" in repr(who)
    assert "Naam" not in repr(who)
