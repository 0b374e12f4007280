"""The data folder: private, locked by one run, keeper of the keys."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cli.errors import Complaint

ADMIN_KEY = "KOMERBIJ_ADMIN_KEY"
SERVICE_KEY = "KOMERBIJ_SERVICE_KEY"
PERSON_KEY = "REGISTRATION_PERSON_KEY"

KEY_FILES: Mapping[str, str] = {ADMIN_KEY: "admin-key", SERVICE_KEY: "service-key", PERSON_KEY: "person-key"}
"""Variable -> file in the data folder (contract sections 2 and 8)."""

SHORTEST_KEY = 32
"""Characters; contract section 2."""


def data_path(given: Path | None, environ: Mapping[str, str]) -> Path:
    """`--data`, else `KOMERBIJ_DATA`, else `./var`; absolute, so that children need not share our working folder."""
    return (given or Path(environ.get("KOMERBIJ_DATA") or "var")).absolute()


def find_key(variable: str, folder: Path, environ: Mapping[str, str]) -> str | None:
    """A key that exists already: from the environment, else from the folder; None when there is none to be read."""
    if environ.get(variable):
        return environ[variable]
    try:
        return (folder / KEY_FILES[variable]).read_text().strip() or None
    except OSError:
        return None


class DataFolder:
    """A folder with mode 0700 that one `komerbij run` at a time may use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Complaint(f"The data folder {path} cannot be made: {error.strerror}.") from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder; the lock goes with the process, however it ends. Complains when another run holds it."""
        lock = os.open(self.path / "komerbij.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.read(lock, 20).decode(errors="replace").strip()
                raise Complaint(f"Another komerbij run (process {holder}) uses {self.path} already.") from None
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(lock)

    def key(self, variable: str, environ: Mapping[str, str]) -> tuple[str, Path | None]:
        """The key and the file that keeps it; None for the file when the environment gives the key.

        Made once. Complains about one that is too short.
        """
        given = environ.get(variable)
        place = None if given else self.path / KEY_FILES[variable]
        key = given or self.private_text(KEY_FILES[variable], secrets.token_urlsafe(32))
        if len(key) < SHORTEST_KEY:
            where = place or f"The variable {variable}"
            raise Complaint(f"{where} holds a key of {len(key)} characters; it must have {SHORTEST_KEY} or more.", 2)
        return key, place

    def private_text(self, name: str, first: str) -> str:
        """The text of a file that only its owner may read; `first` becomes its text when there is none."""
        path = self.path / name
        if not path.exists():
            self.write_private(name, first + "\n")
        path.chmod(0o600)
        return path.read_text().strip()

    def write_private(self, name: str, text: str) -> Path:
        """Write a file with mode 0600, on disk and whole or not at all."""
        path, draft = self.path / name, self.path / f".{name}.new"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return path
