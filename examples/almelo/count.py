"""The separate counter: reads `setup.json` and the events alone, and fails unless every expected figure comes out."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Final

if not __package__:  # started as a file: `python examples/almelo/count.py`
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from examples.almelo.count_figures import WEAKEST_LAST, Count, Figure, growth, one_decimal
from examples.almelo.count_public import public
from examples.almelo.count_rules import Json, Ledger

SETUP: Final = "setup.json"
EVENTS: Final = "2023-2024.ndjson"
EXPECTED: Final = Path(__file__).resolve().parent / "expected.json"
YEARS: Final = (2023, 2024)
GROENEDAEL: Final = "avedan/groenedael"
CONGRESS: Final = "gemeente-almelo/congres-eensamen"
OUTREACH_GROUPS: Final = (
    "cards",
    "stand",
    "campaign",
    "easter-eggs",
    "flowers",
    "lights",
    "gemeente-almelo/geluk-gedeeld",
)


def counted(lines: list[str], setup: Json) -> Json:
    """Everything that `expected.json` speaks of, in the same shape."""
    ledger = Ledger().read(lines)
    count = Count(ledger, setup["partners"])
    figures: Json = {str(year): count.indicators(year) for year in YEARS}
    extra = {str(year): extra_lines(count, year) for year in YEARS}
    previous, value = figures["2023"] | extra["2023"], figures["2024"] | extra["2024"]
    return figures | {
        "growth": {code: growth(previous[code], value[code]) for code in value},
        "extraLines": {code: {year: extra[year][code] for year in extra} for code in extra["2024"]},
        "precision": precisions(count),
        "fractions": {
            "no-show-rate": {str(year): list(count.no_show(year)) for year in YEARS},
            "occupancy": {str(year): list(count.occupancy(year)) for year in YEARS},
        },
        "bothYears": {"participants": len(count.people(YEARS))},
        "partnersByKind": {
            kind: sum(1 for partner in count.coalition(2024) if partner["kind"] == kind)
            for kind in ("partner", "chain-partner")
        },
        "participantsByKind": {str(year): count.by(year, count.kind) for year in YEARS},
        "participantsByPartner": {"2024": count.by(2024, lambda presence: presence.activity[0])},
        "participantsByNeighbourhood": {"2024": count.by(2024, lambda presence: presence.traits[0])},
        "participantsByAgeBand": {"2024": count.by(2024, lambda presence: presence.traits[1])},
        "signupsAtCancelled": {str(year): count.signups_at_cancelled(year) for year in YEARS},
        "public2024": public(count, CONGRESS),
        "outcomes": ledger.outcomes,
        "linesByType": by_type(ledger.types),
    }


def extra_lines(count: Count, year: int) -> dict[str, Figure]:
    """The fact sheet's lines per meeting place, congress, kind and series of outreach."""
    conversion = count.conversion(year, CONGRESS)
    cards = count.outreach(year, "cards")
    lines: dict[str, Figure] = {
        f"visits:{GROENEDAEL}": count.visits(year, GROENEDAEL),
        f"volunteers:{GROENEDAEL}": count.volunteers(year, GROENEDAEL),
        f"professionals:{CONGRESS}": conversion[1] if conversion else None,
        f"conversion:{CONGRESS}": one_decimal(Decimal(conversion[0]) * 100 / conversion[1]) if conversion else None,
        "outreach-items:cards": sum(int(fact.data["quantity"]) for fact in cards) or None,
        "outreach-personalised:cards": sum(int(fact.data.get("personalised", 0)) for fact in cards) or None,
    }
    return lines | {f"outreach-actions:{group}": len(count.outreach(year, group)) for group in OUTREACH_GROUPS}


def precisions(count: Count) -> dict[str, str]:
    """The weakest precision in each sum."""
    found = {}
    for code, member, told in (
        ("outreach-items", "quantity", "precision"),
        ("outreach-personalised", "personalised", "personalisedPrecision"),
    ):
        for suffix, group in (("", None), (":cards", "cards")):
            facts = [fact for fact in count.outreach(2024, group) if member in fact.data]
            found[code + suffix] = max((f.data.get(told, "exact") for f in facts), key=WEAKEST_LAST.index)
    return found


def by_type(types: dict[str, int]) -> dict[str, int]:
    """Lines per type; what opens and what ends an assignment or a membership are taken together."""
    together = {
        "volunteer-assigned": "volunteers",
        "volunteer-released": "volunteers",
        "member-joined": "members",
        "member-left": "members",
    }
    lines: dict[str, int] = {}
    for name, number in types.items():
        group = together.get(name, name)
        lines[group] = lines.get(group, 0) + number
    return lines


def differences(expected: object, found: object, path: str = "") -> list[str]:
    """Every leaf that differs, is missing or was not expected."""
    if isinstance(expected, dict) and isinstance(found, dict):
        names = [*expected, *(name for name in found if name not in expected)]
        return [
            line
            for name in names
            for line in differences(expected.get(name, "nothing"), found.get(name, "nothing"), f"{path}/{name}")
        ]
    return [] if expected == found else [f"{path}: expected {expected}, counted {found}"]


def check(folder: Path) -> tuple[Json, list[str]]:
    """Count the two files in the folder; what was counted, and how it differs from what was expected."""
    setup: Json = json.loads((folder / SETUP).read_text(encoding="utf-8"))
    lines = (folder / EVENTS).read_text(encoding="utf-8").splitlines()
    found = counted(lines, setup)
    return found, differences(json.loads(EXPECTED.read_text(encoding="utf-8")), found)


def main(arguments: list[str]) -> int:
    """Print what was counted; 1 with the differences when anything is off."""
    found, wrong = check(Path(arguments[0]) if arguments else EXPECTED.parent)
    print(f"{'':45}{'2023':>8}{'2024':>8}{'growth':>9}")
    for code, change in found["growth"].items():
        years = found["extraLines"].get(code) or {year: found[year][code] for year in ("2023", "2024")}
        print(f"{code:49}{years['2023']!s:>6}{years['2024']!s:>8}{change!s:>9}")
    for part in ("outcomes", "linesByType", "participantsByKind", "participantsByPartner", "bothYears"):
        print(f"{part}: {json.dumps(found[part])}")
    print("\n".join(wrong) or "Every expected figure comes out.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
