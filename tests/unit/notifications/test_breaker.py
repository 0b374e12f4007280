"""When a way out is in trouble: told how sends end and what time it is, the breakers say what may be claimed."""

from collections.abc import Sequence

import pytest

from services.notifications.domain.channels import NOT_OUT, PHONE
from services.notifications.domain.outcomes import (
    MAIL_SERVER,
    REGISTRATION,
    SMS_PROVIDER,
    AddressRefused,
    LetGo,
    Outcome,
    Postponed,
    Retry,
    Sent,
    ToCall,
    Unknown,
)
from services.notifications.senders.breaker import Breakers, Gate

NOON = 50_000.0
EMAIL, SMS = frozenset({"email"}), frozenset({"sms"})
NO_CONTACT = Retry("connect", "no-contact", trouble=MAIL_SERVER)
NO_LOOK_UP = Retry("contact", "contacts-away", trouble=REGISTRATION)
NO_PROVIDER = Retry("sms", "sms-away", trouble=SMS_PROVIDER)
REFUSES_US = Retry("hello", "server-refuses-us", 535, trouble=MAIL_SERVER, alarm=True)


def told(*outcomes: Outcome, at: float = NOON, probes: Sequence[str] = ()) -> Breakers:
    """Breakers that saw these sends end."""
    breakers = Breakers()
    for outcome in outcomes:
        breakers.seen(outcome, at, probes)
    return breakers


def test_all_is_open_to_everybody_at_first() -> None:
    assert told().gate(NOON) == Gate()
    assert told().next_probe() is None
    assert told().in_words(NOON) is None


@pytest.mark.parametrize(
    ("outcome", "closed"), [(NO_CONTACT, EMAIL), (NO_PROVIDER, SMS), (Unknown("data", "no-answer"), EMAIL),
                            (Unknown("sms", "sms-no-answer", 504), SMS)]
)  # fmt: skip
def test_three_in_a_row_close_a_way_and_no_other(outcome: Outcome, closed: frozenset[str]) -> None:
    assert told(outcome, outcome).gate(NOON) == Gate()
    breakers = told(outcome, outcome, outcome)
    assert breakers.gate(NOON) == Gate(closed=closed)
    assert breakers.down == closed


def test_one_that_works_between_them_begins_the_count_anew() -> None:
    assert told(NO_CONTACT, NO_CONTACT, Sent(), NO_CONTACT, NO_CONTACT).gate(NOON) == Gate()
    assert told(NO_CONTACT, NO_CONTACT, AddressRefused("rcpt", 550), NO_CONTACT).gate(NOON) == Gate()
    assert told(NO_CONTACT, NO_CONTACT, Sent("sms", 201), NO_CONTACT).gate(NOON).closed == EMAIL


def test_a_refusal_of_us_closes_at_once_and_is_an_alarm() -> None:
    breakers = told(REFUSES_US)
    assert breakers.gate(NOON).closed == EMAIL
    [news] = breakers.news
    assert (news.way, news.opened, news.alarm, news.reason) == (
        MAIL_SERVER, True, True, "server-refuses-us 535 at hello"
    )  # fmt: skip


def test_a_wish_to_be_left_alone_for_a_while_is_obeyed_to_the_second() -> None:
    breakers = told(Retry("sms", "sms-busy", 429, trouble=SMS_PROVIDER, after=7.0))
    assert breakers.gate(NOON + 6.9) == Gate(closed=SMS)
    assert breakers.gate(NOON + 7.0).probes == (SMS_PROVIDER,)


def test_while_it_is_closed_one_message_every_half_minute_tries_it() -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    assert breakers.gate(NOON + 29.9) == Gate(closed=EMAIL)
    gate = breakers.gate(NOON + 30)
    assert gate == Gate(most=1, probes=(MAIL_SERVER,))
    breakers.probing(gate, NOON + 30)
    assert breakers.gate(NOON + 31) == Gate(closed=EMAIL), "one, not one a turn"
    breakers.seen(NO_CONTACT, NOON + 38, gate.probes)
    assert breakers.next_probe() == NOON + 68
    assert breakers.down == EMAIL


