"""Invented people: who exists, and under which reference each partner knows them."""

import random
from dataclasses import dataclass
from typing import Final

NEIGHBOURHOODS: Final = {
    "Binnenstad": 61,
    "De Riet": 54,
    "Noorderkwartier": 33,
    "Sluitersveld": 72,
    "Wierdense Hoek": 38,
    "Nieuwstraatkwartier": 57,
    "Ossenkoppelerhoek": 46,
    "Hofkamp": 29,
    "Schelfhorst": 66,
    "Windmolenbroek": 67,
    "Aadorp": 7,
}
AGE_BANDS: Final = {"0-17": 12, "18-34": 38, "35-49": 57, "50-64": 96, "65-74": 141, "75-84": 133, "85+": 53}
"""Quotas over the 530 participants of 2024; everybody else is drawn with the same weights."""

BOTH_YEARS, ONLY_2023, ONLY_2024 = 187, 124, 343
NEVER_CAME: Final = {2023: 19, 2024: 30}


@dataclass(frozen=True)
class Person:
    """Somebody without a name. `letter` opens the references: k inhabitant, v volunteer, p professional."""

    number: int
    letter: str
    age_band: str | None = None
    neighbourhood: str | None = None


@dataclass(frozen=True)
class Population:
    """The lists of a year (its participants, shuffled) and those who stay away."""

    participants: dict[int, list[Person]]
    only_2024: frozenset[Person]
    never_came: dict[int, list[Person]]
    two_of_heracles: list[Person]
    """Signed up for the block of six, all of whom came: one absent, one unrecorded."""


class Crowd:
    """Makes people, each with a number of their own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._made = 0

    def by_quota(self, count: int) -> list[Person]:
        """Inhabitants that fill the quotas exactly."""
        bands = [band for band, quota in AGE_BANDS.items() for _ in range(quota)]
        places = [place for place, quota in NEIGHBOURHOODS.items() for _ in range(quota)]
        if not len(bands) == len(places) == count:
            raise ValueError("the quotas do not add up")
        self._rng.shuffle(bands)
        self._rng.shuffle(places)
        return [self._person("k", band, place) for band, place in zip(bands, places, strict=True)]

    def by_weight(self, count: int, letter: str = "k") -> list[Person]:
        """People drawn with the quotas as weights."""
        bands = self._rng.choices(list(AGE_BANDS), list(AGE_BANDS.values()), k=count)
        places = self._rng.choices(list(NEIGHBOURHOODS), list(NEIGHBOURHOODS.values()), k=count)
        return [self._person(letter, band, place) for band, place in zip(bands, places, strict=True)]

    def professionals(self, count: int) -> list[Person]:
        """Visitors of the congress: a reference and nothing more."""
        return [self._person("p", None, None) for _ in range(count)]

    def _person(self, letter: str, band: str | None, place: str | None) -> Person:
        self._made += 1
        return Person(self._made, letter, band, place)


def population(rng: random.Random, crowd: Crowd) -> Population:
    """187 in both years, 124 only in 2023, 343 only in 2024, and those who never came."""
    of_2024 = crowd.by_quota(BOTH_YEARS + ONLY_2024)
    both, new = of_2024[:BOTH_YEARS], of_2024[BOTH_YEARS:]
    of_2023 = both + crowd.by_weight(ONLY_2023)
    rng.shuffle(of_2023)
    rng.shuffle(of_2024)
    return Population(
        participants={2023: of_2023, 2024: of_2024},
        only_2024=frozenset(new),
        never_came={year: crowd.by_weight(count) for year, count in NEVER_CAME.items()},
        two_of_heracles=crowd.by_weight(2),
    )


class References:
    """Which partner knows whom, under which `ref`; `settle` decides once everybody has been met.

    A number means nothing outside its partner: `k0012` of one is somebody else at another. That they are one
    person shows in `sharedRef` alone, which all have who meet more than one partner, and a quarter of the rest.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._met: dict[str, dict[Person, None]] = {}
        self._refs: dict[tuple[str, Person], str] = {}
        self._shared: dict[Person, str] = {}

    def meet(self, partner: str, people: list[Person]) -> None:
        """Note that the partner gets to know these people."""
        self._met.setdefault(partner, {}).update(dict.fromkeys(people))

    def settle(self) -> None:
        """Hand out every `ref` and `sharedRef`, in no telling order."""
        for partner, people in self._met.items():
            numbers = self._rng.sample(range(1, len(people) + 1), len(people))
            for person, number in zip(people, numbers, strict=True):
                self._refs[partner, person] = f"{person.letter}{number:04d}"
        sharing = self._sharing()
        numbers = self._rng.sample(range(10000, 100000), len(sharing))
        self._shared = {person: f"pas-{number}" for person, number in zip(sharing, numbers, strict=True)}

    def _sharing(self) -> list[Person]:
        partners_met: dict[Person, int] = {}
        for people in self._met.values():
            for person in people:
                partners_met[person] = partners_met.get(person, 0) + 1
        several = [person for person, partners in partners_met.items() if partners > 1]
        rest = [person for person, partners in partners_met.items() if partners == 1 and person.letter == "k"]
        return several + self._rng.sample(rest, len(rest) // 4)

    def participant(self, partner: str, person: Person) -> dict[str, object]:
        """The contract's `participant`: never a name, an address or a number to call."""
        known = {
            "ref": self._refs[partner, person],
            "sharedRef": self._shared.get(person),
            "ageBand": person.age_band,
            "neighbourhood": person.neighbourhood,
        }
        return {member: value for member, value in known.items() if value is not None}
