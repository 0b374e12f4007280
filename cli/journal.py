"""How far a load has come, kept beside nothing it could spoil: losing it costs time, never a figure."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cli.ndjson import Position

MOST_REFUSALS = 1000
"""How many refusals are kept word for word; all are counted."""


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken."""

    number: int
    id: str
    outcome: str
    code: str
    detail: str


@dataclass
class Progress:
    """What became of the lines before `position`. `last` is where the latest chunk began.

    At `most` so many refusals are kept word for word; None keeps all.
    """

    position: Position = field(default_factory=Position)
    last: Position = field(default_factory=Position)
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    failed: int = 0
    sequence: int = 0
    refusals: list[RefusedLine] = field(default_factory=list)
    most: int | None = MOST_REFUSALS

    @property
    def received(self) -> int:
        """Lines that were judged, malformed ones included."""
        return self.accepted + self.duplicate + self.rejected + self.failed

    def refuse(self, line: RefusedLine) -> None:
        """Count a refusal, and keep it while there is room."""
        if line.outcome == "failed":
            self.failed += 1
        else:
            self.rejected += 1
        if self.most is None or len(self.refusals) < self.most:
            self.refusals.append(line)


class Journal:
    """One file per (address, content of the file). A file that was changed since starts anew."""

    def __init__(self, folder: Path, file: Path, url: str) -> None:
        digest = hashlib.sha256(f"{url.rstrip('/')}\n".encode())
        with file.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
        self.path = folder / f"load-{digest.hexdigest()[:24]}.json"

    def read(self) -> Progress | None:
        """What was kept, None when there is nothing readable."""
        try:
            kept = json.loads(self.path.read_text())
            position, last = (Position(**kept.pop(name)) for name in ("position", "last"))
            refusals = [RefusedLine(**line) for line in kept.pop("refusals")]
            return Progress(position=position, last=last, refusals=refusals, **kept)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def keep(self, progress: Progress) -> None:
        """Replace what was kept. A folder that cannot be written means no journal, not no load."""
        draft = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(asdict(progress), file)
            draft.replace(self.path)
        except OSError:
            with suppress(OSError):
                draft.unlink()

    def drop(self) -> None:
        """The load is complete: the same command starts from the beginning again."""
        self.path.unlink(missing_ok=True)


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where a user's programs keep such things (XDG base directories)."""
    return Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "komerbij"
