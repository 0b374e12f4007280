"""The secret of a folder of sheets: names for what a row says that nobody can guess back to the row."""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from cli.errors import Complaint

NAME: Final = "komerbij.key"
"""The file beside the sheets."""

_TEXT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Secret:
    """32 random bytes. Without them a number that was made from a reference says nothing about anybody."""

    octets: bytes = field(repr=False)

    def code(self, purpose: str, *parts: Any) -> str:
        """40 hexadecimal digits (HMAC-SHA-256, cut off) that are the same for the same parts and purpose only."""
        said = orjson.dumps([purpose, *parts], option=orjson.OPT_SORT_KEYS)
        return hmac.new(self.octets, said, hashlib.sha256).hexdigest()[:40]


def secret_beside(sheet: Path, *, keep: bool) -> Secret:
    """The secret of the sheet's folder, the same for every sheet there.

    Where there is none yet it is made and kept; with `keep` False it is made for this once (a dry run leaves nothing).
    Complains where the file cannot be read, written or understood: with another secret every row would be new.
    """
    path = sheet.absolute().with_name(NAME)
    try:
        return _read(path)
    except FileNotFoundError:
        return _made(path) if keep else Secret(secrets.token_bytes(32))


def _read(path: Path) -> Secret:
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(path, type(error).__name__) from None
    if not _TEXT.fullmatch(text):
        raise _unreadable(path, "it holds no key")
    return Secret(bytes.fromhex(text))


def _unreadable(path: Path, why: str) -> Complaint:
    return Complaint(
        f"{path} cannot be read ({why}). The numbers of sign-ups come from it: put your copy of it back. "
        "Without one remove it; the sheets in this folder are then new."
    )


def _made(path: Path) -> Secret:
    """A new one. Where another load made one in the meantime, that one holds."""
    octets = secrets.token_bytes(32)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(octets.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise _unwritable(path, error) from None
    return Secret(octets)


def _unwritable(path: Path, error: OSError) -> Complaint:
    return Complaint(f"{path} cannot be written: {error.strerror}. Copy the sheet to a folder of your own.")
