"""The values, order and labels of dimensions: code lists, partners, titles, months in Dutch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from services.reporting.domain.evaluation import UNKNOWN, Keys, Row
from services.reporting.domain.facts import Partner
from services.reporting.domain.indicators import AnyIndicator
from services.reporting.domain.questions import Codes
from services.reporting.domain.subjects import Key
from services.reporting.store.titles import activity_titles, series_titles
from shared.events.code_lists import CODE_LISTS, CodeList

_MONTHS: Final = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_WORD_FOR_NONE: Final[Mapping[str, str]] = {"series": "geen reeks"}
"""Belonging to no series is no lack of knowledge."""

Titles = Callable[[Connection, Sequence[str]], Mapping[str, str]]
_TITLES: Final[Mapping[str, Titles]] = {"activity": activity_titles, "series": series_titles}


def code_list(indicator: AnyIndicator, dimension: str) -> CodeList:
    """The list behind a dimension; empty where there is none. `kind` is the list of the indicator at hand."""
    return CODE_LISTS.get(indicator.subject.kinds if dimension == "kind" else dimension, {})


def filter_values(indicator: AnyIndicator, partners: Mapping[str, Partner]) -> Codes:
    """Dimension -> the values that exist, where they can be listed."""
    lists = {name: code_list(indicator, name) for name in indicator.subject.dimensions}
    return {
        **{name: tuple(codes) for name, codes in lists.items() if codes},
        "partner": tuple(partners),
        "municipality": tuple(sorted({partner.municipality or UNKNOWN for partner in partners.values()})),
    }


def in_order(indicator: AnyIndicator, group_by: Sequence[str], rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows in code-list order, else by key; what is unknown comes last (contract section 5)."""
    places = [{code: at for at, code in enumerate(code_list(indicator, name))} for name in group_by]

    def place(row: Row) -> list[tuple[bool, int, str]]:
        return [(key is None, places[at].get(key or "", len(places[at])), key or "") for at, key in enumerate(row.keys)]

    return tuple(sorted(rows, key=place))


Names = Mapping[str, Mapping[str, str]]
"""Dimension -> key -> what it is called, for dimensions whose values are no code list."""


def label_of(indicator: AnyIndicator, name: str, key: Key, names: Names) -> str:
    """The Dutch words for a key; the key itself where nobody named it."""
    if key is None:
        return _WORD_FOR_NONE.get(name, UNKNOWN)
    codes = code_list(indicator, name)
    if key in codes:
        return codes[key][0]
    if name in _TIME:
        return _TIME[name](key)
    return names.get(name, {}).get(key, key)


def partner_names(partners: Mapping[str, Partner]) -> Mapping[str, str]:
    """Partner -> name, of those that have one."""
    return {key: partner.name for key, partner in partners.items() if partner.name}


class Labels:
    """Dutch labels for the keys of a table."""

    def __init__(
        self,
        connection: Connection,
        indicator: AnyIndicator,
        group_by: Sequence[str],
        rows: Sequence[Row],
        partners: Mapping[str, Partner],
    ) -> None:
        self._indicator, self._group_by = indicator, group_by
        self._names: dict[str, Mapping[str, str]] = {"partner": partner_names(partners)}
        for at, name in enumerate(group_by):
            if name in _TITLES:
                keys = [key for key in dict.fromkeys(row.keys[at] for row in rows) if key is not None]
                self._names[name] = _TITLES[name](connection, keys)

    def of(self, keys: Keys) -> dict[str, str]:
        """Dimension -> label, for the keys of one row."""
        pairs = zip(self._group_by, keys, strict=True)
        return {name: label_of(self._indicator, name, key, self._names) for name, key in pairs}


def _month(key: str) -> str:
    return f"{_MONTHS[int(key[5:]) - 1]} {key[:4]}"


def _quarter(key: str) -> str:
    return f"{key[-1]}e kwartaal {key[:4]}"


_TIME: Final[Mapping[str, Callable[[str], str]]] = {"month": _month, "quarter": _quarter}
