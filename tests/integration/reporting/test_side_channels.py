"""What is told between publications without being asked: fifty arrivals change no byte of what needs no key."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY, generate_latest
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS, build
from services.reporting.settings import Settings
from shared.http.health import health_routes
from shared.http.keys import Keyring
from shared.messaging.vital_signs import VitalSigns
from shared.observability import Check
from tests.databases import DATABASES, migrated_on
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.public_year import WHEN, YEARS, people, publisher, town
from tests.integration.reporting.story import Story
from tests.integration.reporting.visitor import Visitor
from tests.standards.documented import Documented, Operation

ARRIVALS = 50
FORMS = ("application/json", "text/html", "text/csv", "text/csv; dialect=excel-nl", "application/vnd.json-stat+json")
QUERIES = (
    "",
    "?odd=1",
    "?indicator=participants&period=2024",
    "?indicator=participants&period=2024&groupBy=kind",
    "?indicator=attendances&period=2024-Q3&groupBy=neighbourhood",
    "?indicator=visits&period=2024&groupBy=partner",
    "?indicator=activities&period=2024-11",
    "?indicator=participants&period=2025",
    "?indicator=participants&period=2024&groupBy=kind,goal",
    "?indicator=participants&period=2024&partner=scoop",
    "?compareTo=2023",
    "?compareTo=2025",
    "?live=true",
    "?limit=1",
)
IN_EVERY_FORM = ("", "?indicator=participants&period=2024&groupBy=kind", "?compareTo=2023")
NAMES = {"year": ("2024", "2025", "24"), "id": ("2024.1", "2024.2", "2025.1", "nonsense"), "code": ("invalid", "none")}
ELSEWHERE = ("/", "/v1", "/v1/nothing", "/v1/public-statistics/", "/v1/openapi.json")


@pytest.fixture(name="engine", scope="module", params=DATABASES)
def engine_of_a_town(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        yield engine


@pytest.fixture(name="ledger", scope="module")
def ledger_of_a_town(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture(name="client", scope="module")
def anybody(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """The application as it is composed, over the test's own database; nothing of it runs."""
    settings: Any = Settings(
        KOMERBIJ_ADMIN_KEY="a" * 40,
        KOMERBIJ_SERVICE_KEY="s" * 40,
        KOMERBIJ_DATA=tmp_path_factory.mktemp("data"),
        REPORTING_DATABASE_URL=engine.url.render_as_string(hide_password=False),
    )
    return Visitor(build(settings))


def filled(operation: Operation) -> Iterator[str]:
    """The operation's path with every name that is tried in it."""
    found = re.search(r"\{(\w+)\}", operation.path)
    if found is None:
        yield operation.path
        return
    assert found[1] in NAMES or operation.scopes is not None, f"say what may stand in {operation.path}"
    yield from (operation.path.replace(found[0], value) for value in NAMES.get(found[1], ("nonsense",)))


def everything(client: Visitor) -> dict[tuple[str, str], tuple[int, list[tuple[str, str]], bytes]]:
    """(Path and query, form) -> status, headers and body, of every path without a key, and of what is refused."""
    document = Documented(client.get("/v1/openapi.json").json())
    readable = [operation for operation in document.operations() if operation.method == "get"]
    open_ones = [path for one in readable if one.scopes is None for path in filled(one)]
    shut = [path for one in readable if one.scopes is not None for path in filled(one)]
    asked = [(path + query, FORMS[0]) for path in open_ones for query in QUERIES]
    asked += [(path + query, form) for path in open_ones for query in IN_EVERY_FORM for form in FORMS[1:]]
    asked += [(path, FORMS[0]) for path in (*shut, *ELSEWHERE)]
    return {(path, form): told(client.get(path, headers={"Accept": form})) for path, form in asked}


def told(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, answer.headers.multi_items(), answer.content


def test_d08_fifty_arrivals_change_no_byte_of_what_needs_no_key(client: Visitor, ledger: Ledger) -> None:
    story = town(Story())
    ledger.hear(story)
    for year in YEARS:
        publisher(ledger.engine).publish(year)
    before, live = everything(client), ledger.total("participants", "2024")
    arrive(story, ledger)
    after = everything(client)
    assert ledger.total("participants", "2024") == (live or 0) + ARRIVALS, "they did arrive"
    assert {asked for asked in before if before[asked] != after[asked]} == set()
    statuses = {status for status, _, _ in before.values()}
    assert statuses == {200, 400, 401, 404, 406}, "good answers and errors, and no accident"
    assert not any(b'"sequence"' in body and b"openapi" not in body for _, _, body in before.values())


def arrive(story: Story, ledger: Ledger) -> None:
    """One by one: present persons in each published year, a partner, a neighbourhood and a code that are new."""
    story.partner("scoop", municipality="GM0153")
    story.activity("scoop/sport", "2024-11-11T14:00:00+01:00", kind="sport", goal="awareness", place="Nieuwstraat")
    for number, pid in enumerate(people(ARRIVALS, 5000)):
        place = ("avedan/bingo-3", "scoop/sport")[number % 2]
        story.attendance(place, pid, ageBand="0-17", neighbourhood="Nieuwstraat")
    story.heads("scoop/sport", 400)
    for event in story.events[-ARRIVALS - 3 :]:
        ledger.take([event])


PEOPLE = ("avedan", "scoop", "Aadorp", "Nieuwstraat", "85+", "0-17", "bingo-3", "groenedael", "participants")


def test_d12_metrics_and_health_name_nobody_and_count_no_people(client: Visitor, ledger: Ledger) -> None:
    metrics = generate_latest(REGISTRY).decode()
    labels = set(re.findall(r'(\w+)="', metrics))
    assert labels & {"partner", "neighbourhood", "ageBand", "activity", "kind", "indicator", "pid"} == set()
    for path in ("/metrics", "/health/live", "/health/ready"):
        text = client.get(path).text
        assert [word for word in PEOPLE if word in text] == [], path
    assert not re.search(r"\d", client.get("/health/ready").text.replace("30 s", "")), "words, no numbers"


async def test_d12_how_far_a_consumer_is_is_told_to_the_operator_alone(engine: Engine) -> None:
    signs = VitalSigns(30.0, reason=None, watermark=4128, lag=7)

    async def check() -> Check:
        return signs.check()

    app = FastAPI()
    keyring = Keyring(engine, "a" * 40, "s" * 40, lambda: WHEN)
    app.include_router(health_routes({"consumer": check}, keyring))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.example.org") as http:
        told_to = {}
        for key in ("", "Bearer " + "b" * 40, "Bearer " + "s" * 40, "Bearer " + "a" * 40):
            answer = await http.get("/health/ready", headers={"Authorization": key})
            told_to[key[7:8]] = (answer.status_code, answer.json()["checks"]["consumer"])
    assert told_to == {
        **dict.fromkeys(("", "b", "s"), (200, {"status": "ok"})),
        "a": (200, {"status": "ok", "sequence": 4128, "lag": 7}),
    }
