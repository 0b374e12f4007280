"""Who is one person, and which references give a person away (contract section 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.persons import looks_like_bsn, looks_like_personal_data, person_id

KEY = b"k" * 32
refs = st.text("abc:123", min_size=1, max_size=6)


def test_a_pid_is_a_pure_function_of_partner_and_reference() -> None:
    assert person_id(KEY, "avedan", "client-1", None) == person_id(KEY, "avedan", "client-1", None)
    assert person_id(KEY, "avedan", "client-1", None) == "opof2ybcdosezdixxu46ocoqdf5iluyg"


def test_the_same_reference_at_two_partners_is_two_persons() -> None:
    assert person_id(KEY, "avedan", "client-1", None) != person_id(KEY, "humanitas", "client-1", None)


def test_the_same_shared_reference_is_one_person_across_partners_whatever_the_own_references() -> None:
    assert person_id(KEY, "avedan", "client-1", "pas-7") == person_id(KEY, "humanitas", "client-9", "pas-7")


def test_a_shared_reference_is_somebody_else_than_an_own_reference_of_the_same_text() -> None:
    assert person_id(KEY, "avedan", "pas-7", None) != person_id(KEY, "avedan", "client-1", "pas-7")


def test_lengths_keep_partner_and_reference_apart() -> None:
    assert person_id(KEY, "ab", "c", None) != person_id(KEY, "a", "bc", None)


@given(st.tuples(refs, refs), st.tuples(refs, refs))
def test_two_pairs_share_a_pid_only_if_they_are_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (person_id(KEY, *one, None) == person_id(KEY, *other, None)) == (one == other)


def test_nothing_is_trimmed_or_folded() -> None:
    assert len({person_id(KEY, "avedan", ref, None) for ref in ("Jan", "jan", " jan", "jan ")}) == 4


def test_another_key_makes_everybody_somebody_new() -> None:
    assert person_id(KEY, "avedan", "client-1", None) != person_id(b"x" * 32, "avedan", "client-1", None)


def test_a_pid_shows_nothing_of_the_reference_and_fits_in_a_subject() -> None:
    pid = person_id(KEY, "avedan", "client-1", None)
    assert pid.isalnum()
    assert len(pid) == 32
    assert "client" not in pid


@pytest.mark.parametrize(
    "ref",
    [
        "jan@example.org",
        "@",
        "0612345678",
        "06-12345678",
        "06 1234 5678",
        "(0546) 123456",
        "0546.123.456",
        "+31612345678",
        "+31 6 12345678",
        "0031612345678",
    ],
)
def test_an_address_or_a_telephone_number_is_no_reference(ref: str) -> None:
    assert looks_like_personal_data(ref)


@pytest.mark.parametrize(
    "ref", ["client-1", "12345678", "123456789", "1612345678", "061234567", "06123456789", "2026-0001", "pas.0546"]
)
def test_a_number_of_ones_own_is_a_reference(ref: str) -> None:
    assert not looks_like_personal_data(ref)


@pytest.mark.parametrize("ref", ["111222333", "123456782", "10000021"])
def test_what_passes_the_eleven_test_looks_like_a_bsn(ref: str) -> None:
    assert looks_like_bsn(ref)


@pytest.mark.parametrize(
    "ref", ["111222334", "123456789", "000000000", "00000000", "1112223330", "1112223", "c11122233", "111222333 "]
)
def test_what_fails_it_or_has_another_length_does_not(ref: str) -> None:
    assert not looks_like_bsn(ref)
