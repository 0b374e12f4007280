"""JSON that means one thing only, and what the caller takes."""

import asyncio

import pytest
from starlette.requests import Request

from shared.errors import Refusal
from shared.http.accept import refuse_unacceptable
from shared.http.bodies import DEEPEST, refuse_encoding, strict_json, whole


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"[]" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b'{"a": NaN}', "json"),
        (b'{"a": Infinity}', "json"),
        (b'{"a": 1e999}', "json"),
        (b'"\xff"', "json"),
        ('{"a": 1}'.encode("utf-16"), "json"),
        (b'\xef\xbb\xbf{"a": 1}', "json"),
        (rb'"\ud800"', "json"),
        (b'{"a": 1} {"a": 1}', "json"),
        (b'{"a": 1, "a": 1}', "duplicate-member"),
        (rb'{"a": 1, "\u0061": 2}', "duplicate-member"),
        (b'[{"b": {"a": 1, "c": 2, "a": 3}}]', "duplicate-member"),
        (nested(DEEPEST + 1), "too-deep"),
        (b"[" * 1000 + b"]" * 1000, "too-deep"),
        (b"[" * 100_000 + b"]" * 100_000, "json"),
    ],
)
def test_what_readers_could_understand_in_two_ways_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        strict_json(raw)
    assert refused.value.code == "invalid"
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": {"a": 1}, "b": [{"a": 2}]}', {"a": {"a": 1}, "b": [{"a": 2}]}),
        (b"[" + b",".join([b'{"a": {}}'] * 50) + b"]", [{"a": {}}] * 50),
        (b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 26}),
        (b"12345678901234567890", 12345678901234567890),
    ],
)
def test_the_same_name_at_another_place_and_breadth_are_fine(raw: bytes, value: object) -> None:
    assert strict_json(raw) == value


@pytest.mark.parametrize("value", [b"{}", b"1", b'""', b"[]"])
def test_millions_of_tiny_values_are_refused_before_they_are_made(value: bytes) -> None:
    raw = b"[" + b",".join([value] * 1_000_000) + b"]"
    with pytest.raises(Refusal) as refused:
        strict_json(raw)
    assert refused.value.code == "too-large"


def test_twenty_levels_are_enough_and_allowed() -> None:
    assert strict_json(nested(DEEPEST))


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/json", "application/*;q=0.1", "text/html, */*;q=0.8", "APPLICATION/JSON; charset=utf-8"],
)
def test_json_suits(accept: str) -> None:
    refuse_unacceptable(request(accept=accept), ["application/json"])


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "application/json;q=0, */*", "text/*", "application/xml", "json;q"]
)
def test_json_does_not_suit(accept: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_unacceptable(request(accept=accept), ["application/json"])
    assert refused.value.code == "not-acceptable"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
def test_a_compressed_body_is_not_unpacked(coding: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_encoding(request(content_encoding=coding))
    assert refused.value.code == "unsupported-media-type"


def test_identity_is_no_compression() -> None:
    refuse_encoding(request(content_encoding="identity"))


def stalling(*parts: bytes) -> Request:
    """A caller who sends some parts, and then nothing more without hanging up."""
    left = list(parts)

    async def receive() -> dict[str, object]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


async def test_who_stalls_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.http.bodies.LONGEST_SILENCE", 0.05)
    with pytest.raises(Refusal) as refused:
        await whole(stalling(b"{", b'"a'))
    assert refused.value.code == "invalid"


def test_an_object_with_more_members_than_any_of_ours_is_refused_before_each_is_told_of() -> None:
    raw = b"{" + b",".join(b'"m%d":1' % number for number in range(101)) + b"}"
    with pytest.raises(Refusal) as refused:
        strict_json(raw)
    assert [fault.code for fault in refused.value.faults] == ["too-many-members"]
