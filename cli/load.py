"""Load a file of events through the write door: chunk by chunk, resumable, every line accounted for."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cli.errors import Complaint
from cli.journal import MOST_REFUSALS, Journal, Progress, RefusedLine
from cli.ndjson import Chunk, ChunkSize, Position, read_chunks
from cli.write_door import Decision, WriteDoor

LIVE = ChunkSize(events=500)
"""Small, so that an interruption costs little and an answer comes soon."""

DRY = ChunkSize(events=5000, octets=7 * 1024 * 1024)
"""As much as one request may hold: a dry run forgets, so that a later request does not see what an earlier one said."""

Watch = Callable[[Progress], None]


def load_file(
    path: Path,
    door: WriteDoor,
    watch: Watch,
    *,
    journal: Journal | None = None,
    dry_run: bool = False,
    most_refusals: int | None = MOST_REFUSALS,
) -> Progress:
    """Post the file from where its journal says it was left, and tell `watch` after every chunk.

    The journal is written and never dropped here: the caller decides whether a complete load may be repeated.
    Complains when the file cannot be read or the door stays shut.
    """
    try:
        with path.open("rb") as file:
            progress = _where_it_was(file, door, journal) or Progress(most=most_refusals)
            watch(progress)
            for chunk in read_chunks(file, progress.position, DRY if dry_run else LIVE):
                _post(chunk, door, progress, dry_run)
                if journal:
                    journal.keep(progress)
                watch(progress)
            return progress
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror}.", 2) from None


def _where_it_was(file: BinaryIO, door: WriteDoor, journal: Journal | None) -> Progress | None:
    """The journal's word, if the service still knows the latest chunk: a database may have been made anew since.

    Asked as a dry run, because posting late events first could change who gets a place.
    """
    kept = journal.read() if journal else None
    if kept is None:
        return None
    chunk = next(read_chunks(file, kept.last, LIVE), None)
    decisions = door.post([line.body for line in chunk.lines], dry_run=True) if chunk else []
    outcomes = {decision.outcome for decision in decisions}
    return kept if "duplicate" in outcomes and "accepted" not in outcomes else None


def _post(chunk: Chunk, door: WriteDoor, progress: Progress, dry_run: bool) -> None:
    decisions = door.post([line.body for line in chunk.lines], dry_run=dry_run)
    refused = [
        RefusedLine(line.number, line.id, decision.outcome, decision.code, decision.detail)
        for line, decision in zip(chunk.lines, decisions, strict=True)
        if not _count(decision, progress)
    ]
    refused += [RefusedLine(line.number, "", "rejected", "invalid", line.reason) for line in chunk.malformed]
    for line in sorted(refused, key=lambda refusal: refusal.number):
        progress.refuse(line)
    progress.last, progress.position = chunk.start, chunk.end
    progress.sequence = max(progress.sequence, door.sequence)


def _count(decision: Decision, progress: Progress) -> bool:
    """Count what was taken; False for what was not."""
    if decision.outcome == "accepted":
        progress.accepted += 1
    elif decision.outcome == "duplicate":
        progress.duplicate += 1
    else:
        return False
    return True


def whole_file(position: Position, path: Path) -> float:
    """The share of the file before a position, 0 to 1."""
    size = path.stat().st_size
    return position.offset / size if size else 1.0
