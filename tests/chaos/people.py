"""Who the story is about: the same person for the same number, some known to several partners, a few forgotten."""

from dataclasses import dataclass, field
from typing import Any

from tests.chaos.dice import Dice

AGE_BANDS = ("18-34", "35-49", "50-64", "65-74", "75-84", "85+", None)
NEIGHBOURHOODS = ("Binnenstad", "De Riet", "Sluitersveld", "Windmolenbroek", None)
_SHARED_EVERY = 9
_WAYS = 23
"""Of so many people, seven are not reached by mail."""
_HOME = {"street": "Marktstraat 1", "postalCode": "7607 AA", "city": "Almelo"}


@dataclass
class People:
    """One partner's people: most have an e-mail address, some are called or written to, some want to hear nothing."""

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
        """`participant` as a sign-up for something to come tells one; a number is reached the same way always."""
        person, mail = self.told(number) | {"name": f"Inwoner {number}"}, f"{self.partner}.{number}@example.org"
        given: dict[int, dict[str, Any]] = {
            2: {"phone": "06 12 34 56 78"},  # nobody is set to send text messages
            5: {"phone": "0546 123 456"},
            8: {"email": mail, "reachVia": "none"},
            11: {"email": mail, "reachVia": "phone", "phone": "0612345678"},
            14: {"email": mail, "reachVia": "letter", "address": _HOME},
            17: {"reachVia": "letter", "phone": "0546 123 456"},
            20: {},
        }
        return person | given.get(number % _WAYS, {"email": mail})


def way(participant: dict[str, Any]) -> str:
    """How the contract says that this person is reached: `email`, `letter`, `call` or `none`."""
    wish = participant.get("reachVia", "email")
    if wish == "none":
        return "none"
    if wish == "letter" and "address" in participant:
        return "letter"
    return "email" if wish == "email" and "email" in participant else "call"


def person_key(partner: str, participant: dict[str, Any]) -> tuple[str, str]:
    """Who counts as one person (contract section 3)."""
    shared = participant.get("sharedRef")
    return ("shared", shared) if shared else (partner, participant["ref"])
