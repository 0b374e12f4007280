"""The programme of both years: kinds, days, places, and how a session turns out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True)
class Kind:
    """What the sessions of one kind share; `partners` take turns."""

    code: str
    title: str
    partners: tuple[str, ...]
    hours: tuple[str, str]
    participation: str
    closes: bool = False
    """Sign-up closes at noon the day before; otherwise at the start."""
    hosts: int = 0


BINGO = Kind("bingo", "Bingomiddag", ("avedan", "noaberhoes", "leger-des-heils"), ("14:00", "16:00"), "both", hosts=2)
WALK = Kind("walk", "Samen wandelen", ("mensdoormens", "thuisteam-twente", "avedan"), ("10:00", "11:30"), "drop-in")
VISIT = Kind(
    "visit", "Bezoek aan het klooster", ("ontplooj", "humanitas-de-klup"), ("13:30", "16:30"), "signup", closes=True
)
MEAL = Kind(
    "meal",
    "Kerstmaaltijd",
    ("leger-des-heils", "noaberhoes", "humanitas-de-klup"),
    ("17:00", "19:30"),
    "signup",
    closes=True,
    hosts=2,
)
SPORT = Kind("sport", "Samen bewegen", ("sportbedrijf-almelo",), ("10:30", "11:30"), "both")
HERACLES = Kind("sport", "Bewegen in het stadion", ("heracles-foundation",), ("10:30", "12:00"), "both")

PLACES: Final = {
    "avedan": ("Wijkcentrum Schelfhorst", "Schelfhorst"),
    "noaberhoes": ("Noaberhoes", "Nieuwstraatkwartier"),
    "leger-des-heils": ("Buurtkamer van het Leger des Heils", "De Riet"),
    "mensdoormens": ("Verzamelen bij het station", "Binnenstad"),
    "thuisteam-twente": ("Verzamelen bij het winkelcentrum", "Windmolenbroek"),
    "ontplooj": ("Klooster", None),
    "humanitas-de-klup": ("De Klup", "Wierdense Hoek"),
    "sportbedrijf-almelo": ("Sporthal", "Sluitersveld"),
    "heracles-foundation": ("Stadion", None),
}
"""Where a partner holds its sessions; partly invented, like everything here but the partners' names."""


@dataclass(frozen=True)
class Turnout:
    """How many of a session are what; `present` counts walk-ins too, `parties` those who bring one guest."""

    present: int
    absent: int = 0
    excused: int = 0
    unrecorded: int = 0
    walk_in: int = 0
    withdrawn: int = 0
    waiting: int = 0
    parties: int = 0


@dataclass(frozen=True)
class Row:
    """One kind in one year: a block of positions on the year's list (from 1), its days, capacity and turnout."""

    year: int
    kind: Kind
    block: tuple[int, int]
    days: tuple[date, ...]
    capacity: int | None
    turnout: Turnout


@dataclass(frozen=True)
class CalledOff:
    """A session that was cancelled after some had signed up."""

    kind: Kind
    partner: str
    day: date
    block: tuple[int, int]
    capacity: int | None
    signups: int
    reason: str


HOLIDAYS: Final = frozenset(
    date.fromisoformat(day) for day in ("2023-04-27", "2023-05-18", "2024-04-01", "2024-05-09", "2024-05-20")
)
NEW_YEAR: Final = date(2024, 1, 1)
"""The walk at a quarter past midnight: still 2023 in UTC."""
MOVED_FROM, MOVED_TO = date(2023, 12, 29), date(2024, 1, 5)
"""The second walk of 2024 was announced for 2023."""


def spread(count: int, first: str, last: str) -> tuple[date, ...]:
    """`count` days a whole number of weeks apart, evenly from first to last, no holiday among them."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    weeks = [start + timedelta(weeks=n) for n in range((end - start).days // 7 + 1)]
    days = [day for day in weeks if day not in HOLIDAYS]
    return tuple(days[round(turn * (len(days) - 1) / (count - 1))] for turn in range(count))


def _days(*days: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in days)


ROWS: Final = (
    Row(2023, BINGO, (1, 140), spread(12, "2023-01-19", "2023-12-07"), 22, Turnout(20, 2, 1, walk_in=1)),
    Row(2023, WALK, (121, 230), spread(18, "2023-01-24", "2023-12-12"), None, Turnout(12, walk_in=12)),
    Row(2023, VISIT, (221, 260), _days("2023-05-10", "2023-09-20"), 22, Turnout(20, 1, 1, withdrawn=1, waiting=3)),
    Row(
        2023,
        MEAL,
        (241, 311),
        _days("2023-12-13", "2023-12-18", "2023-12-20"),
        42,
        Turnout(30, 2, 1, withdrawn=1, waiting=2, parties=9),
    ),
    Row(
        2024,
        BINGO,
        (1, 222),
        spread(18, "2024-01-18", "2024-12-05"),
        26,
        Turnout(25, 2, 1, walk_in=2, withdrawn=1, waiting=1),
    ),
    Row(
        2024,
        WALK,
        (181, 350),
        (NEW_YEAR, MOVED_FROM, *spread(28, "2024-01-16", "2024-12-17")),
        None,
        Turnout(13, walk_in=13),
    ),
    Row(
        2024,
        VISIT,
        (331, 403),
        _days("2024-03-20", "2024-05-22", "2024-09-11", "2024-11-06"),
        22,
        Turnout(20, 1, 1, withdrawn=1, waiting=4),
    ),
    Row(
        2024,
        MEAL,
        (364, 520),
        _days("2024-12-11", "2024-12-13", "2024-12-16", "2024-12-18", "2024-12-20", "2024-12-23"),
        48,
        Turnout(35, 2, 1, withdrawn=1, waiting=2, parties=10),
    ),
    Row(2024, SPORT, (501, 524), spread(7, "2024-02-05", "2024-11-25"), 16, Turnout(12, 1, unrecorded=1)),
    Row(2024, HERACLES, (525, 530), _days("2024-06-12"), 16, Turnout(6, 1, unrecorded=1)),
)

CALLED_OFF: Final = (
    CalledOff(BINGO, "noaberhoes", date(2023, 8, 11), (1, 140), 22, 11, "De zaal heeft waterschade"),
    CalledOff(WALK, "mensdoormens", date(2023, 11, 2), (121, 230), None, 0, "Storm"),
    CalledOff(BINGO, "avedan", date(2024, 8, 9), (1, 222), 26, 12, "Te warm in de zaal"),
    CalledOff(VISIT, "ontplooj", date(2024, 7, 10), (331, 403), 22, 12, "Het klooster is dicht"),
    CalledOff(WALK, "thuisteam-twente", date(2024, 2, 22), (181, 350), None, 0, "Storm"),
    CalledOff(WALK, "avedan", date(2024, 11, 21), (181, 350), None, 0, "Gladheid"),
)
