"""What the coalition did beside its sessions: Groenedael, the congress, members and outreach."""

import random
from datetime import date, timedelta
from typing import Final

from examples.almelo.envelope import Data, Event, local
from examples.almelo.people import Crowd, Person, References
from examples.almelo.sessions import Session

AVEDAN, GEMEENTE = "avedan", "gemeente-almelo"
CONGRESS: Final = "congres-eensamen"
CONGRESS_DAY: Final = date(2024, 10, 3)
OPENING: Final = date(2024, 9, 14)

OPENINGS_2023: Final = ("2023-07-08", "2023-08-12", "2023-09-09", "2023-10-14", "2023-11-11", "2023-12-09")
COUNTED: Final = {
    "2024-02-10": 28,
    "2024-03-09": 31,
    "2024-04-13": 30,
    "2024-05-11": 34,
    "2024-06-08": 29,
    "2024-07-13": 33,
    "2024-08-10": 31,
    "2024-09-14": 36,
    "2024-09-21": 30,
    "2024-09-28": 32,
    "2024-10-05": 35,
    "2024-10-12": 28,
    "2024-10-19": 33,
    "2024-11-02": 30,
    "2024-11-16": 31,
    "2024-11-30": 29,
    "2024-12-14": 30,
}

ASSIGNED: Final = (
    ("a", "2023-07-01", "2024-03-31"),
    ("b", "2023-07-01", None),
    ("c", "2024-04-01", None),
    ("d", "2024-04-01", "2024-08-31"),
    ("a", "2024-05-01", None),
    ("e", "2024-06-01", None),
    ("f", "2024-09-01", None),
    ("g", "2024-09-14", None),
    ("g", "2024-10-01", None),
)
"""Who keeps company at Groenedael, from, until: 9 assignments of 7 people, 7 of 6 of them open at the end of 2024."""

PARTNERS: Final = {
    "avedan": ("Avedan Welzijn", "partner"),
    "humanitas-de-klup": ("Humanitas Maatje De Klup", "partner"),
    "ontplooj": ("Ontplooj", "partner"),
    "leger-des-heils": ("Leger des Heils", "partner"),
    "mensdoormens": ("MensdoorMens", "partner"),
    "thuisteam-twente": ("Thuisteam Twente", "partner"),
    "noaberhoes": ("Noaberhoes", "partner"),
    "gemeente-almelo": ("Gemeente Almelo", "partner"),
    "cosbo": ("Cosbo", "chain-partner"),
    "sportbedrijf-almelo": ("Sportbedrijf Almelo", "chain-partner"),
    "heracles-foundation": ("Heracles Foundation", "chain-partner"),
    "dementie-twente": ("Dementie Twente", "chain-partner"),
    "mantelzorg-almelo": ("Mantelzorg Almelo", "chain-partner"),
}

_CARDS: Data = {"label": "Kerstkaarten met een persoonlijke noot van de wethouder", "goal": "initiative"}
_SERIES: Data = {"seriesId": f"{GEMEENTE}/geluk-gedeeld"}
OUTREACH: Final[tuple[tuple[str, str, str, str, Data], ...]] = (
    ("cosbo", "stand-1", "stand", "2023-05-13", {"label": "Informatiestand op de markt"}),
    ("dementie-twente", "stand-1", "stand", "2023-09-30", {"label": "Informatiestand op de markt"}),
    ("avedan", "paaseitjes", "easter-eggs", "2024-03-28", {"label": "Geluk gedeeld: paaseitjes"} | _SERIES),
    ("mantelzorg-almelo", "stand-1", "stand", "2024-04-20", {"label": "Informatiestand op de markt"}),
    ("humanitas-de-klup", "stand-1", "stand", "2024-06-01", {"label": "Informatiestand op de markt"}),
    ("noaberhoes", "bloemen", "flowers", "2024-06-21", {"label": "Geluk gedeeld: bloemen"} | _SERIES),
    ("cosbo", "stand-2", "stand", "2024-09-28", {"label": "Informatiestand op de markt"}),
    ("gemeente-almelo", "hoi", "campaign", "2024-11-01", {"label": "Start van de HOI-campagne"}),
    ("dementie-twente", "stand-2", "stand", "2024-11-09", {"label": "Informatiestand op de markt"}),
    ("mensdoormens", "lichtjes", "lights", "2024-12-06", {"label": "Geluk gedeeld: lichtjes"} | _SERIES),
    (
        "gemeente-almelo",
        "kerstkaarten-1",
        "cards",
        "2024-12-16",
        _CARDS | {"quantity": 712, "personalised": 712, "precision": "over", "personalisedPrecision": "over"},
    ),
    (
        "gemeente-almelo",
        "kerstkaarten-2",
        "cards",
        "2024-12-18",
        _CARDS | {"label": "Kerstkaarten", "quantity": 288, "precision": "about"},
    ),
)


def _event(partner: str, name: str, event_id: str, day: date, data: Data, clock: str = "17:00") -> Event:
    time = local(day, clock)
    return Event(partner, name, event_id, time, data, time)


