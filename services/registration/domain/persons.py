"""Who is one person, and which references give a person away."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CONTACT_MEMBERS = ("name", "email", "phone", "address", "reach_via")
_SEPARATORS = re.compile(r"[\s().-]")
_PHONE = re.compile(r"^(0\d{9}|(\+31|0031)\d{9})$")


@dataclass(frozen=True, slots=True)
class Participant:
    """A person as a partner names one. `contact` holds only the members that were given; None clears one."""

    ref: str
    shared_ref: str | None = None
    age_band: str | None = None
    neighbourhood: str | None = None
    contact: Mapping[str, object] = field(default_factory=dict)


def person_id(key: bytes, partner_id: str, ref: str, shared_ref: str | None) -> str:
    """The pid: a keyed HMAC of the shared reference or, without one, of partner and reference.

    Lengths keep ("ab", "c") and ("a", "bc") apart; nothing is trimmed or folded (contract section 3, one person).
    """
    parts = ("shared", shared_ref) if shared_ref else ("own", partner_id, ref)
    text = b"".join(f"{len(part.encode())}:{part}".encode() for part in parts)
    return base64.b32encode(hmac.new(key, text, hashlib.sha256).digest()[:20]).decode().lower()


def looks_like_personal_data(ref: str) -> bool:
    """An e-mail address or a telephone number may not serve as a reference."""
    return "@" in ref or bool(_PHONE.match(_SEPARATORS.sub("", ref)))


def looks_like_bsn(ref: str) -> bool:
    """8 or 9 digits that pass the eleven test; one in eleven numbers does so by chance, so it is only said aloud."""
    if not re.fullmatch(r"\d{8,9}", ref):
        return False
    digits = [int(digit) for digit in ref.zfill(9)]
    weighted = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighted % 11 == 0 and any(digits)
