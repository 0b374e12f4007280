"""The token in a link to stop reminders: which mail it stands in, and a mark that only we can make."""

import base64
import hashlib
import hmac
import re
import uuid

_WHOLE = re.compile(r"[A-Za-z0-9_-]{43}")
_ID_BYTES = 16


def whole(token: str) -> bool:
    """Has the form of ours; half a link has not. Says nothing about whether it is one."""
    return _WHOLE.fullmatch(token) is not None


def token_for(key: str, message_id: str) -> str:
    """Of one mail; says nothing about a person. ValueError where the id is none of ours (a UUID)."""
    name = uuid.UUID(message_id).bytes
    return base64.urlsafe_b64encode(name + _mark(key, name)).decode().rstrip("=")


def message_of(key: str, token: str) -> str | None:
    """The mail in which we put this token; None where we put it in none."""
    if not whole(token):
        return None
    raw = base64.urlsafe_b64decode(f"{token}=")
    name, mark = raw[:_ID_BYTES], raw[_ID_BYTES:]
    return str(uuid.UUID(bytes=name)) if hmac.compare_digest(mark, _mark(key, name)) else None


def _mark(key: str, name: bytes) -> bytes:
    """128 bits."""
    return hmac.new(key.encode(), name, hashlib.sha256).digest()[:_ID_BYTES]
