"""Two small years of which something is published, and who reads it: what is hidden, rounded, exact, empty."""

from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import Engine

from services.reporting.api.external_figures import external_figure_routes
from services.reporting.api.fact_sheets import fact_sheet_routes
from services.reporting.api.indicators import indicator_routes
from services.reporting.api.live_figures import live_routes
from services.reporting.api.public_statistics import public_statistics_routes
from services.reporting.api.publications import publication_routes
from services.reporting.api.statistics import statistics_routes
from services.reporting.usecases.publishing import Publisher
from shared.clock import utc_now
from shared.http.application import create_app
from shared.http.keys import Keyring
from tests.integration.reporting.story import Story
from tests.integration.reporting.test_http import ADMIN, SERVICE, nothing_runs

YEARS = (2023, 2024)
WHEN = datetime(2025, 2, 1, 9, tzinfo=UTC)


def people(count: int, first: int = 0) -> list[str]:
    """So many pids."""
    return [f"person-{number}" for number in range(first, first + count)]


def town(story: Story) -> Story:
    """2023: 20 participants. 2024: 238 in all; walk 9, course 1, meal 0; 85+ 7, 18-34 nobody."""
    story.partner("avedan")
    story.activity("avedan/bingo-23", "2023-03-05T14:00:00+01:00")
    story.crowd("avedan/bingo-23", *people(20), ageBand="65-74")
    for number, month in enumerate((3, 5, 9)):
        ref = f"avedan/bingo-{month}"
        story.activity(ref, f"2024-{month:02}-05T14:00:00+01:00", place="Aadorp", seriesId="avedan/bingo")
        for band, count, offset in (("50-64", 20, 0), ("65-74", 33, 20), ("75-84", 24, 53)):
            story.crowd(ref, *people(count, 77 * number + offset), ageBand=band)
    for ref, month in (("walk", 3), ("course", 5), ("meal", 5)):
        story.activity(f"avedan/{ref}", f"2024-{month:02}-06T14:00:00+01:00", kind=ref, place="Aadorp")
    story.crowd("avedan/walk", *people(2), ageBand="50-64")
    story.crowd("avedan/walk", *people(7, 900), ageBand="85+")
    story.crowd("avedan/course", *people(1), ageBand="50-64")
    for month in (1, 2):
        ref = f"avedan/open-{month}"
        series = {"kind": "meeting-place", "seriesId": "avedan/groenedael", "title": "Groenedael"}
        story.activity(ref, f"2024-{month:02}-10T10:00:00+01:00", **series)
        story.heads(ref, 28)
    story.outreach("avedan/cards", "cards", "2024-12-01", quantity=712, precision="over")
    story.outreach("avedan/flowers", "flowers", "2024-05-01", goal="awareness", seriesId="avedan/geluk")
    story.volunteer("avedan/v1", "helper", "2023-06-01")
    return story


def application(engine: Engine) -> FastAPI:
    """Reporting's paths, and nothing that runs."""
    keyring = Keyring(engine, ADMIN, SERVICE, utc_now)
    return create_app(
        title="reporting",
        description="",
        contact=None,
        cors_origins=("https://portaal.example.org",),
        routers=(
            indicator_routes(),
            statistics_routes(engine, keyring),
            public_statistics_routes(engine),
            publication_routes(engine, publisher(engine), keyring),
            fact_sheet_routes(engine, keyring),
            external_figure_routes(engine, keyring),
            live_routes(),
        ),
        checks={},
        lifespan=nothing_runs,
    )


def publisher(engine: Engine) -> Publisher:
    """It is a morning in February."""
    return Publisher(engine, lambda: WHEN)
