"""What the door said about events, told about rows: outcomes counted, faults by row and column."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cli.errors import Complaint
from cli.spreadsheets.columns import Fault, Header
from cli.spreadsheets.facts import Entry
from cli.spreadsheets.layouts import Layout
from cli.write_door import Decision

_WORST_LAST: Final = ("duplicate", "accepted", "failed", "rejected")
_OF_THE_FILE: Final = ("invalid", "looks-like-personal-data", "future-time", "partner-not-allowed")


@dataclass
class Tally:
    """How many entries had which outcome, what was refused and what looked odd."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    odd: dict[str, list[int]] = field(default_factory=dict)
    sequence: int = 0

    def add(self, entry: Entry, outcome: str, faults: Iterable[Fault], overrides: Iterable[str]) -> None:
        """Count one entry."""
        self.outcomes[outcome] += 1
        self.faults.extend(faults)
        for name in overrides:
            self.odd.setdefault(name, []).append(entry.row)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.outcomes[name]} {name}" for name in ("accepted", "duplicate", "rejected", "failed"))
        return f"{self.outcomes.total()} in all: {counts}"


def outcome_of(decisions: Sequence[Decision]) -> str:
    """The outcome of an entry: the worst of its events', and `accepted` where any of them was new."""
    return max((decision.outcome for decision in decisions), key=_WORST_LAST.index)


def is_of_the_file(fault: Fault) -> bool:
    """Must the file be mended? Else it is a decision about a sign-up, such as a full activity."""
    return not fault.code or fault.code in _OF_THE_FILE or fault.code.startswith("unknown-")


def faults_of(layout: Layout, header: Header, entry: Entry, decisions: Sequence[Decision]) -> list[Fault]:
    """Every fault of an entry, with the column that fills the place a pointer names."""
    found: dict[Fault, None] = {}
    for decision in decisions:
        if decision.outcome not in ("rejected", "failed"):
            continue
        hint = _hint(header, decision.code)
        for pointer, detail in decision.faults or (("", decision.detail),):
            found[Fault(entry.row, _heading(layout, header, pointer), detail + hint, decision.code)] = None
    return list(found)


def _hint(header: Header, code: str) -> str:
    """What to do about it, where the door cannot know."""
    if code == "signup-closed" and not header.has("placedAt"):
        return "; say when it was made in a column 'aangemeld op'"
    return "; to change it, withdraw it and place it anew under another number" if code == "id-reused" else ""


def _heading(layout: Layout, header: Header, pointer: str) -> str:
    """The heading in the file; where no column of the file fills that place, the name one would have."""
    if pointer == "/partnerid":
        raise Complaint(
            "This key may write for more than one partner, or for another one: say for which (--partner).", 2
        )
    columns = layout.column_at(pointer) if pointer else ()
    present = [column for column in columns if header.has(column.name)]
    headings = dict.fromkeys(header.heading(column) for column in present or columns)
    return ", ".join(headings) or pointer.rpartition("/")[2]
