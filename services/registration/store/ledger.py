"""The ledger of erasures: a file beside the database that no backup of the database takes back."""

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson

_log = logging.getLogger(__name__)


class Ledger:
    """One line an erasure: its mark, and a keyed hash of the pid that nothing leads back from. Only ever added to.

    Mode 0600; on disk before `add` returns. Raises OSError where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """Mark -> hash. A line that a crash cut off is passed over: the database has what it told."""
        with self._open() as file:
            return _parsed(_content(file))

    def add(self, marks: Mapping[str, str]) -> int:
        """Bring up to date; returns how many marks were new."""
        with self._open() as file:
            before = _content(file)
            known = _parsed(before)
            new = {mark: person for mark, person in marks.items() if mark not in known}
            if new:
                start = b"" if not before or before.endswith(b"\n") else b"\n"
                lines = (orjson.dumps({"mark": mark, "person": person}) + b"\n" for mark, person in new.items())
                _write(file, start + b"".join(lines))
                os.fsync(file)
        return len(new)

    @contextmanager
    def _open(self) -> Iterator[int]:
        """Locked: several processes may share a data folder."""
        new = not self._path.exists()
        file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if new:
                _sync_folder(self._path.parent)
            yield file
        finally:
            os.close(file)


def _content(file: int) -> bytes:
    parts = []
    os.lseek(file, 0, os.SEEK_SET)
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _parsed(content: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in content.splitlines():
        try:
            entry = orjson.loads(line)
            found[str(entry["mark"])] = str(entry["person"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            _log.warning("a line of the ledger of erasures cannot be read")
    return found


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
