"""Cursors come back as they went, and strangers' are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Refusal
from shared.http.paging import decode_cursor, encode_cursor


@given(st.lists(st.one_of(st.text(), st.integers(-(2**53), 2**53), st.none())))
def test_a_cursor_comes_back_as_it_went(values: list[object]) -> None:
    assert decode_cursor(encode_cursor(values)) == values


@pytest.mark.parametrize("text", ["nonsense", "e30", "é", "===="])
def test_a_cursor_of_nobody_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        decode_cursor(text)
    assert refused.value.code == "invalid"
