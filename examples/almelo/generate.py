"""Writes the example year: `setup.json` and `2023-2024.ndjson`, then has the counter check them."""

import json
import random
import sys
from pathlib import Path

if not __package__:  # started as a file: `python examples/almelo/generate.py`
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from examples.almelo import coalition, count
from examples.almelo.disorder import disturb, refused
from examples.almelo.envelope import Event, in_order_of_arrival
from examples.almelo.people import Crowd, References, population
from examples.almelo.programme import NEW_YEAR
from examples.almelo.session_events import Teller
from examples.almelo.sessions import Planner

SEED = 20240914
"""Shuffles who is who, minutes and order; no figure depends on it."""


def build(seed: int = SEED) -> list[Event]:
    """All events of both years in order of arrival."""
    rng = random.Random(seed)
    crowd, refs = Crowd(rng), References(rng)
    people = population(rng, crowd)
    sessions = [*Planner(rng, crowd, people).sessions(), coalition.congress(rng, crowd)]
    company = coalition.volunteers(crowd)
    for session in sessions:
        refs.meet(session.partner, session.everybody())
    refs.meet(coalition.AVEDAN, list(company.values()))
    refs.settle()
    midnight = next(session for session in sessions if session.starts.date() == NEW_YEAR)
    if len(people.only_2024.intersection(midnight.walk_ins)) < 5:
        raise SystemExit("this seed brings fewer than five new people to the walk at midnight")
    never_came = frozenset(person for absent in people.never_came.values() for person in absent)
    teller = Teller(refs, rng, never_came)
    told = [event for session in sessions for event in teller.events(session)]
    facts = [*coalition.openings(), *coalition.head_counts(), *coalition.members(), *coalition.outreach()]
    events = disturb(told + facts + coalition.assignments(company, refs), rng)
    return in_order_of_arrival(events + refused(told, sessions, refs, rng))


def setup() -> dict[str, object]:
    """What is PUT and POSTed around the file: partners before it, external figures and publications after."""
    source = {"unit": "percent", "year": 2023, "source": "GGD", "instrument": "Gezondheidsmonitor"}
    return {
        "partners": [
            {
                "partnerId": partner,
                "name": name,
                "kind": kind,
                "municipality": "GM0141",
                "joinedOn": "2019-01-01",
                "leftOn": None,
            }
            for partner, (name, kind) in coalition.PARTNERS.items()
        ],
        "externalFigures": [
            {"id": "matig-eenzaam", "label": {"nl": "matig eenzaam", "en": "moderately lonely"}, "value": 35} | source,
            {"id": "ernstig-eenzaam", "label": {"nl": "ernstig eenzaam", "en": "severely lonely"}, "value": 9} | source,
        ],
        "publications": [{"period": "2023"}, {"period": "2024"}],
    }


def write(folder: Path) -> None:
    """Both files, the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{event.line()}\n" for event in build())
    (folder / count.EVENTS).write_text(lines, encoding="utf-8", newline="\n")
    plan = json.dumps(setup(), ensure_ascii=False, indent=2)
    (folder / count.SETUP).write_text(f"{plan}\n", encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Write into the folder named, or beside this file; 0 when every figure comes out."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    write(folder)
    return count.main([str(folder)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
