"""The fact sheet on a terminal."""

import io
from typing import Any

from rich.console import Console

from cli.fact_sheet import print_fact_sheet


def line(label: str, goal: str | None, value: float | None, previous: float | None, **more: Any) -> dict[str, Any]:
    members = {"unit": "people", "status": "exact", "growthPercent": None, "precision": "exact", **more}
    return {"label": {"nl": label, "en": "?"}, "goal": goal, "value": value, "previous": previous, **members}


def printed(*lines: dict[str, Any], quoted: list[dict[str, Any]] | None = None) -> list[list[str]]:
    console = Console(width=120, record=True, file=io.StringIO())
    print_fact_sheet(console, {"year": 2024, "compareTo": 2023, "lines": lines, "externalFigures": quoted or []})
    text = console.export_text()
    return [[cell.strip() for cell in row.strip("│┃").split("│")] for row in text.splitlines() if "│" in row]


def test_a_line_shows_both_years_and_the_growth() -> None:
    assert printed(line("Deelnemers", None, 530, 311, growthPercent=70.4)) == [["Deelnemers", "311", "530", "+70,4 %"]]


def test_lines_stand_under_their_goal_and_those_of_the_whole_programme_come_first() -> None:
    rows = printed(
        line("Bezoekers", "local-approach", 530, None),
        line("Deelnemers", None, 530, 311),
        line("Kaarten", "initiative", 1000, None, precision="about"),
        line("Vrijwilligers", "local-approach", 6, 2),
    )
    assert [row[0] for row in rows] == [
        "Deelnemers",
        "Lokale aanpak",
        "Bezoekers",
        "Vrijwilligers",
        "Initiatieven",
        "Kaarten",
    ]


def test_figures_of_others_are_quoted_with_their_source() -> None:
    quoted = {
        "label": {"nl": "Matig eenzaam", "en": "?"},
        "value": 35,
        "unit": "percent",
        "year": 2023,
        "source": "GGD",
        "instrument": "Gezondheidsmonitor",
    }
    assert ["Matig eenzaam", "35 %", "2023", "GGD, Gezondheidsmonitor"] in printed(quoted=[quoted])
