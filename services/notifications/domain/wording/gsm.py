"""The letters of a text message: the alphabet of GSM 03.38, in which 160 fit one segment, and what replaces others."""

import unicodedata

SEGMENT = 160
"""Septets in one text message; with one letter of another alphabet it would be 70 (guide notifications.md, 12)."""
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("€[]{}\\^~|")
"""Of the extension table: an escape and the letter, two septets."""
_NEAREST = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·", "-"),
        "…": "...",
        "×": "x",
        "÷": ":",
        "⁄": "/",
        "‹": "<",
        "›": ">",
        "œ": "oe",
        "Œ": "OE",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "ẞ": "SS",
        "©": "(c)",
        "®": "(R)",
    }
)


def gsm(text: str) -> str:
    """The same on one line in the GSM alphabet: `ë` becomes `e`, a curly quote a straight one, a picture nothing."""
    return " ".join("".join(_written(letter) for letter in unicodedata.normalize("NFC", text)).split())


def septets(text: str) -> int:
    """How long a text in the GSM alphabet is; ValueError for a letter that is not in it."""
    strange = set(text) - _BASIC - _TWICE
    if strange:
        raise ValueError(f"not in the GSM alphabet: {sorted(strange)}")
    return len(text) + sum(letter in _TWICE for letter in text)


def _written(letter: str) -> str:
    if letter in _BASIC or letter in _TWICE:
        return letter
    plain = unicodedata.normalize("NFKD", letter.translate(_NEAREST)).translate(_NEAREST)
    return "".join(one if one in _BASIC or one in _TWICE else " " if one.isspace() else "" for one in plain)