def test_a_try_that_works_opens_it_for_all_and_says_so() -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    breakers.news.clear()
    gate = breakers.gate(NOON + 30)
    breakers.probing(gate, NOON + 30)
    breakers.seen(Sent(), NOON + 31, gate.probes)
    assert breakers.gate(NOON + 31) == Gate()
    assert [(news.way, news.opened) for news in breakers.news] == [(MAIL_SERVER, False)]


@pytest.mark.parametrize("outcome", [ToCall(PHONE, "prefers-phone"), LetGo(), Postponed(2.0), Sent("sms", 201)])
def test_a_try_that_never_got_there_is_followed_by_the_next_at_once(outcome: Outcome) -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    gate = breakers.gate(NOON + 30)
    breakers.probing(gate, NOON + 30)
    breakers.seen(outcome, NOON + 31, gate.probes)
    assert breakers.gate(NOON + 31).probes == (MAIL_SERVER,)


def test_nothing_at_all_goes_without_the_look_up_and_nobody_is_called_for_it() -> None:
    breakers = told(NO_LOOK_UP, NO_LOOK_UP, NO_LOOK_UP)
    assert breakers.gate(NOON).most == 0
    assert breakers.gate(NOON + 30) == Gate(most=1, probes=(REGISTRATION,))
    assert breakers.down == frozenset()


def test_whatever_comes_after_the_look_up_shows_that_it_works() -> None:
    assert told(NO_LOOK_UP, NO_LOOK_UP, NO_LOOK_UP, NO_CONTACT).gate(NOON) == Gate()
    by_choice = ToCall(PHONE, "prefers-phone")
    assert told(NO_LOOK_UP, NO_LOOK_UP, NO_LOOK_UP, by_choice).gate(NOON) == Gate()


@pytest.mark.parametrize(
    "outcome", [Retry("accident", "accident"), Unknown("data", "accident"), ToCall(PHONE, NOT_OUT, phase="planning")]
)
def test_an_accident_of_ours_or_a_call_without_a_look_up_says_nothing_about_any_way(outcome: Outcome) -> None:
    assert told(NO_LOOK_UP, NO_LOOK_UP, NO_LOOK_UP, outcome).gate(NOON).most == 0
    assert told(NO_CONTACT, NO_CONTACT, NO_CONTACT, outcome).gate(NOON).closed == EMAIL
    assert told(outcome, outcome, outcome).gate(NOON) == Gate()


def test_two_ways_at_once_have_a_try_each() -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    for _ in range(3):
        breakers.seen(NO_PROVIDER, NOON + 10)
    assert breakers.gate(NOON + 10) == Gate(closed=EMAIL | SMS)
    assert breakers.gate(NOON + 30) == Gate(most=1, closed=SMS, probes=(MAIL_SERVER,))
    assert breakers.next_probe() == NOON + 30


def test_it_says_in_words_what_is_the_matter_and_since_when() -> None:
    said = told(NO_CONTACT, NO_CONTACT, NO_CONTACT).in_words(NOON + 12)
    assert said == "the mail server: no-contact at connect, for 12 s, a try every 30 s"


def test_with_nothing_to_try_it_with_nobody_says_for_hours_that_a_way_is_closed() -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    assert breakers.gate(NOON + 630 - 1).probes == ("mail-server",)
    assert breakers.in_words(NOON + 630 - 1)
    assert breakers.gate(NOON + 630) == Gate()
    assert breakers.in_words(NOON + 630) is None
    breakers.seen(NO_CONTACT, NOON + 700)
    assert breakers.gate(NOON + 700) == Gate(closed=EMAIL), "one failure is enough now"


def test_a_way_that_is_tried_all_the_time_stays_closed_as_long_as_it_fails() -> None:
    breakers = told(NO_CONTACT, NO_CONTACT, NO_CONTACT)
    for at in range(30, 1200, 30):
        gate = breakers.gate(NOON + at)
        assert gate.probes, at
        breakers.probing(gate, NOON + at)
        breakers.seen(NO_CONTACT, NOON + at, gate.probes)
