"""Telephone numbers as people write them: to which of them a text message can go."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_HOME = "NL"


@dataclass(frozen=True, slots=True, repr=False)
class Telephone:
    """A number that exists. Has no readable form, so that no log or traceback shows it."""

    e164: str
    mobile: bool
    """Surely a mobile one, of whatever country; where a country's mobile and fixed numbers look alike: no."""


def telephone(text: str) -> Telephone | None:
    """Dutch unless it begins with + or 00; None for what is no valid number. Somebody who calls may still read it."""
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE and not number.extension
    return Telephone(phonenumbers.format_number(number, PhoneNumberFormat.E164), mobile)
