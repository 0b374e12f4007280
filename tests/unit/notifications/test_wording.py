"""The Dutch words: what happens first, absolute days, short sentences, nothing that hurts."""

import re
from datetime import timedelta

import pytest

from services.notifications.domain.facts import ActivityVersion
from services.notifications.domain.policy import KINDS
from services.notifications.domain.wording import Words, day_and_time, words
from tests.unit.notifications.builders import START, activity, signup

FIRST = activity({"contact_phone": "0546 000000", "address": "Marktstraat 1"}).latest


def version(**changes: object) -> ActivityVersion:
    return activity({"contact_phone": "0546 000000", "address": "Marktstraat 1"}, changes).latest


def say(kind: str, what: ActivityVersion = FIRST, known: ActivityVersion | None = FIRST) -> Words:
    return words(kind, signup(), what, known)


def test_a_moment_is_written_in_full_and_in_local_time() -> None:
    assert day_and_time(START) == "zondag 15 november om 14:00 uur"
    assert day_and_time(START.replace(month=3, day=1, hour=23)) == "maandag 2 maart om 00:00 uur"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_with_what_happens_and_says_whom_to_call(kind: str) -> None:
    found = say(kind, version(title="Grote bingo") if kind == "change" else FIRST)
    assert "ingo" in found.paragraphs[0]
    assert found.paragraphs[-1].endswith("Bel 0546 000000.")
    assert found.facts[0] == ("Wat", "Grote bingo" if kind == "change" else "Bingo")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_number_it_says_which_organisation_to_tell_or_ask(kind: str) -> None:
    """It once said "Zeg het tegen de organisatie", to people who knew of more than one."""
    closing = say(kind, version(title="Grote bingo", contact_phone=None)).paragraphs[-1]
    assert closing.endswith(" de organisatie waar u bent aangemeld.")
    assert closing.startswith("Hebt u een vraag?" if kind in ("cancellation", "waiting-list") else "Kunt u niet komen?")


@pytest.mark.parametrize("phone", ["0546 000000", None])
@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_short_and_in_plain_dutch(kind: str, phone: str | None) -> None:
    changed = version(
        contact_phone=phone, title="Grote bingo", starts_at=START + timedelta(days=1), place="Het Trefpunt"
    )
    found = say(kind, changed)
    for sentence in re.split(r"(?<=[.?!]) ", " ".join(found.paragraphs)):
        assert len(sentence.split()) <= 15, sentence
    everything = " ".join((found.subject, *found.paragraphs)).lower()
    assert not re.search(r"\b(eenzaam|eenzaamheid|morgen|vandaag|i\.v\.m\.|t/m|event|je|jij|jouw)\b", everything)


def test_a_change_says_what_is_new_and_what_it_was() -> None:
    said = say("change", version(starts_at=START + timedelta(days=1), place="Het Trefpunt")).paragraphs
    assert "De nieuwe tijd is maandag 16 november om 14:00 uur. Eerst was het zondag 15 november om 14:00 uur." in said
    assert "De nieuwe plaats is Het Trefpunt, Marktstraat 1. Eerst was het De Schelf, Marktstraat 1." in said
    assert not [sentence for sentence in said if "naam" in sentence]


def test_another_end_is_told_only_where_the_start_stays() -> None:
    said = say("change", version(ends_at=START + timedelta(hours=3))).paragraphs
    assert "Het is nu afgelopen om 17:00 uur." in said


def test_a_restored_activity_goes_ahead_after_all() -> None:
    cancelled = version(status="cancelled")
    said = say("change", version(), cancelled).paragraphs
    assert said[0] == "Bingo gaat toch door. U kunt komen op zondag 15 november om 14:00 uur."


def test_a_cancellation_gives_the_organisers_reason_on_one_line() -> None:
    said = say("cancellation", version(status="cancelled", reason="De zaal\r\nis dicht.")).paragraphs
    assert said[0] == "Bingo op zondag 15 november om 14:00 uur gaat niet door. U hoeft niet te komen."
    assert said[1] == "De reden: De zaal is dicht."


def test_a_party_is_told_how_many_places_it_has() -> None:
    assert "U hebt 3 plaatsen." in words("confirmation", signup(party_size=3), FIRST, None).paragraphs


def test_a_volunteer_helps() -> None:
    assert words("confirmation", signup(role="volunteer"), FIRST, None).subject == "U helpt mee: Bingo"
