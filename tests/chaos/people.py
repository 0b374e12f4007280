"""Who the story is about: the same person for the same number, some known to several partners, a few forgotten."""

from dataclasses import dataclass, field
from typing import Any

from tests.chaos.dice import Dice

AGE_BANDS = ("18-34", "35-49", "50-64", "65-74", "75-84", "85+", None)
NEIGHBOURHOODS = ("Binnenstad", "De Riet", "Sluitersveld", "Windmolenbroek", None)
_SHARED_EVERY = 9


@dataclass
class People:
    """One partner's people; `mailed` of them can be reached by e-mail, the others by telephone or not at all."""

    partner: str
    dice: Dice
    size: int = 1200
    erased: list[int] = field(default_factory=list)

    def some(self) -> int:
        """A person's number; low ones come more often, as in life."""
        return min(self.dice.randrange(self.size), self.dice.randrange(self.size))

    def told(self, number: int) -> dict[str, Any]:
        """`participant` without contact data."""
        person: dict[str, Any] = {"ref": f"c{number:05d}"}
        if number % _SHARED_EVERY == 0:
            person["sharedRef"] = f"pas-{number:05d}"
        age, place = AGE_BANDS[number % len(AGE_BANDS)], NEIGHBOURHOODS[number % len(NEIGHBOURHOODS)]
        return person | ({"ageBand": age} if age else {}) | ({"neighbourhood": place} if place else {})

    def reachable(self, number: int) -> dict[str, Any]:
        """`participant` as a sign-up for something to come tells one."""
        person = self.told(number) | {"name": f"Inwoner {number}"}
        if number % 17 == 5:
            return person | {"phone": "0546 123 456"}
        if number % 17 == 11:
            return person | {
                "email": f"{self.partner}.{number}@example.org",
                "reachVia": "phone",
                "phone": "0612345678",
            }
        return person | {"email": f"{self.partner}.{number}@example.org"}


def person_key(partner: str, participant: dict[str, Any]) -> tuple[str, str]:
    """Who counts as one person (contract section 3)."""
    shared = participant.get("sharedRef")
    return ("shared", shared) if shared else (partner, participant["ref"])
