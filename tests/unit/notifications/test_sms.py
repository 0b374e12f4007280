"""Text messages: one segment each, whatever others wrote, and never without the day, the time and the number."""

import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.facts import ActivityVersion
from services.notifications.domain.policy import KINDS
from services.notifications.domain.wording import day_and_time, sms_text
from services.notifications.domain.wording.gsm import SEGMENT, gsm, septets
from tests.unit.notifications.builders import activity, signup

LONG = "Gezellige middag met koffie, gebak en muziek uit de jaren zestig voor iedereen in de buurt"
PLACE = "Buurthuis 't Hart van de Riet, zaal Twente"
FIRST, LAST = (datetime(year, 1, 1) for year in (2024, 2033))  # noqa: DTZ001  -- hypothesis adds the zone
WAITING: dict[str, Any] = {"status": "waitlisted", "confirmed_at": None}
EXTENSION = "€[]{}\\^~|"
lines = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200).filter(str.strip)
numbers = st.one_of(st.none(), st.from_regex(r"(\+31 ?|0)[0-9]{2,3}[ -][0-9]{6,7}", fullmatch=True))
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def told(**changes: Any) -> tuple[ActivityVersion, ActivityVersion]:
    """As it is now and as it was known."""
    found = activity({"contact_phone": "0546 000000", "address": "Marktstraat 1"}, changes)
    return found.latest, found.versions[0]


@pytest.mark.parametrize("who", [{}, {"role": "volunteer"}, WAITING])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", ["0546 000000", "+31 (0)546 12 34 56 t. 7", None])
def test_f36_a_long_title_and_place_give_way_and_nothing_else_does(
    kind: str, who: dict[str, Any], number: str | None
) -> None:
    at = datetime(2026, 9, 30, 12, tzinfo=UTC)
    now, known = told(title=LONG, place=PLACE, starts_at=at, ends_at=at + timedelta(hours=2), contact_phone=number)
    text = sms_text(kind, signup(**who), now, known)
    assert septets(text) <= SEGMENT
    assert day_and_time((known if kind == "cancellation" else now).starts_at) in text
    assert number is None or number in text
    assert "Gezellig" in text
    assert "Buurthui" in text or kind in ("cancellation", "waiting-list") or (kind == "change" and who is WAITING)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    who=st.sampled_from([{}, WAITING]),
    title=lines,
    place=lines,
    address=st.none() | lines,
    number=numbers,
    start=moments,
)
def test_f36_every_text_is_one_segment_with_its_day_time_and_number(
    kind: str, who: dict[str, Any], title: str, place: str, address: str | None, number: str | None, start: datetime
) -> None:
    changes = {"title": title, "place": place, "address": address, "contact_phone": number}
    now, known = told(**changes, starts_at=start, ends_at=start + timedelta(hours=2))
    text = sms_text(kind, signup(**who), now, known)
    assert septets(text) <= SEGMENT  # ValueError for a letter that would make it 70
    assert day_and_time(known.starts_at if kind == "cancellation" else start) in text
    assert number is None or f"Bel {number}." in text
    assert text == " ".join(text.split())


@settings(max_examples=100, deadline=None)
@given(text=lines)
def test_f36_what_replaces_a_letter_is_in_the_alphabet_and_stays_as_it_is(text: str) -> None:
    assert septets(gsm(text)) >= 0
    assert gsm(gsm(text)) == gsm(text)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("België, coëfficiënt", "Belgie, coefficient"),
        ("Haïti, ruïne", "Haiti, ruine"),
        ("bê á í ó ú ç", "be a i o u c"),
        ("‘Kom erbij’ – “nu” …", "'Kom erbij' - \"nu\" ..."),
        ("één café, crème, ö ü ä à ñ ß É", "één café, crème, ö ü ä à ñ ß É"),
        ("Ĳsselmeer œuvre Łódź Gökçe", "IJsselmeer oeuvre Lodz Gökce"),
        ("Bingo 🎉 feest", "Bingo feest"),
        ("½ uur`s\u00a0rust", "1/2 uur's rust"),
        ("e\u0301e\u0301n", "één"),
    ],
)
def test_f36_letters_that_a_text_message_lacks_are_replaced_by_the_nearest(written: str, sent: str) -> None:
    assert gsm(written) == sent


@pytest.mark.parametrize("letter", "ëïêáíóúç‘’“”–—…")
def test_f36_a_letter_that_makes_it_seventy_is_noticed(letter: str) -> None:
    with pytest.raises(ValueError, match="not in the GSM alphabet"):
        septets(f"Bingo {letter}")


def test_f36_letters_of_the_extension_table_count_twice() -> None:
    assert septets(string.ascii_letters) == len(string.ascii_letters)
    assert septets(EXTENSION) == 2 * len(EXTENSION)
    now, known = told(title=EXTENSION * 20)
    assert septets(sms_text("reminder", signup(), now, known)) <= SEGMENT


def test_f36_a_title_of_pictures_alone_is_still_named() -> None:
    assert "kom naar uw activiteit." in sms_text("reminder", signup(), told(title="🎉🎲")[0], None)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("0546 000000 (vraag naar Els van de receptie)", "Bel 0546 000000."),
        ("Els van de receptie: +31 (0)546-000000, of mail", "Bel +31 (0)546-000000."),
        ("vraag het aan de balie van het wijkcentrum", "Laat het weten."),
    ],
)
def test_f36_of_a_long_line_with_a_number_the_number_stays(written: str, sent: str) -> None:
    assert sms_text("reminder", signup(), told(contact_phone=written)[0], None).endswith(sent)


def test_f36_what_is_cut_ends_at_a_word_with_three_dots() -> None:
    text = sms_text("reminder", signup(), told(title=LONG, place=PLACE)[0], None)
    assert "kom naar Gezellige middag... Dat is op zondag 15 november om 14:00 uur." in text
