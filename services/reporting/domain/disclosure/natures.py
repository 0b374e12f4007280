"""How the figures of an indicator add up: over a grouping, over time, and with other indicators of the same cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Law = Literal["sum", "union", "at-most", "covers", "within"]
"""How parts stand to their whole.

sum      together they are the whole
union    each is at most the whole, together they are at least the whole: distinct persons
at-most  together they are at most the whole
covers   together they are at least the whole
within   each is at most the whole
"""


@dataclass(frozen=True, slots=True)
class Nature:
    """`family`: indicators that tell something about one another are looked at together.

    `over_groups` and `over_time` hold for rows of a breakdown and for months in a quarter, quarters in a year;
    `totals_over_time` where totals without a grouping are tighter. "last": a stock, the year's is its last month's.
    """

    family: str
    over_groups: Law
    over_time: Law | Literal["last"]
    totals_over_time: Law | None = None


def _sum(family: str) -> Nature:
    return Nature(family, "sum", "sum")


def _distinct(family: str) -> Nature:
    return Nature(family, "union", "union")


NATURES: Final[Mapping[str, Nature]] = {
    "participants": _distinct("presence"),
    # Who is new in a month is new in its year, and may be met at another kind or place in another month.
    "new-participants": Nature("presence", "union", "at-most", totals_over_time="sum"),
    # Who returns in a year returns in each month; who returns in a month may be new in the year.
    "returning-participants": Nature("presence", "union", "covers"),
    "attendances": _sum("presence"),
    "professionals": _distinct("presence"),
    "conversion#present": _distinct("presence"),
    "occupancy#present": _sum("presence"),
    "occupancy#capacity": _sum("presence"),
    "conversion#joined": _sum("members"),
    "visits": _sum("visits"),
    "signups": _sum("asked"),
    "unmet-demand": _sum("asked"),
    "no-show-rate#absent": _sum("asked"),
    "no-show-rate#known": _sum("asked"),
    "activities": _sum("activities"),
    "volunteers": Nature("volunteers", "union", "last"),
    "partners": Nature("partners", "sum", "last"),
    "members": Nature("members", "sum", "last"),
    "members-joined": _sum("members"),
    "outreach-actions": _sum("outreach"),
    "outreach-items": _sum("outreach"),
    "outreach-personalised": _sum("outreach"),
}
"""Every figure that can be published; one that is not here cannot be: nobody said what it gives away."""

TAKEN_AS_SUMS: Final = ("ageBand", "neighbourhood")
"""A person has one, but for those who moved: the reader may know how many did, so distinct persons add up."""


@dataclass(frozen=True, slots=True)
class Across:
    """Indicators of one cell that tell something about one another; `only_by` where it holds there alone."""

    whole: str
    parts: tuple[str, ...]
    law: Law
    only_by: str | None = None


ACROSS: Final = (
    Across("participants", ("new-participants", "returning-participants"), "sum"),
    Across("attendances", ("participants",), "within"),
    Across("conversion#present", ("participants", "professionals"), "union", only_by="activity"),
    Across("occupancy#present", ("attendances",), "within", only_by="activity"),
    Across("signups", ("unmet-demand", "no-show-rate#known"), "within"),
    Across("no-show-rate#known", ("no-show-rate#absent",), "within"),
)

PUBLISHED_TOGETHER: Final = (("no-show-rate#absent", "no-show-rate#known"),)
"""The two sides of a rate, both about people: where one is hidden there is no rate, so the other is not told either."""
