"""What the oracle found: faults of the product by kind, and numbers worth telling."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Verdict:
    """`wrong` counts by kind; `examples` keeps the first few of each in words."""

    wrong: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    people: Any = None
    """What was known of people at the end (`oracle_lists.People`): a control tampers with it and asks again."""

    def blame(self, kind: str, what: str) -> None:
        """One more."""
        self.wrong[kind] += 1
        kept = self.examples.setdefault(kind, [])
        if len(kept) < 8:
            kept.append(what)

    def demand(self, holds: bool, kind: str, what: str) -> None:
        """One more unless it holds."""
        if not holds:
            self.blame(kind, what)

    def count(self, name: str, value: Any) -> None:
        """A number for the report."""
        self.numbers[name] = value
