"""The example year goes in over HTTP, the fact sheet "Resultaten tot nu toe" comes out with its own numbers."""

import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import example_lines, expected, load, put_partners
from tests.servers import System, running_redis

RATES_AND_COUNTS = sorted(set(expected()["2024"]))


def figure(client: httpx.Client, indicator: str, period: str, **more: str) -> dict[str, Any]:
    """One answer of the live statistics."""
    answer = client.get("/v1/statistics", params={"indicator": indicator, "period": period, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def by(client: httpx.Client, indicator: str, period: str, dimension: str) -> dict[str, Any]:
    """The values of one grouping by their key."""
    values = figure(client, indicator, period, groupBy=dimension)["values"]
    return {value["keys"][dimension]: value["value"] for value in values}


def all_figures(system: System) -> dict[str, Any]:
    """Every total of both years and the groupings that the guide names."""
    with system.client("reporting") as client:
        totals = {
            f"{indicator} {year}": figure(client, indicator, year)["total"]["value"]
            for year in ("2023", "2024")
            for indicator in RATES_AND_COUNTS
        }
        groups = {
            f"participants {year} by {dimension}": by(client, "participants", year, dimension)
            for year in ("2023", "2024")
            for dimension in ("kind", "partner", "neighbourhood", "ageBand", "month")
        }
        return {**totals, **groups}


@pytest.mark.parametrize("year", ["2023", "2024"])
@pytest.mark.parametrize("indicator", RATES_AND_COUNTS)
def test_every_indicator_has_the_expected_live_figure(example_year: System, indicator: str, year: str) -> None:
    with example_year.client("reporting") as client:
        assert figure(client, indicator, year)["total"]["value"] == expected()[year][indicator]


def test_participants_of_both_years_together_count_each_person_once(example_year: System) -> None:
    params = {"indicator": "participants", "from": "2023-01-01", "to": "2024-12-31"}
    with example_year.client("reporting") as client:
        answer = client.get("/v1/statistics", params=params).json()
    assert answer["total"]["value"] == expected()["bothYears"]["participants"]


def test_the_numbers_that_everybody_wants_are_published_exactly(example_year: System) -> None:
    """A first year in which nobody returns, and a second: 311 and 530 are not given up for what would tell too much."""
    published = {}
    with example_year.client("reporting") as client:
        for year in ("2023", "2024"):
            made = client.post("/v1/publications", json={"period": year})
            assert made.status_code == 201, made.text
            totals = [one for one in made.json()["tables"] if one["period"] == year and not one["groupBy"]]
            published[year] = {one["indicator"]: (one["total"]["value"], one["total"]["status"]) for one in totals}
    assert [published[year]["participants"] for year in ("2023", "2024")] == [(311, "exact"), (530, "exact")]
    assert published["2024"]["professionals"] == (104, "exact")
    assert published["2023"]["returning-participants"] == (None, "hidden")


@pytest.mark.parametrize(
    ("dimension", "named"),
    [
        ("kind", "participantsByKind"),
        ("partner", "participantsByPartner"),
        ("neighbourhood", "participantsByNeighbourhood"),
        ("ageBand", "participantsByAgeBand"),
    ],
)
def test_participants_by_dimension(example_year: System, dimension: str, named: str) -> None:
    with example_year.client("reporting") as client:
        for year, wanted in expected()[named].items():
            assert by(client, "participants", year, dimension) == wanted


def test_partners_by_kind(example_year: System) -> None:
    with example_year.client("reporting") as client:
        assert by(client, "partners", "2024", "partnerKind") == expected()["partnersByKind"]


def test_fact_sheet_has_every_line_with_its_growth(example_year: System) -> None:
    with example_year.client("reporting") as client:
        answer = client.get("/v1/fact-sheets/2024", params={"compareTo": "2023", "live": "true"})
    assert answer.status_code == 200, answer.text
    sheet = answer.json()
    assert (sheet["year"], sheet["compareTo"], sheet["mode"]) == (2024, 2023, "live")
    lines = {line["code"]: line for line in sheet["lines"]}
    figures = expected()
    wanted = {code: (figures["2024"][code], figures["2023"][code]) for code in figures["2024"]}
    wanted |= {code: (both["2024"], both["2023"]) for code, both in figures["extraLines"].items()}
    for code, (value, previous) in wanted.items():
        assert (lines[code]["value"], lines[code]["previous"]) == (value, previous), code
        assert lines[code]["growthPercent"] == figures["growth"][code], code
    for code, precision in figures["precision"].items():
        assert lines[code]["precision"] == precision, code


def test_loading_the_file_a_second_time_changes_nothing(example_year: System) -> None:
    before, head = all_figures(example_year), example_year.head()
    counts = load(example_year, example_lines(), chunk=333)
    assert counts == {"accepted": 0, "duplicate": 4120, "rejected": 7, "failed": 0}
    assert example_year.head() == head
    assert all_figures(example_year) == before


def test_nobody_is_told_anything_about_a_year_that_is_over(example_year: System) -> None:
    with example_year.client("notifications") as client:
        answer = client.get("/v1/messages").json()
    assert answer["next"] is None
    told = [item for item in answer["items"] if item["status"] not in ("cancelled", "suppressed", "expired")]
    assert told == []
    assert not list((example_year.folder / "mailbox").glob("*.eml"))


def shuffled(events: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """The same facts in another order, where order may not matter: sign-ups are decided as they arrive."""
    names = [event["type"].split(".")[2] for event in events]
    decided = ("signup-placed", "signup-withdrawn")
    closing = ("activity-cancelled", "volunteer-released", "member-left")
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in ("first", "decided", "free", "closing")}
    for name, event in zip(names, events, strict=True):
        kind = "first" if name == "activity-scheduled" else "decided" if name in decided else "free"
        groups["closing" if name in closing else kind].append(event)
    order = random.Random(seed)  # noqa: S311  -- a seeded shuffle, not a secret
    order.shuffle(groups["free"])
    order.shuffle(groups["closing"])
    return [event for group in groups.values() for event in group]


def test_the_same_facts_in_another_order_give_the_same_figures(example_year: System, tmp_path: Path) -> None:
    with running_redis(tmp_path / "redis") as redis:
        other = System(tmp_path / "data", redis.url)
        try:
            other.start()
            put_partners(other)
            counts = load(other, shuffled(example_lines(), seed=20241124))
            other.settled()
            assert (counts["accepted"], counts["duplicate"]) == (4000, 120)
            assert all_figures(other) == all_figures(example_year)
        finally:
            other.stop()
