"""Question b: does every figure that reporting answers equal a plain recount of the log?"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import httpx

from tests.chaos.log_copy import LogCopy
from tests.chaos.recount import RULES, Recount, Value, figure
from tests.chaos.verdict import Verdict

ALL_TIME = (date(2024, 1, 1), date(2028, 12, 31))
_PERIODS = (ALL_TIME, (date(2025, 1, 1), date(2025, 12, 31)), (date(2024, 7, 1), date(2024, 9, 30)))
_GROUPS = ("partner", "kind", "month", "ageBand", "neighbourhood", "partnerKind", "goal", "series")
_FLOWS_ONLY = ("month",)


def judge_figures(client: httpx.Client, log: LogCopy, verdict: Verdict) -> None:
    """Totals of three periods; one year by everything that it may be grouped by."""
    recount, compared = Recount(log), 0
    for code, group, (first, last) in _questions(client):
        answer = _asked(client, code, group, first, last)
        found, wanted = _values(answer, group), figure(recount, code, first, last, group)
        compared += len(wanted)
        for key in wanted.keys() | found.keys():
            same = found.get(key, "nothing") == wanted.get(key, "nothing")
            text = f"{code} {first}..{last} {group or ''} {key or ''}: {found.get(key)}, counted {wanted.get(key)}"
            verdict.demand(same, "figure", text)
        at = answer["asOf"]["sequence"]
        verdict.demand(at == log.head, "figure", f"{code} as of {at}, the log is at {log.head}")
    verdict.count("figures compared", compared)


def _questions(client: httpx.Client) -> Iterator[tuple[str, str | None, tuple[date, date]]]:
    allowed = {item["code"]: item["groupBy"] for item in client.get("/v1/indicators").json()["items"]}
    assert allowed.keys() == RULES.keys(), f"other indicators: {sorted(allowed.keys() ^ RULES.keys())}"
    for code, rule in RULES.items():
        for period in _PERIODS:
            yield code, None, period
        for group in _GROUPS:
            if group in allowed[code] and not (rule.stock and group in _FLOWS_ONLY):
                yield code, group, _PERIODS[1]
    yield "conversion", "activity", _PERIODS[1]


def _asked(client: httpx.Client, code: str, group: str | None, first: date, last: date) -> Any:
    asked = {"indicator": code, "from": first.isoformat(), "to": last.isoformat()}
    answer = client.get("/v1/statistics", params=asked | ({"groupBy": group} if group else {}))
    answer.raise_for_status()
    return answer.json()


def _values(answer: Any, group: str | None) -> dict[str | None, Value]:
    """As `figure` gives them."""
    found: dict[str | None, Value] = {None: answer["total"]["value"]}
    rows: Sequence[Any] = answer["values"]
    for row in rows:
        key = row["keys"][group]
        found["" if key in (None, "onbekend") else key] = row["value"]
    return found
