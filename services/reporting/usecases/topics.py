"""What has lines of its own on the fact sheet: meeting places, congresses, kinds and series of outreach."""

from collections.abc import Iterable, Sequence
from itertools import chain

from sqlalchemy import Connection

from services.reporting.domain.fact_sheet import Topic, Topics, congresses, meeting_places, single_goal
from services.reporting.domain.facts import Activity, Outreach
from services.reporting.domain.indicators import Text
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.titles import series_titles
from shared.events.code_lists import OUTREACH_KINDS


def congresses_of(facts: FactsOfPeriod) -> tuple[Topic, ...]:
    """The congresses that were held in that time."""
    among = facts.of_kind("congress")
    held = congresses(among.of("activities"), among.of("attendances"))
    return tuple(_titled("activity", ref, held[ref]) for ref in sorted(held))


def _titled(dimension: str, key: str, activity: Activity) -> Topic:
    return Topic(dimension, key, Text(activity.title, activity.title), activity.goal)


def topics_of(connection: Connection, years: Sequence[FactsOfPeriod]) -> Topics:
    """What has lines of its own in one of the years; congresses are added per year."""
    places = meeting_places(chain.from_iterable(facts.of_kind("meeting-place").of("activities") for facts in years))
    actions: list[Outreach] = [action for facts in years for action in facts.of("outreach")]
    series = sorted({action.series for action in actions if action.series})
    titles = series_titles(connection, series)
    return Topics(
        places=tuple(_titled("series", key, places[key]) for key in sorted(places)),
        kinds=tuple(_kinds(actions)),
        series=tuple(
            _of_actions("series", key, Text(titles.get(key, key), titles.get(key, key)), actions) for key in series
        ),
    )


def _kinds(actions: Sequence[Outreach]) -> Iterable[Topic]:
    used = {action.kind for action in actions}
    for code, (nl, en) in OUTREACH_KINDS.items():
        if code in used:
            yield _of_actions("kind", code, Text(nl.lower(), en.lower()), actions)


def _of_actions(dimension: str, key: str, label: Text, actions: Sequence[Outreach]) -> Topic:
    return Topic(
        dimension, key, label, single_goal([action for action in actions if key in (action.kind, action.series)])
    )
