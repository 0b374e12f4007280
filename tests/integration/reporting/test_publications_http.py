"""Publications as callers get them: who may make one, what is immutable, and that nobody can guess (guide D6, D20)."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from services.reporting.api.publications import publication_routes
from services.reporting.usecases.publishing import Publisher
from shared.clock import utc_now
from shared.http.application import create_app
from shared.http.keys import Keyring
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.press import people
from tests.integration.reporting.story import Story
from tests.integration.reporting.test_http import ADMIN, SERVICE, bearer, nothing_runs
from tests.integration.reporting.visitor import Visitor

ON = datetime(2025, 1, 5, 8, 30, tzinfo=UTC)
PATH = "/v1/publications"


@pytest.fixture(scope="module", name="keyring")
def keyring_of(shared_engine: Engine) -> Keyring:
    return Keyring(shared_engine, ADMIN, SERVICE, utc_now)


@pytest.fixture(scope="module", name="visitor")
def visitor_of(shared_engine: Engine, keyring: Keyring) -> Visitor:
    """Of a service that heard of twelve people at one activity of 2024."""
    story = Story()
    story.partner("avedan")
    story.activity("avedan/one")
    story.crowd("avedan/one", *people(1, 12))
    Ledger(shared_engine).hear(story)
    routers = (publication_routes(shared_engine, Publisher(shared_engine, lambda: ON), keyring),)
    app = create_app(
        title="reporting",
        description="",
        contact=None,
        cors_origins=(),
        routers=routers,
        checks={},
        lifespan=nothing_runs,
    )
    return Visitor(app)


@pytest.fixture(scope="module", name="made")
def one_publication(visitor: Visitor) -> Any:
    return visitor.post(PATH, json={"period": "2024"}, headers=bearer(ADMIN))


def test_the_operator_gets_what_everybody_reads_and_where(visitor: Visitor, made: Any) -> None:
    assert (made.status_code, made.headers["Location"]) == (201, f"{PATH}/2024.1")
    read = visitor.get(made.headers["Location"])
    assert (read.status_code, read.content) == (200, made.content)
    body = read.json()
    tables = body.pop("tables")
    assert body == {
        "id": "2024.1",
        "period": "2024",
        "createdAt": "2025-01-05T08:30:00Z",
        "closed": True,
        "correctionsHeld": False,
        "note": None,
    }
    found = next(one for one in tables if (one["indicator"], one["period"], one["groupBy"]) == ("visits", "2024", []))
    assert found == {
        "indicator": "visits",
        "period": "2024",
        "groupBy": [],
        "total": {"value": None, "status": "not-applicable"},
        "values": [],
    }


def test_a_publication_is_for_good_and_the_list_is_asked_for_again(visitor: Visitor, made: Any) -> None:
    one, every = visitor.get(f"{PATH}/2024.1"), visitor.get(PATH)
    assert one.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert every.headers["Cache-Control"] == "public, no-cache"
    for path, answer in ((f"{PATH}/2024.1", one), (PATH, every)):
        again = visitor.get(path, headers={"If-None-Match": f'"old", {answer.headers["ETag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert visitor.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        head = visitor.head(path)
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])


def test_the_list_has_no_tables_and_goes_on_where_it_ended(visitor: Visitor, made: Any) -> None:
    for year in ("2023", "2024"):
        assert visitor.post(PATH, json={"period": year}, headers=bearer(ADMIN)).status_code == 201
    seen, cursor = [], None
    while True:
        asked = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = visitor.get(PATH, params=asked).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [one["id"] for one in seen] == ["2024.2", "2024.1", "2023.1"]
    assert all("tables" not in one for one in seen)


@pytest.mark.parametrize("cursor", ["x", "WyIyMDI0Il0", "WzIwMjQsMV0", "WyIyMDI0IiwidHdvIl0", "WyJ4IiwxXQ"])
def test_a_cursor_of_nobody_is_refused(visitor: Visitor, cursor: str) -> None:
    answer = visitor.get(PATH, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "cursor")


def test_d20_an_unknown_future_or_guessed_publication_is_one_identical_404(visitor: Visitor, made: Any) -> None:
    names = ("2024.99", "2024.0", "2024.01", "2024", "2031.1", "1899.1", "2024.1x", "latest", "2024.999999999999")
    answers = [visitor.get(f"{PATH}/{name}") for name in names]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in answers]
    assert [one for one in told if one != told[0]] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"period": "2024-Q3"}, "/period"),
        ({"period": "2024-03"}, "/period"),
        ({"period": "24"}, "/period"),
        ({"period": 2024}, "/period"),
        ({"period": "2026"}, "/period"),
        ({}, "/period"),
        ({"period": "2024", "threshold": 1}, "/threshold"),
    ],
)
def test_d06_only_a_year_that_has_begun_can_be_published(visitor: Visitor, body: Any, pointer: str) -> None:
    answer = visitor.post(PATH, json=body, headers=bearer(ADMIN))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/2024.1"])
@pytest.mark.parametrize("parameter", ["from=2024-01-01", "kind=bingo", "groupBy=kind,goal", "threshold=1"])
def test_d06_no_parameter_makes_a_publication_tell_something_else(visitor: Visitor, path: str, parameter: str) -> None:
    assert visitor.get(f"{path}?{parameter}").status_code == 400


def test_only_the_operator_publishes_and_asks_the_auditor(visitor: Visitor, keyring: Keyring) -> None:
    _, reader = keyring.create(label="reader", scopes=["statistics:read"], partner_id=None)
    for headers, status in (({}, 401), (bearer(reader), 403)):
        assert visitor.post(PATH, json={"period": "2024"}, headers=headers).status_code == status
        assert visitor.get(f"{PATH}/audit", headers=headers).status_code == status


def test_the_auditor_reports_how_much_is_hidden_and_nothing_more(visitor: Visitor, made: Any) -> None:
    found = orjson.loads(visitor.get(f"{PATH}/audit", headers=bearer(ADMIN)).content)
    assert found["findings"] == []
    assert 0 < found["hidden"] < found["cells"]
