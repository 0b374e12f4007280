"""A sheet through the write door: first all of it as a dry run, then, when nothing is wrong with it, for good."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cli.load import DRY, LIVE
from cli.spreadsheets.columns import Header
from cli.spreadsheets.earlier import Earlier
from cli.spreadsheets.facts import Entry, events_of
from cli.spreadsheets.layouts import Kind, Layout
from cli.spreadsheets.memory import Destination, Memory, Told, told_now
from cli.spreadsheets.secret import Secret
from cli.spreadsheets.undo import set_aside, undo_path, write_undo
from cli.spreadsheets.verdicts import Tally, faults_of, outcome_of
from cli.write_door import Decision, WriteDoor

Watch = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

ANOTHERS = Decision("duplicate")
"""A sign-up that is there, and that this file did not place: nothing to post, and nothing of ours to take back."""


@dataclass
class Load:
    """One spreadsheet on its way to one system. `now` is the moment of this load."""

    sheet: Path
    layout: Layout
    header: Header
    partner: str | None
    destination: str
    now: datetime
    secret: Secret

    def __post_init__(self) -> None:
        self.memory = Memory(self.sheet)
        self.here: Destination = self.memory.at(self.destination)
        self.time = self.memory.next_time(self.now)

    def check(self, entries: Sequence[Entry], door: WriteDoor, earlier: Earlier, watch: Watch) -> Tally:
        """What the door would say, without anything being stored."""
        tally = Tally()
        for chunk in _chunks(entries, DRY.events // 2):
            times = [self._time(entry) for entry in chunk]
            for entry, decisions in self._decided(chunk, times, door, earlier, dry_run=True):
                self._count(entry, decisions, tally)
            watch(sum(tally.outcomes.values()) / len(entries))
        return tally

    def post(self, entries: Sequence[Entry], door: WriteDoor, earlier: Earlier, watch: Watch) -> Tally:
        """Post everything and remember it; interrupted, the same command goes on. Leaves an undo file."""
        tally = Tally()
        mine = self.time.isoformat() if self.here.complete else self.here.load
        try:
            for chunk in _chunks(entries, LIVE.events):
                said = [self._say(entry, earlier, mine) for entry in chunk]
                self.memory.keep()
                times = [told.moment for told in said]
                for (entry, decisions), told in zip(self._decided(chunk, times, door, earlier), said, strict=True):
                    self._count(entry, decisions, tally)
                    self._settle(entry, told, {one.outcome for one in decisions if one is not ANOTHERS}, mine)
                self.memory.keep()
                watch(sum(tally.outcomes.values()) / len(entries))
            if self.here.load == mine:
                self.here.complete = not tally.outcomes["failed"]
                self.memory.keep()
        finally:
            if self.here.load == mine:
                write_undo(undo_path(self.sheet), self.here, self.partner)
        tally.sequence = door.sequence
        return tally

    def _time(self, entry: Entry) -> datetime:
        """A row that says what it said before keeps its time; a new or changed one gets that of this load."""
        told = self.here.last(entry.key)
        same = told is not None and told.content == entry.content(self.secret)
        return told.moment if told is not None and same else self.time

    def _say(self, entry: Entry, earlier: Earlier, mine: str) -> Told:
        """What is remembered about an entry, on disk before it is posted."""
        told = self.here.last(entry.key)
        if told is not None and told.content == entry.content(self.secret):
            return told
        new = told_now(entry, self.time, mine, earlier.counter(entry, told), self.secret)
        self.here.things.setdefault(entry.key, []).append(new)
        return new

    def _settle(self, entry: Entry, told: Told, outcomes: set[str], mine: str) -> None:
        """What was taken belongs to this load; what was refused is forgotten; what failed is asked again as it was."""
        if not outcomes & {"accepted", "duplicate", "failed"}:
            if told.sent:
                self._forget(entry, told)
        elif "accepted" in outcomes or (told.sent and "failed" not in outcomes):
            if self.here.load != mine:
                set_aside(self.sheet, self.memory, self.time)
                self.here.load, self.here.complete = mine, False
            told.load, told.sent = mine, False

    def _forget(self, entry: Entry, told: Told) -> None:
        stack = self.here.things[entry.key]
        stack.remove(told)
        if not stack:
            del self.here.things[entry.key]

    def _decided(
        self,
        chunk: Sequence[Entry],
        times: Sequence[datetime],
        door: WriteDoor,
        earlier: Earlier,
        *,
        dry_run: bool = False,
    ) -> Iterator[tuple[Entry, list[Decision]]]:
        """Each entry with what became of its events."""
        pairs = zip(chunk, times, strict=True)
        bodies = [events_of(entry, time, self.partner, self.secret) for entry, time in pairs]
        decisions = iter(door.post([body for events in bodies for body in events], dry_run=dry_run))
        for entry, events in zip(chunk, bodies, strict=True):
            said = [next(decisions) for _ in events]
            signup_exists = self.layout.kind == Kind.SIGNUPS and said[0].code == "id-reused"
            yield entry, [ANOTHERS] if signup_exists and earlier.stands(entry) else said

    def _count(self, entry: Entry, decisions: Sequence[Decision], tally: Tally) -> None:
        overrides = [name for decision in decisions for name in decision.overrides]
        faults = faults_of(self.layout, self.header, entry, decisions)
        tally.add(entry, outcome_of(decisions), faults, overrides)


def _chunks(entries: Sequence[Entry], size: int) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), size):
        yield entries[start : start + size]
