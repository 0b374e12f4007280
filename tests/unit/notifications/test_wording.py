"""The Dutch words: what happens and what to do first, absolute days, short sentences, nothing that hurts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain.facts import ActivityVersion
from services.notifications.domain.policy import KINDS
from services.notifications.domain.wording import Words, day_and_time, greeting, sms_text, spoken_text, words
from tests.unit.notifications.builders import START, activity, signup

HERE = {"contact_phone": "0546 000000", "address": "Marktstraat 1"}
FIRST = activity(HERE).latest
CHANGES: dict[str, dict[str, object]] = {
    "time": {"starts_at": START + timedelta(days=1), "ends_at": START + timedelta(days=1, hours=2)},
    "end": {"ends_at": START + timedelta(hours=3)},
    "end on another day": {"ends_at": START + timedelta(days=1)},
    "place": {"place": "Het Trefpunt"},
    "title": {"title": "Grote bingo"},
    "all": {"title": "Grote bingo", "starts_at": START + timedelta(days=1), "place": "Het Trefpunt"},
    "nothing": {},
}


Who = dict[str, Any]
WAITING: Who = {"status": "waitlisted", "confirmed_at": None}
WHO: dict[str, Who] = {"participant": {}, "volunteer": {"role": "volunteer"}, "waiting": WAITING}


def version(**changes: object) -> ActivityVersion:
    return activity(HERE, changes).latest


def say(kind: str, what: ActivityVersion = FIRST, known: ActivityVersion | None = FIRST) -> Words:
    return words(kind, signup(), what, known)


def variants() -> Iterator[tuple[str, str, ActivityVersion, ActivityVersion | None, Who]]:
    """Name, kind, activity, what was known, who; for every kind, with and without a number, and every change."""
    for number in ("0546 000000", None):
        for name, who in WHO.items():
            for kind in KINDS:
                yield f"{kind} {name} {number}", kind, version(contact_phone=number), FIRST, who
            for change, changes in CHANGES.items():
                new = version(contact_phone=number, **changes)
                yield f"change {change} {name} {number}", "change", new, FIRST, who
            cancelled, now = version(status="cancelled"), version(contact_phone=number)
            yield f"restored {name} {number}", "change", now, cancelled, who
            yield f"never told {name} {number}", "change", now, None, who
            stopped = version(status="cancelled", reason="De zaal is dicht.", contact_phone=number)
            yield f"with a reason {name} {number}", "cancellation", stopped, FIRST, who


every_variant = pytest.mark.parametrize(
    ("kind", "what", "known", "who"),
    [pytest.param(*rest, id=name) for name, *rest in variants()],
)
PASSIVE = re.compile(
    r"\b(word(t|en)|werd(en)?|(bent|is|zijn|was) (\w+ ){0,3}"
    r"(aangemeld|afgemeld|geannuleerd|afgelast|verplaatst|bezet|gewijzigd|uitgenodigd|geplaatst))\b"
)
FORBIDDEN = re.compile(
    r"eenza|\b(morgen|vandaag|gisteren|je|jij|jou|jouw|event|location|update|reminder|meeting|tickets?|mail|link|"
    r"i\.v\.m|t/m|bijv|evt|o\.a|d\.w\.z|nr|tel|incl|excl|max|min|ivm|mbt|ma|di|wo|do|vr|za|zo|okt|nov|dec)\b"
)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!]) ", text)


def all_texts(kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who) -> list[str]:
    """Subject, mail and letter, text message, telephone."""
    person = signup(**who, party_size=3)
    made = words(kind, person, what, known)
    labels = ". ".join(label for label, _ in made.facts)
    return [
        made.subject,
        *made.paragraphs,
        labels,
        sms_text(kind, person, what, known),
        spoken_text(kind, person, what, known),
    ]


@every_variant
def test_sentences_have_at_most_fifteen_words(
    kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who
) -> None:
    texts = all_texts(kind, what, known, who)
    assert [one for text in texts for one in sentences(text) if len(one.split()) > 15] == []


@every_variant
def test_sentences_are_active_dutch_without_abbreviations_that_says_u(
    kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who
) -> None:
    everything = " ".join(all_texts(kind, what, known, who)).lower()
    assert PASSIVE.search(everything) is None
    assert FORBIDDEN.search(everything) is None


@every_variant
def test_the_first_sentence_says_what_happens_and_what_to_do(
    kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who
) -> None:
    person = signup(**who)
    first = sentences(words(kind, person, what, known).paragraphs[0])[0]
    assert what.title in first
    assert re.search(r"\b(kom|komen|hoeft niet te komen|let op|wachtlijst)\b", first.lower())
    assert first in spoken_text(kind, person, what, known)
    assert sms_text(kind, person, what, known).startswith(first)


@every_variant
def test_every_way_out_says_the_day_and_the_time_in_full(
    kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who
) -> None:
    when = day_and_time(what.starts_at)
    assert re.fullmatch(r"[a-z]+dag \d+ [a-z]+ om \d\d:\d\d uur", when)
    person = signup(**who)
    first = words(kind, person, what, known).paragraphs[0]
    for text in (first, sms_text(kind, person, what, known), spoken_text(kind, person, what, known)):
        assert when in text


@every_variant
def test_whom_to_call_is_said_wherever_there_is_a_number(
    kind: str, what: ActivityVersion, known: ActivityVersion | None, who: Who
) -> None:
    person = signup(**who)
    closing = words(kind, person, what, known).paragraphs[-1]
    number = what.contact_phone
    assert closing.endswith(f"Bel {number}." if number else " de organisatie van uw aanmelding.")
    asks = kind in ("cancellation", "waiting-list") or (kind == "change" and who is WAITING)
    assert closing.startswith("Hebt u een vraag?" if asks else "Kunt u niet komen?")
    assert number is None or number in sms_text(kind, person, what, known)


def test_the_rules_notice_what_they_forbid() -> None:
    for wrong in ("u bent voor bingo aangemeld", "de bingo wordt verplaatst", "de tijd is gewijzigd"):
        assert PASSIVE.search(wrong)
    for wrong in ("u bent niet eenzaam", "tot morgen", "zo. 25 okt.", "een link", "jouw plaats"):
        assert FORBIDDEN.search(wrong)


def test_a_moment_is_written_in_full_and_in_local_time() -> None:
    assert day_and_time(START) == "zondag 15 november om 14:00 uur"
    assert day_and_time(START.replace(month=3, day=1, hour=23)) == "maandag 2 maart om 00:00 uur"


def test_a_change_says_what_is_new_and_what_it_was() -> None:
    said = say("change", version(**CHANGES["time"], place="Het Trefpunt")).paragraphs
    assert said[0] == "Let op: Bingo heeft een nieuwe tijd en plaats. Kom op maandag 16 november om 14:00 uur."
    assert said[1] == "Eerst was het zondag 15 november om 14:00 uur."
    assert said[2] == "De nieuwe plaats is Het Trefpunt, Marktstraat 1. Eerst was het De Schelf, Marktstraat 1."
    assert not [sentence for sentence in said if "naam" in sentence]


def test_another_end_is_told_only_where_the_start_stays() -> None:
    assert "Het eindigt nu om 17:00 uur." in say("change", version(ends_at=START + timedelta(hours=3))).paragraphs
    assert not [one for one in say("change", version(**CHANGES["time"])).paragraphs if "eindigt" in one]


def test_a_restored_activity_goes_ahead_after_all() -> None:
    said = say("change", version(), version(status="cancelled")).paragraphs
    assert said[0] == "Bingo gaat toch door: u kunt komen. Dat is op zondag 15 november om 14:00 uur."


@pytest.mark.parametrize("changes", [*CHANGES.values(), {"status": "scheduled"}])
def test_who_waits_for_a_place_is_told_a_change_and_never_asked_to_come(changes: dict[str, object]) -> None:
    """They were mailed "Kom op maandag", "u kunt komen" and "Kunt u niet komen?", and had no place."""
    known = version(status="cancelled") if "status" in changes else FIRST
    told = ("change", signup(**WAITING), version(**changes), known)
    made = words(*told)
    for text in (" ".join(made.paragraphs), sms_text(*told), spoken_text(*told)):
        assert "op de wachtlijst" in text
        assert re.search(r"Kom op|kunt komen|Kunt u|Komt u niet", text) is None
    assert "Kom nog niet." in made.paragraphs


def test_a_change_of_which_nobody_knows_what_it_is_claims_nothing() -> None:
    """The place was split over name and address in another way; it was told as a new name."""
    said = say("change", version(place="De Schelf, Marktstraat 1", address=None)).paragraphs
    assert said[0] == "Let op: er is iets anders bij Bingo. Dat is nu op zondag 15 november om 14:00 uur."
    assert not [one for one in said if "naam" in one]


def test_a_cancellation_gives_the_organisers_reason_on_one_line() -> None:
    said = say("cancellation", version(status="cancelled", reason="De zaal\r\nis dicht.")).paragraphs
    assert said[0].startswith("Bingo gaat niet door: u hoeft niet te komen.")
    assert said[1] == "De reden: De zaal is dicht."


def test_a_cancellation_names_the_day_that_the_person_knows() -> None:
    """It was moved and cancelled in one night: who knew of Sunday read that it would not take place on Monday."""
    gone = version(status="cancelled", title="Grote bingo", starts_at=START + timedelta(days=1))
    for text in (" ".join(say("cancellation", gone).paragraphs), spoken_text("cancellation", signup(), gone, FIRST)):
        assert "Het zou zijn op zondag 15 november om 14:00 uur. De oude naam is Bingo." in text.replace("\n", " ")
    assert "op zondag 15 november" in sms_text("cancellation", signup(), gone, FIRST)
    assert "op maandag 16 november" in say("cancellation", gone, version(status="cancelled")).paragraphs[0]


def test_a_reason_without_a_mark_ends_before_the_next_sentence() -> None:
    stopped = version(status="cancelled", reason="ziekte")
    assert spoken_text("cancellation", signup(), stopped, FIRST).endswith("De reden: ziekte. Hebt u nog een vraag?")


def test_the_begin_is_never_taken_for_the_new_end() -> None:
    """ "Bingo heeft een nieuwe eindtijd. Dat is op zondag 15 november om 14:00 uur." was when it begins."""
    later = version(ends_at=START + timedelta(hours=3))
    for text in (sms_text("change", signup(), later, FIRST), say("change", later).paragraphs[0]):
        assert "een nieuwe eindtijd. Het begint op zondag 15 november om 14:00 uur." in text


def test_a_title_with_a_mark_at_its_end_gets_no_second_one() -> None:
    said = say("reminder", version(title="Doet u mee?")).paragraphs[0]
    assert said.startswith("Dit is een herinnering: kom naar Doet u mee? Dat is op ")


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Mevrouw De Vries", "Beste mevrouw De Vries"),
        ("mw. De Vries", "Beste mevrouw De Vries"),
        ("De heer Bakker", "Beste meneer Bakker"),
        ("Dhr. Bakker", "Beste meneer Bakker"),
        ("Fam. Bakker", "Beste familie Bakker"),
        ("Mwangi Otieno", "Beste Mwangi Otieno"),
        ("Mevrouw", "Beste Mevrouw"),
        ("  ", "Goedendag"),
        (None, "Goedendag"),
    ],
)
def test_a_greeting_writes_the_title_small_and_in_full(name: str | None, greeted: str) -> None:
    assert greeting(name) == greeted


def test_a_party_is_told_how_many_places_it_has() -> None:
    assert "U hebt 3 plaatsen." in words("confirmation", signup(party_size=3), FIRST, None).paragraphs


def test_a_volunteer_helps() -> None:
    assert words("confirmation", signup(role="volunteer"), FIRST, None).subject == "U helpt mee: Bingo"


def test_on_the_phone_the_place_is_said_once_and_an_answer_is_asked() -> None:
    assert spoken_text("reminder", signup(), FIRST, None) == (
        "Ik bel u over Bingo. Dit is een herinnering: kom naar Bingo. Dat is op zondag 15 november om 14:00 uur. "
        "Wij zien u graag. De plaats is De Schelf, Marktstraat 1. Kunt u komen? Kunt u later toch niet? "
        "Bel dan 0546 000000."
    )
    moved = spoken_text("change", signup(), version(place="Het Trefpunt"), FIRST)
    assert moved.count("Het Trefpunt, Marktstraat 1") == 1
