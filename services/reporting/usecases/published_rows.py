"""Which rows a published table has: every value that exists, so that nobody and few look alike (contract section 5)."""

from collections.abc import Iterable, Mapping, Sequence

from services.reporting.domain.disclosure.relations import Nests
from services.reporting.domain.evaluation import Row
from services.reporting.domain.facts import Activity, Partner
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import AnyIndicator
from services.reporting.domain.periods import UNITS, Period, buckets
from services.reporting.domain.publication.counting import Read
from services.reporting.domain.subjects import Key
from services.reporting.usecases.code_lists import code_list, in_order

_OF_PERSONS = ("attendances", "signups", "assignments")
_OF_PARTNERS = ("activities", "outreach", "assignments", "members")
_IN_SERIES = ("activities", "outreach", "assignments")


class PublishedRows:
    """The keys of tables of one year.

    A code list has all of its codes; partners, municipalities, series, activities and neighbourhoods are those that are
    known, whoever was there. A neighbourhood that was ever published keeps its row.
    """

    def __init__(self, read: Read, coalition: Mapping[str, Partner], neighbourhoods: Iterable[str]) -> None:
        self._activities: Sequence[Activity] = sorted(read("activities"), key=lambda activity: activity.ref)
        met = {fact.partner.partner_id: fact.partner for source in _OF_PARTNERS for fact in read(source)}
        self.partners: Mapping[str, Partner] = {**met, **coalition}
        self.series = sorted({fact.series for source in _IN_SERIES for fact in read(source) if fact.series})
        lived = (fact.neighbourhood for source in _OF_PERSONS for fact in read(source))
        placed = (activity.neighbourhood for activity in self._activities)
        self.neighbourhoods = sorted({*neighbourhoods, *filter(None, lived), *filter(None, placed)})
        self._kept: dict[tuple[str, str], Sequence[Key]] = {}

    def __call__(self, indicator: AnyIndicator, by: str, period: Period) -> Sequence[Key]:
        """The keys of one table, in the order of tables."""
        if by in UNITS:
            return [part.label for part in buckets(by, period)]
        if by == "activity":
            return [activity.ref for activity in self._activities if period.holds(activity.day)]
        name = (indicator.subject.kinds, by)
        if name not in self._kept:
            rows = (Row((key,), Figure(None)) for key in self._keys(indicator, by))
            self._kept[name] = [row.keys[0] for row in in_order(indicator, (by,), rows)]
        return self._kept[name]

    def nests(self) -> Nests:
        """What everybody can look up of activities and partners, as a reader reckons with it."""
        of_partners = {key: _of_partner(partner) for key, partner in self.partners.items()}
        of_activities = {
            ("activity", activity.ref): {
                "kind": activity.kind,
                "goal": activity.goal,
                "series": activity.series,
                **of_partners[activity.partner.partner_id],
            }
            for activity in self._activities
        }
        return {**of_activities, **{("partner", key): coarse for key, coarse in of_partners.items()}}

    def titles(self) -> Mapping[str, str]:
        """What the activities are called."""
        return {activity.ref: activity.title for activity in self._activities}

    def _keys(self, indicator: AnyIndicator, by: str) -> Iterable[Key]:
        codes = (*code_list(indicator, by),)
        if by in ("kind", "goal"):
            return codes
        if by == "partner":
            return self.partners
        if by in ("partnerKind", "municipality"):
            return {*codes, *(_of_partner(partner)[by] for partner in self.partners.values())}
        known = {"neighbourhood": self.neighbourhoods, "series": self.series}
        return (*codes, *known.get(by, ()), None)


def _of_partner(partner: Partner) -> dict[str, str | None]:
    return {"partnerKind": partner.kind, "municipality": partner.municipality}
