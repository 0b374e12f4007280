"""The registry: every indicator of contract section 5 once, in the order of tables and pages."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.domain.indicators.coalition import JOINED, MEMBERS_COUNT, PARTNERS_COUNT, VOLUNTEERS
from services.reporting.domain.indicators.indicator import Indicator, Tallied, Text
from services.reporting.domain.indicators.outreach import ACTIONS, ITEMS, PERSONALISED
from services.reporting.domain.indicators.places import ACTIVITIES_COUNT, NO_SHOW, OCCUPANCY, SIGNUPS_SUM, UNMET
from services.reporting.domain.indicators.presence import (
    ATTENDANCES_SUM,
    CONVERSION,
    NEW,
    PARTICIPANTS,
    PROFESSIONALS,
    RETURNING,
    VISITS,
)

AnyIndicator = Indicator[Any]

_IN_ORDER: tuple[AnyIndicator, ...] = (
    ACTIVITIES_COUNT,
    PARTICIPANTS,
    NEW,
    RETURNING,
    ATTENDANCES_SUM,
    SIGNUPS_SUM,
    UNMET,
    NO_SHOW,
    OCCUPANCY,
    VISITS,
    PROFESSIONALS,
    CONVERSION,
    VOLUNTEERS,
    PARTNERS_COUNT,
    MEMBERS_COUNT,
    JOINED,
    ACTIONS,
    ITEMS,
    PERSONALISED,
)

INDICATORS: Final[Mapping[str, AnyIndicator]] = {indicator.code: indicator for indicator in _IN_ORDER}

__all__ = ["INDICATORS", "AnyIndicator", "Indicator", "Tallied", "Text"]
