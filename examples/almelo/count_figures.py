"""The naive counter's sums: every figure of the fact sheet from what the ledger kept, by the contract's definitions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from examples.almelo.count_rules import Fact, Json, Key, Ledger, Signup, refer

Figure = float | int | None
ALMELO = ZoneInfo("Europe/Amsterdam")
WEAKEST_LAST = ("exact", "more-than", "over", "about")


@dataclass(frozen=True)
class Presence:
    """One recorded person at one activity."""

    activity: Key
    year: int
    person: Key
    role: str
    outcome: str
    size: int
    traits: tuple[str | None, str | None]
    """Neighbourhood and age band."""


class Count:
    """Figures of one ledger; a period is a set of years."""

    def __init__(self, ledger: Ledger, partners: list[Json]) -> None:
        self.ledger = ledger
        self.partners = partners
        self.years = {key: _local_year(plan["startsAt"]) for key, plan in ledger.activities.items()}
        self.presences = [self._presence(key, fact) for key, fact in ledger.facts.items() if key[0] == "attendance"]

    def _presence(self, key: Key, fact: Fact) -> Presence:
        activity = (key[1], key[2])
        person, role, size, traits = self.ledger.attended(fact.partner, fact.data)
        told = (traits.get("neighbourhood"), traits.get("ageBand"))
        return Presence(activity, self.years[activity], person, role, fact.data["outcome"], size, told)

    def _named(self, name: str) -> list[Fact]:
        return [fact for fact in self.ledger.facts.values() if fact.name == name]

    def _held(self, year: int) -> set[Key]:
        return {key for key, when in self.years.items() if when == year and not self.ledger.cancelled(key)}

    def present(self, years: Iterable[int], role: str = "participant") -> list[Presence]:
        """Everybody present in the role in these years."""
        wanted = set(years)
        return [p for p in self.presences if p.year in wanted and p.role == role and p.outcome == "present"]

    def people(self, years: Iterable[int], role: str = "participant") -> set[Key]:
        """The persons among them, each once."""
        return {presence.person for presence in self.present(years, role)}

    def by(self, year: int, key: Callable[[Presence], str | None]) -> dict[str, int]:
        """Distinct participants per key; the total is never the sum of these."""
        groups: dict[str, set[Key]] = {}
        for presence in self.present([year]):
            groups.setdefault(str(key(presence)), set()).add(presence.person)
        return {name: len(people) for name, people in groups.items()}

    def kind(self, presence: Presence) -> str:
        """The kind of activity somebody was at."""
        return str(self.ledger.activities[presence.activity]["kind"])

    def indicators(self, year: int) -> dict[str, Figure]:
        """One figure per indicator of the contract; conversion only exists per congress."""
        first = self._first_years()
        people = self.people([year])
        new = sum(1 for person in people if first[person] == year)
        signups = self._signups(year)
        return {
            "activities": len(self._held(year)),
            "participants": len(people),
            "attendances": sum(presence.size for presence in self.present([year])),
            "visits": self.visits(year),
            "signups": sum(s.size for s in signups if s.status != "withdrawn"),
            "unmet-demand": sum(s.size for s in signups if s.status == "waitlisted"),
            "no-show-rate": _rate(*self.no_show(year)),
            "occupancy": _rate(*self.occupancy(year)),
            "new-participants": new,
            "returning-participants": len(people) - new,
            "volunteers": self.volunteers(year),
            "partners": len(self.coalition(year)),
            "members": self.members(year),
            "members-joined": sum(1 for f in self._named("member-joined") if f.data["joinedOn"][:4] == str(year)),
            "outreach-actions": len(self.outreach(year)),
            "outreach-items": _sum_or_none(self.outreach(year), "quantity"),
            "outreach-personalised": _sum_or_none(self.outreach(year), "personalised"),
            "professionals": len(self.people([year], "professional")),
        }

    def _first_years(self) -> dict[Key, int]:
        first: dict[Key, int] = {}
        for presence in self.presences:
            if presence.role == "participant" and presence.outcome == "present":
                first[presence.person] = min(presence.year, first.get(presence.person, presence.year))
        return first

    def _signups(self, year: int) -> list[Signup]:
        of_year = [s for s in self.ledger.signups.values() if self.years[s.activity] == year]
        return [signup for signup in of_year if signup.role == "participant"]

    def signups_at_cancelled(self, year: int) -> int:
        """The part of `signups` that is at activities which did not take place."""
        lost = [s for s in self._signups(year) if self.ledger.cancelled(s.activity) and s.status != "withdrawn"]
        return sum(signup.size for signup in lost)

    def visits(self, year: int, series: str | None = None) -> Figure:
        """Head counts summed; None where nobody counted."""
        values = []
        for key, fact in self.ledger.facts.items():
            activity = key[1:3]
            if key[0] == "count" and self.years[activity] == year and self._in_series(activity, series):
                values.append(int(fact.data["value"]))
        return sum(values) if values else None

    def _in_series(self, activity: Key, series: str | None) -> bool:
        return series is None or _series(activity[0], self.ledger.activities[activity]) == series

    def no_show(self, year: int) -> tuple[int, int]:
        """Confirmed participant sign-ups recorded absent, and those recorded present or absent."""
        outcomes = {(p.activity, p.person): p.outcome for p in self.presences if p.role == "participant"}
        held = self._held(year)
        confirmed = [s for s in self._signups(year) if s.status == "confirmed" and s.activity in held]
        recorded = [outcomes.get((s.activity, s.person)) for s in confirmed]
        return recorded.count("absent"), recorded.count("absent") + recorded.count("present")

    def occupancy(self, year: int) -> tuple[int, int]:
        """Places used and places offered, where there is a capacity and somebody kept a record."""
        plans, recorded = self.ledger.activities, {presence.activity for presence in self.presences}
        offered = {key for key in self._held(year) & recorded if plans[key].get("capacity") is not None}
        used = self.present([year]) + self.present([year], "professional")
        return sum(p.size for p in used if p.activity in offered), sum(plans[key]["capacity"] for key in offered)

    def volunteers(self, year: int, series: str | None = None) -> int:
        """Persons with an assignment on the last day of the year."""
        last = f"{year}-12-31"
        until = {(f.partner, f.data["assignmentId"]): f.data["until"] for f in self._named("volunteer-released")}
        people = set()
        for fact in self._named("volunteer-assigned"):
            there = series is None or _series(fact.partner, fact.data) == series
            ends = until.get((fact.partner, fact.data["assignmentId"]), last)
            if there and fact.data["from"] <= last <= ends:
                person = fact.data["participant"]
                people.add(person.get("sharedRef") or (fact.partner, person["ref"]))
        return len(people)

    def coalition(self, year: int) -> list[Json]:
        """Partners on the last day of the year."""
        last = f"{year}-12-31"
        return [p for p in self.partners if p["joinedOn"] <= last <= (p["leftOn"] or last)]

    def members(self, year: int) -> int:
        """Members on the last day of the year."""
        last = f"{year}-12-31"
        left = {(f.partner, f.data["memberId"]): f.data["leftOn"] for f in self._named("member-left")}
        joined = [f for f in self._named("member-joined") if f.data["joinedOn"] <= last]
        return sum(1 for f in joined if last <= left.get((f.partner, f.data["memberId"]), last))

    def outreach(self, year: int, group: str | None = None) -> list[Fact]:
        """Outreach facts of the year, of one kind or of one series."""
        facts = [f for f in self._named("outreach-recorded") if f.data["date"][:4] == str(year)]
        return [f for f in facts if group is None or group in (f.data["kind"], _series(f.partner, f.data))]

    def conversion(self, year: int, congress: str) -> tuple[int, int] | None:
        """Members who joined via the congress, and persons present there; None when it was another year."""
        activity = refer("", congress)
        if self.years.get(activity) != year:
            return None
        there = self.present([year], "professional") + self.present([year])
        via = [f for f in self._named("member-joined") if "viaActivityId" in f.data]
        joined = [f for f in via if refer(f.partner, f.data["viaActivityId"]) == activity]
        return len(joined), len({p.person for p in there if p.activity == activity})


def _local_year(moment: str) -> int:
    return datetime.fromisoformat(moment).astimezone(ALMELO).year


def _series(partner: str, data: Json) -> str | None:
    return "/".join(refer(partner, data["seriesId"])) if "seriesId" in data else None


def _sum_or_none(facts: list[Fact], member: str) -> Figure:
    values = [int(fact.data[member]) for fact in facts if member in fact.data]
    return sum(values) if values else None


def _rate(part: int, whole: int) -> Figure:
    return one_decimal(Decimal(part) * 100 / whole) if whole else None


def one_decimal(value: Decimal) -> float:
    """Half away from zero."""
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def growth(previous: Figure, value: Figure) -> Figure:
    """Percent, from the two numbers as they stand on the line; None without a previous one."""
    if not previous or value is None:
        return None
    before, after = Decimal(str(previous)), Decimal(str(value))
    return one_decimal((after - before) / before * 100)