def openings() -> list[Event]:
    """The meeting place at 't Groenedael, one activity per opening; in 2023 nobody counted heads."""
    events = []
    for text in (*OPENINGS_2023, *COUNTED):
        day = date.fromisoformat(text)
        data: Data = {
            "activityId": f"groenedael-{day}",
            "title": "Opening van het prieel" if day == OPENING else "Ontmoeten op 't Groenedael",
            "kind": "meeting-place",
            "goal": "local-approach",
            "startsAt": local(day, "13:00").isoformat(),
            "endsAt": local(day, "16:00").isoformat(),
            "location": {"name": "Begraafplaats 't Groenedael"},
            "participation": "drop-in",
            "seriesId": "groenedael",
        }
        announced = day - timedelta(days=28)
        events.append(_event(AVEDAN, "activity-scheduled", f"act.groenedael-{day}.1", announced, data, "10:00"))
    return events


def head_counts() -> list[Event]:
    """One count per opening of 2024; the prieel's was mistyped and mended, one was guessed before it was counted."""
    events = [_count(day, 1, value, "16:30") for day, value in COUNTED.items()]
    events += [_count("2024-09-14", 2, 63, "18:00"), _count("2024-09-14", 3, 36, "20:15")]
    guess = _count("2024-10-05", 0, 40, "15:00", "estimate")
    late = Event(guess.partner, guess.name, guess.id, guess.time, guess.data, local(date(2024, 10, 16), "11:20"))
    return [*events, late]


def _count(day: str, number: int, value: int, clock: str, method: str = "tally") -> Event:
    data: Data = {"activityId": f"groenedael-{day}", "countKey": "gate", "value": value, "method": method}
    return _event(AVEDAN, "visitors-counted", f"count.groenedael-{day}.{number}", date.fromisoformat(day), data, clock)


def volunteers(crowd: Crowd) -> dict[str, Person]:
    """The seven of Groenedael by their letter."""
    letters = sorted({letter for letter, _, _ in ASSIGNED})
    return dict(zip(letters, crowd.by_weight(len(letters), "v"), strict=True))


def assignments(people: dict[str, Person], refs: References) -> list[Event]:
    """Assigned and, for two, released."""
    events = []
    for number, (letter, start, until) in enumerate(ASSIGNED, start=1):
        assignment = f"groenedael-{number}"
        data: Data = {
            "assignmentId": assignment,
            "participant": refs.participant(AVEDAN, people[letter]),
            "seriesId": "groenedael",
            "from": start,
        }
        events.append(
            _event(AVEDAN, "volunteer-assigned", f"assigned.{assignment}", date.fromisoformat(start), data, "09:30")
        )
        if until:
            released: Data = {"assignmentId": assignment, "until": until}
            events.append(
                _event(AVEDAN, "volunteer-released", f"released.{assignment}", date.fromisoformat(until), released)
            )
    return events


def congress(rng: random.Random, crowd: Crowd) -> Session:
    """118 professionals signed up, 4 withdrew, 104 came; no capacity, for professionals fill places too."""
    visitors = crowd.professionals(118)
    rng.shuffle(visitors)
    starts, ends = local(CONGRESS_DAY, "09:30"), local(CONGRESS_DAY, "16:30")
    data: Data = {
        "activityId": CONGRESS,
        "title": "Congres EénSamen",
        "kind": "congress",
        "goal": "awareness",
        "startsAt": starts.isoformat(),
        "endsAt": ends.isoformat(),
        "location": {"name": "Congreszaal", "neighbourhood": "Binnenstad"},
        "participation": "signup",
    }
    session = Session(GEMEENTE, CONGRESS, starts, ends, data, role="professional")
    session.signed, session.absent, session.withdrawn = visitors[:104], visitors[104:114], visitors[114:]
    return session


def members() -> list[Event]:
    """13 partners, one professional who left again, and the 26 who joined via the congress, one a day."""
    events = [_joined(partner, "organisation", date(2019, 1, 1), told=date(2023, 1, 2)) for partner in PARTNERS]
    events.append(_joined("lid-001", "professional", date(2023, 3, 1)))
    left = date(2023, 10, 31)
    events.append(_event(GEMEENTE, "member-left", "left.lid-001", left, {"memberId": "lid-001", "leftOn": str(left)}))
    for number in range(26):
        kind = "organisation" if number % 3 == 0 else "professional"
        day = CONGRESS_DAY + timedelta(days=1 + number)
        events.append(_joined(f"lid-{number + 2:03d}", kind, day, via=CONGRESS))
    return events


def _joined(member: str, kind: str, day: date, told: date | None = None, via: str | None = None) -> Event:
    data: Data = {"memberId": member, "kind": kind, "joinedOn": str(day)}
    if via:
        data["viaActivityId"] = via
    return _event(GEMEENTE, "member-joined", f"joined.{member}", told or day, data)


def outreach() -> list[Event]:
    """Cards, stands, the campaign and the three actions of 'geluk gedeeld'; no quantity where none is known."""
    events = []
    for partner, outreach_id, kind, day, more in OUTREACH:
        data: Data = {"outreachId": outreach_id, "kind": kind, "date": day, "goal": "awareness"} | more
        events.append(_event(partner, "outreach-recorded", f"out.{outreach_id}", date.fromisoformat(day), data))
    return events
