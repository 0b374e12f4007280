"""One shape for every answer that is none: rules, validation, router, accidents (contract section 1)."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query

from shared.errors import FieldFault, Refusal
from shared.events.model import WireModel
from shared.http.application import create_app
from shared.http.health import Check
from shared.http.problem_codes import PROBLEM_CODES
from shared.http.routes import Routes


class Body(WireModel):
    """Two members, so that there can be two faults."""

    first_name: int
    second: int


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


def routes() -> Routes:
    """A route for each way to fail."""
    router = Routes(prefix="/v1")

    @router.post("/things")
    def things(body: Body, many: Annotated[int, Query(ge=1)] = 1) -> dict[str, int]:
        return {"sum": body.first_name + body.second + many}

    @router.get("/refused")
    def refused() -> None:
        raise Refusal("activity-full", "all places are taken", (FieldFault("/data/activityId", "full", "full"),))

    @router.get("/accident")
    def accident() -> None:
        raise ZeroDivisionError("secret detail")

    return router


@pytest.fixture
def checks() -> dict[str, Check]:
    return {"database": Check("ok")}


@pytest.fixture
async def client(checks: dict[str, Check]) -> AsyncIterator[httpx.AsyncClient]:
    async def database() -> Check:
        return checks["database"]

    app = create_app(
        title="test",
        description="",
        contact="beheer@example.org",
        cors_origins=["https://example.org"],
        routers=[routes()],
        checks={"database": database},
        lifespan=nothing,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as found:
        yield found


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer, its shape checked."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"].startswith("1.")
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "endUserMessage"} <= body.keys()
    assert (body["status"], body["type"]) == (status, f"/v1/problems/{code}")
    return body


async def test_a_refusal_becomes_a_problem_with_its_code(client: httpx.AsyncClient) -> None:
    body = problem(await client.get("/v1/refused"), 409, "activity-full")
    assert body["errors"] == [{"pointer": "/data/activityId", "code": "full", "detail": "full"}]
    assert body["endUserMessage"]["nl"] == "Deze activiteit is vol. Kies een andere activiteit, of bel de organisatie."


async def test_t29_400_with_all_errors_of_a_body_at_once(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things?many=0", json={"firstName": "x"})
    pointers = {fault["pointer"] for fault in problem(answer, 400, "invalid")["errors"]}
    assert pointers == {"/firstName", "/second", "many"}


async def test_broken_json_is_400(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", content=b"{", headers={"Content-Type": "application/json"})
    problem(answer, 400, "invalid")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/refused/", 404, "not-found"),
        ("PUT", "/v1/refused", 405, "method-not-allowed"),
    ],
)
async def test_the_router_answers_in_the_same_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    problem(await client.request(method, path), status, code)


async def test_an_accident_is_a_500_that_tells_nothing(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await client.get("/v1/accident")
    problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "accident in GET /v1/accident" in caplog.text


async def test_security_headers_stand_on_every_answer(client: httpx.AsyncClient) -> None:
    for path in ("/v1/refused", "/v1/accident", "/v1/nothing", "/health/live"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_a_page_of_an_allowed_origin_may_ask_whether_an_answer_is_still_the_same(
    client: httpx.AsyncClient,
) -> None:
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,if-none-match"}
    for origin, status in (("https://example.org", 200), ("https://other.example.org", 400)):
        assert (await client.options("/v1/refused", headers={**asking, "Origin": origin})).status_code == status


async def test_the_openapi_document_is_public_and_knows_no_422(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/openapi.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert '"422"' not in answer.text
    assert answer.json()["info"]["contact"] == {"email": "beheer@example.org"}


async def test_other_origins_are_let_in_only_from_the_list(client: httpx.AsyncClient) -> None:
    known = await client.get("/health/live", headers={"Origin": "https://example.org"})
    stranger = await client.get("/health/live", headers={"Origin": "https://example.com"})
    assert known.headers["access-control-allow-origin"] == "https://example.org"
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize(("status", "http"), [("ok", 200), ("degraded", 200), ("down", 503)])
async def test_readiness_tells_the_truth(
    client: httpx.AsyncClient, checks: dict[str, Check], status: Any, http: int
) -> None:
    checks["database"] = Check(status, "why")
    answer = await client.get("/health/ready")
    assert answer.status_code == http
    assert answer.json() == {"status": status, "checks": {"database": {"status": status, "reason": "why"}}}


async def test_a_check_that_raises_means_not_ready(client: httpx.AsyncClient, checks: dict[str, Check]) -> None:
    del checks["database"]
    assert (await client.get("/health/ready")).status_code == 503


def test_every_code_has_a_sentence_for_residents() -> None:
    for code in PROBLEM_CODES.values():
        assert code.nl.endswith(".")
        assert code.status >= 400


@pytest.mark.parametrize("code", PROBLEM_CODES)
async def test_the_type_of_every_problem_is_a_page(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.get(f"/v1/problems/{code}")
    assert answer.headers["content-type"].startswith("text/html")
    said, then = PROBLEM_CODES[code].nl.split(". ", 1)[0].rstrip("."), PROBLEM_CODES[code].nl.partition(". ")[2]
    assert f"<h1>{said}.</h1>" in answer.text
    assert then in answer.text
    assert f"<code>{code}</code>" in answer.text


async def test_an_unknown_problem_code_has_no_page(client: httpx.AsyncClient) -> None:
    problem(await client.get("/v1/problems/no-such-thing"), 404, "not-found")
