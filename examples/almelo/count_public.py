"""The naive counter's view of what the public may see of 2024: few people hidden, the rest to the nearest five."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from examples.almelo.count_figures import Count, Figure, Presence, one_decimal
from examples.almelo.count_rules import Json

FEW: Final = 10


def public(count: Count, congress: str) -> Json:
    """Participants by kind and by partner, the smallest neighbourhood, and the congress."""
    joined, visitors = count.conversion(2024, congress) or (0, 0)
    return {
        "byKind": _table(count, count.kind),
        "byPartner": _table(count, lambda presence: presence.activity[0]),
        "Aadorp": _table(count, lambda presence: str(presence.traits[0]))["Aadorp"],
        f"professionals:{congress}": nearest_five(visitors),
        f"conversion:{congress}": one_decimal(Decimal(joined) * 100 / nearest_five(visitors)) if visitors else None,
    }


def _table(count: Count, key: Callable[[Presence], str]) -> dict[str, Figure]:
    rows: dict[str, list[Presence]] = {}
    for presence in count.present([2024]):
        rows.setdefault(key(presence), []).append(presence)
    return {name: _shown(row) for name, row in rows.items()}


def _shown(row: list[Presence]) -> Figure:
    """None where fewer than ten are behind it, or where one partner knows all but one to nine of them."""
    people = {presence.person for presence in row}
    for partner in {presence.activity[0] for presence in row}:
        own = {presence.person for presence in row if presence.activity[0] == partner}
        if 0 < len(people - own) < FEW:
            return None
    return nearest_five(len(people)) if len(people) >= FEW else None


def nearest_five(value: int) -> int:
    """12 to 10, 13 to 15."""
    return (value + 2) // 5 * 5
