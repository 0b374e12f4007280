"""The legal moves of a message, in one table."""

BORN = frozenset({"scheduled", "cancelled", "suppressed"})
"""What a new row may say: a message can be settled before it is planned (withdrawn, reminders off)."""
MOVES: dict[str, frozenset[str]] = {
    "scheduled": frozenset({"scheduled", "sending", "cancelled", "suppressed", "expired", "to-call", "unknown"}),
    "sending": frozenset(
        {"scheduled", "sent", "retry", "unknown", "failed", "suppressed", "to-call", "cancelled", "expired"}
    ),
    "retry": frozenset({"scheduled", "sending", "cancelled", "suppressed", "expired", "unknown"}),
    "unknown": frozenset({"unknown", "sent", "retry", "failed", "told", "not-reached"}),
    "sent": frozenset({"failed", "retry"}),
    "cancelled": frozenset({"scheduled", "cancelled", "suppressed", "told"}),  # not-coming: its withdrawal came first
    "suppressed": frozenset({"scheduled", "cancelled", "suppressed"}),
    "to-call": frozenset({"to-call", "told", "not-reached", "cancelled", "suppressed"}),
    "not-reached": frozenset({"told", "not-reached", "cancelled", "suppressed"}),
    "failed": frozenset({"failed", "told", "not-reached"}),
    "expired": frozenset({"expired", "told", "not-reached"}),
    "told": frozenset(),
}
STATUSES = tuple(MOVES)


class IllegalMove(ValueError):  # noqa: N818  -- names the thing
    """A defect of ours: no rule leads from the one status to the other."""


def moved(old: str, new: str) -> str:
    """The new status, if the table knows the move; else IllegalMove."""
    if new not in MOVES[old]:
        raise IllegalMove(f"a message does not go from {old} to {new}")
    return new


def sources(new: str) -> tuple[str, ...]:
    """Every status from which this one may be reached; for the guards of statements."""
    return tuple(old for old, reachable in MOVES.items() if new in reachable)
