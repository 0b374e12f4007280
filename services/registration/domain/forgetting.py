"""Names for people who are to be nobody: tokens, marks, and what a late fact of a forgotten sign-up is told of."""

import base64
import hashlib
import hmac
import secrets

_MARKS = b"komerbij: marks of erasures"
_LATE = b"komerbij: late facts of forgotten sign-ups"


def new_token() -> str:
    """What takes the place of a pid, once; nothing leads back from it."""
    return f"erased-{secrets.token_hex(16)}"


def new_mark() -> str:
    """The name of one erasure."""
    return secrets.token_hex(16)


def hashed_person(person_key: bytes, pid: str) -> str:
    """A pid as a mark keeps it: under a key of its own, so that the pid cannot be told from it."""
    return hmac.new(_derived(person_key, _MARKS), pid.encode(), hashlib.sha256).hexdigest()


def late_person_id(person_key: bytes, signup_ref: str) -> str:
    """Who came by a sign-up whose person is forgotten: somebody new, the same for every fact about that sign-up.

    So a correction replaces the fact before it, also after a restored backup has forgotten the person once more.
    """
    digest = hmac.new(_derived(person_key, _LATE), signup_ref.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def _derived(person_key: bytes, purpose: bytes) -> bytes:
    return hmac.new(person_key, purpose, hashlib.sha256).digest()
