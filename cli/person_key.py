"""Whether the person key at hand is the one behind a backup's pids, without a word of it in the file."""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path

from cli.data_folder import PERSON_KEY, find_key
from cli.errors import Complaint

_PURPOSE = b"which person key is behind a backup"
_SHOWN = 16


def fingerprint(folder: Path, environ: Mapping[str, str]) -> str | None:
    """Of the key in the environment or the data folder; nothing leads back from it. None: there is no key."""
    key = find_key(PERSON_KEY, folder, environ)
    return hmac.new(key.encode(), _PURPOSE, hashlib.sha256).hexdigest()[:_SHOWN] if key else None


def demand_key(wanted: str | None, folder: Path, environ: Mapping[str, str]) -> None:
    """Complains where the key is missing or another: with it everybody in the backup would be somebody new."""
    found = fingerprint(folder, environ)
    if wanted is None or found == wanted:
        return
    trouble = "is not the one" if found else "is missing: restore needs the one"
    raise Complaint(
        f"The person key {trouble} that was used when the backup was made. Put it into {folder / 'person-key'} or"
        f" {PERSON_KEY}. If it is lost for good: --lost-person-key, and whoever is told of again is somebody new."
    )
