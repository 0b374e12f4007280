"""The file of a backup: a zip of tables as lines, the ledger of erasures, and last the manifest."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from pydantic import ValidationError

from shared.operators.backup.manifest import FORMAT, Manifest, TableCopy

MANIFEST, LEDGER = "manifest.json", "registration-erasures.jsonl"
_AT_ONCE = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
"""What reading a damaged zip may raise."""


class DamagedBackupError(Exception):
    """The file is no backup, was cut off or changed, or a newer version wrote it. Says which, in one sentence."""


class ArchiveWriter:
    """Adds the parts one after another; `finish` last, within the `with` block."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3)

    def add_table(self, service: str, table: str, columns: list[str], lines: Iterable[bytes]) -> TableCopy:
        """Write the rows of one table."""
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(_name(service, table), "w", force_zip64=True) as part:
            for line in lines:
                part.write(line)
                digest.update(line)
                rows += 1
        return TableCopy(columns=columns, rows=rows, sha256=digest.hexdigest())

    def add_ledger(self, content: bytes) -> str:
        """Write the ledger of erasures; returns its digest."""
        self._zip.writestr(LEDGER, content)
        return hashlib.sha256(content).hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Without the manifest it is no backup."""
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=1))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


class Archive:
    """A backup that was read through once: every part is there, and adds up to what the manifest says."""

    def __init__(self, path: Path) -> None:
        """DamagedBackupError when it does not; OSError when the file cannot be opened."""
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
            self.manifest = _manifest(self._zip)
            self._check()
        except DamagedBackupError:
            self._file.close()
            raise
        except _BROKEN as error:
            self._file.close()
            raise DamagedBackupError(f"{path} is no backup, or it is damaged ({type(error).__name__})") from None

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def lines(self, service: str, table: str) -> Iterator[bytes]:
        """The rows of one table."""
        with self._zip.open(_name(service, table)) as part:
            yield from part

    def ledger(self) -> bytes:
        """Empty where the backup has none."""
        return self._zip.read(LEDGER) if self.manifest.ledger_sha256 else b""

    def _check(self) -> None:
        wanted = {
            _name(service, table): copy.sha256
            for service, database in self.manifest.databases.items()
            for table, copy in database.tables.items()
        }
        if self.manifest.ledger_sha256:
            wanted[LEDGER] = self.manifest.ledger_sha256
        if sorted(self._zip.namelist()) != sorted([*wanted, MANIFEST]):
            raise DamagedBackupError("the backup has other parts than its manifest says")
        for name, sha256 in wanted.items():
            with self._zip.open(name) as part:
                if _digest(part) != sha256:
                    raise DamagedBackupError(f"the backup is damaged: {name} is not what was written")


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    content = archive.read(MANIFEST)
    try:
        found = Manifest.model_validate_json(content)
    except ValidationError:
        raise DamagedBackupError("the backup's manifest cannot be read: damaged, or of a newer version") from None
    if found.format > FORMAT:
        raise DamagedBackupError(f"the backup has format {found.format}; this version knows none after {FORMAT}")
    return found


def _digest(part: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := part.read(_AT_ONCE):
        digest.update(piece)
    return digest.hexdigest()


def _name(service: str, table: str) -> str:
    return f"{service}/{table}.jsonl"


@contextmanager
def new_private_file(path: Path) -> Iterator[IO[bytes]]:
    """A file with mode 0600 that is there whole, and on disk, when the block ends, or not at all.

    FileExistsError where there is one already: a backup never overwrites another.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink()
