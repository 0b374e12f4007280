"""The token in a link: it names a mail and no person, and nobody else can make one."""

import uuid

import pytest

from services.notifications.domain.links import message_of, token_for, whole

KEY, OTHER = "a" * 64, "b" * 64
ID = str(uuid.UUID(int=7))


def test_a_token_leads_back_to_its_mail_and_is_the_same_each_time() -> None:
    token = token_for(KEY, ID)
    assert whole(token)
    assert (message_of(KEY, token), token_for(KEY, ID)) == (ID, token)


def test_another_key_or_another_mail_makes_another_token() -> None:
    tokens = {token_for(KEY, ID), token_for(OTHER, ID), token_for(KEY, str(uuid.UUID(int=8)))}
    assert len(tokens) == 3
    assert message_of(OTHER, token_for(KEY, ID)) is None


@pytest.mark.parametrize("place", range(42))
def test_a_token_with_one_other_letter_is_nobodys(place: int) -> None:
    token = token_for(KEY, ID)
    other = "A" if token[place] != "A" else "B"
    assert message_of(KEY, token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "A" * 42, "A" * 44, "A" * 43, "é" * 43, "A" * 42 + "\n"])
def test_what_is_no_token_of_ours_is_nobodys(token: str) -> None:
    assert message_of(KEY, token) is None


def test_only_a_message_id_of_ours_gets_a_token() -> None:
    with pytest.raises(ValueError, match="UUID"):
        token_for(KEY, "seeded-call")
