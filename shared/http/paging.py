"""Cursors: opaque outside, a list of values inside, checked on the way back."""

import base64
import binascii
from typing import Any

import orjson

from shared.errors import FieldFault, Refusal


def encode_cursor(values: list[Any]) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode_cursor(text: str) -> list[Any]:
    """The values of `encode_cursor`; refuses as `invalid` what we never gave out."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _bad_cursor() from error
    if not isinstance(values, list):
        raise _bad_cursor()
    return values


def _bad_cursor() -> Refusal:
    return Refusal("invalid", "the cursor is none of ours", (FieldFault("cursor", "cursor", "use `next` as it was"),))
