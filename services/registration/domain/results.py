"""What became of one posted event."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class Accepted:
    """Committed. `decision` only where one was asked for; `overrides` say what looked odd."""

    decision: Mapping[str, object] | None = None
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Known already, with the same content; the first decision once more."""

    decision: Mapping[str, object] | None
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused, without a trace: its id may be posted again."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Failed:
    """Not decided, through no fault of the event; post it again."""

    refusal: Refusal


Result = Accepted | Duplicate | Rejected | Failed
