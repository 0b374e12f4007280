"""What can stand in a cell besides a date: words, numbers, yes or no, telephone numbers, words of a code list."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

Read = Callable[[str], Any]
"""From the text of a cell that is not empty. Raises CellFault."""

YES = frozenset({"ja", "j", "yes", "y", "true", "waar", "x", "1"})
NO = frozenset({"nee", "n", "no", "false", "onwaar", "0"})

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64})?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,0+)?")
_NUMBER = re.compile(r"([+-]?\d+)(?:[.,](\d+))?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_MOBILE_WITHOUT_ZERO = re.compile(r"6[ -]?(\d[ -]?){8}")


class CellFault(Exception):  # noqa: N818  -- the operator's to mend, not a defect
    """A cell cannot be read; the message is a sentence without the value."""


def text(cell: str) -> str:
    """As it stands, formulas included: nothing in a cell is ever calculated."""
    return cell


def is_id(word: str) -> bool:
    """Could that be an id (contract section 3)?"""
    return bool(_ID.fullmatch(word))


def own_id(cell: str) -> str:
    """A partner's own id."""
    if not is_id(cell):
        raise CellFault("must be 1 to 64 of letters, digits, dot, dash and underscore, without spaces")
    return cell


def reference(cell: str) -> str:
    """An id of one's own, or `partnerId/id` for another partner's thing."""
    if not _REFERENCE.fullmatch(cell):
        raise CellFault("must be an id without spaces (letters, digits, dot, dash, underscore), or partner/id")
    return cell


def whole(cell: str) -> int:
    """A whole number: `12`, `12,0`, `1.200`. `1,200` could be one or twelve hundred and is refused."""
    if _SCIENTIFIC.fullmatch(cell):
        raise CellFault("was shortened by the spreadsheet program; format the column as a number and save again")
    if _THOUSANDS.fullmatch(cell):
        return int(cell.partition(",")[0].replace(".", ""))
    if _AMBIGUOUS.fullmatch(cell):
        raise CellFault("could be read in two ways; write it without a comma")
    found = _NUMBER.fullmatch(cell)
    if found is None:
        raise CellFault("must be a whole number")
    if found[2] and found[2].strip("0"):
        raise CellFault("must be a whole number, without decimals")
    return int(found[1])


def whole_or_taken_back(cell: str) -> int | None:
    """A whole number, or the word that takes an earlier count back."""
    return None if folded(cell) in ("ingetrokken", "void") else whole(cell)


def flag(cell: str) -> bool:
    """Yes or no."""
    word = folded(cell)
    if word in YES | NO:
        return word in YES
    raise CellFault("must be ja or nee")


def phone(cell: str) -> str:
    """A telephone number; spreadsheet programs take the 0 off a mobile number, which is given back."""
    if _SCIENTIFIC.fullmatch(cell):
        raise CellFault("was shortened by the spreadsheet program; format the column as text and fill it in again")
    return "0" + cell if _MOBILE_WITHOUT_ZERO.fullmatch(cell) else cell


def folded(word: str) -> str:
    """A word without case, accents and whatever is no letter or digit: how names and labels are compared."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if character.isalnum())


def one_of(labels: Mapping[str, tuple[str, ...]], also: Mapping[str, str] | None = None) -> Read:
    """A code by itself, by a label in Dutch or English, or by another word in use (`also`: word -> code)."""
    words = {folded(word): code for code, names in labels.items() for word in (code, *names)}
    words.update({folded(word): code for word, code in (also or {}).items()})
    shown = ", ".join(names[0] if names else code for code, names in labels.items())

    def read(cell: str) -> str:
        code = words.get(folded(cell))
        if code is None:
            raise CellFault(f"must be one of: {shown}")
        return code

    return read
