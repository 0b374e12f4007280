"""What takes a load back: for everything it said, the events that bring the earlier state, or the retraction."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from cli.errors import Complaint
from cli.spreadsheets.facts import Entry, Fact, event_of
from cli.spreadsheets.memory import Destination, Memory, Told, beside, fact, write_private
from shared.clock import rfc3339

SUFFIX: Final = ".undo.ndjson"
STEP = timedelta(milliseconds=10)
"""After the load: late enough to win over what it said, early enough to leave alone what was said since."""

_OLDER = re.compile(r"\.\d{17}$")


def retraction(entry: Entry) -> list[Fact]:
    """The events that take an entry back where nothing was known before it; none where that is impossible."""
    first = entry.facts[0]
    data = first.data
    match first.name:
        case "activity-scheduled":
            return [Fact("activity-cancelled", {"activityId": data["activityId"]})]
        case "signup-placed":
            return [Fact("signup-withdrawn", {"signupId": data["signupId"]})]
        case "attendance-recorded":
            return [Fact(first.name, {**data, "outcome": "void"})]
        case "visitors-counted":
            return [Fact(first.name, {**data, "value": None})]
        case "outreach-recorded":
            return [Fact(first.name, {**data, "void": True})]
        case "volunteer-assigned":
            until = _day_before(data["from"])
            return [Fact("volunteer-released", {"assignmentId": data["assignmentId"], "until": until})]
        case "member-joined":
            return [Fact("member-left", {"memberId": data["memberId"], "leftOn": _day_before(data["joinedOn"])})]
    return []


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def undo_path(sheet: Path) -> Path:
    """Where the latest load's undo file is."""
    return sheet.with_name(sheet.name + SUFFIX)


def sheet_of(undo: Path) -> Path:
    """The spreadsheet an undo file belongs to."""
    return undo.with_name(_OLDER.sub("", undo.name.removesuffix(SUFFIX)))


def write_undo(path: Path, destination: Destination, partner: str | None) -> int:
    """Write the file that takes the latest load back; returns how many things it brings back.

    In reverse order, so that nobody moves up from a waiting list who is withdrawn a moment later.
    """
    said = [told for told in destination.of_the_latest_load() if told.counter]
    lines = [event for told in reversed(said) for event in _events(told, partner)]
    write_private(path, "".join(f"{line.decode()}\n" for line in map(orjson.dumps, lines)))
    return len(said)


def _events(told: Told, partner: str | None) -> Iterator[dict[str, Any]]:
    for kept in told.counter:
        one = fact(kept)
        time = told.moment + STEP + timedelta(milliseconds=one.step)
        yield event_of(replace(one, time=time), _name(told.id, time), time, partner, undoes=told.id)


def _name(undone: str, time: datetime) -> str:
    """Other times are other events."""
    return f"undo-{undone.removeprefix('csv-')}-{_digits(time)}"


def _digits(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]


def set_aside(sheet: Path, memory: Memory, loaded: datetime) -> None:
    """Keep the undo files of earlier loads when a new load begins; drop what was undone already.

    Their times move behind the new load and its undo, so that loads can be taken back one after another.
    """
    latest = undo_path(sheet)
    if latest.exists():
        times = [datetime.fromisoformat(event["time"]) for event in _known(latest)]
        latest.replace(latest.with_name(f"{sheet.name}.{_digits(max(times, default=loaded))}{SUFFIX}"))
    pattern = re.compile(re.escape(sheet.name) + r"\.\d{17}" + re.escape(SUFFIX))
    older = sorted((path for path in sheet.parent.iterdir() if pattern.fullmatch(path.name)), reverse=True)
    for at, path in enumerate(older, 2):
        events = _known(path)
        if memory.knows(event["undoes"] for event in events):
            _move(path, events, loaded + STEP * at)
        elif events:
            path.unlink()


def _known(path: Path) -> list[dict[str, Any]]:
    """The events of an undo file; none of a file that somebody changed into something else, which is left alone."""
    try:
        return read_undo(path)
    except Complaint:
        return []


def _move(path: Path, events: Iterable[dict[str, Any]], to: datetime) -> None:
    steps: Counter[str] = Counter()
    lines = []
    for event in events:
        time = to + timedelta(milliseconds=steps[event["undoes"]])
        steps[event["undoes"]] += 1
        lines.append(orjson.dumps({**event, "id": _name(event["undoes"], time), "time": rfc3339(time)}).decode())
    write_private(path, "".join(f"{line}\n" for line in lines))


def read_undo(path: Path) -> list[dict[str, Any]]:
    """The events of an undo file. Complains about a file that is none."""
    try:
        events = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        if all(isinstance(event["undoes"], str) and isinstance(event["time"], str) for event in events):
            return events
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        pass
    raise Complaint(f"{path} is no undo file of a spreadsheet.", 2)


def taken_back(undo: Path, refused: Iterable[str]) -> None:
    """After an undo file was loaded: the spreadsheet may be loaded again. `refused` are the ids that were not taken."""
    sheet = sheet_of(undo)
    if not beside(sheet).exists():
        return
    kept = set(refused)
    memory = Memory(sheet)
    memory.take_back(event["undoes"] for event in read_undo(undo) if event["id"] not in kept)
    memory.keep()
