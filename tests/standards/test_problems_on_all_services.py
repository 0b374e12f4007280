"""What goes wrong on any of the three services has the one documented shape: 404 to 429, 500 and 503."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.factories import Json
from tests.servers import System, running_redis
from tests.standards.documented import Documented, Operation
from tests.standards.rings import SERVICES, Ring, rings_of

pytestmark = pytest.mark.parametrize("name", SERVICES)
A_MINUTE = 40
ANY_KEY: Json = {"label": "x", "scopes": ["messages:read"]}
INSIDE = ("Traceback", "sqlalchemy", "sqlite", "no such table", ".py", "select ", "insert ", "redis")


def has_the_one_shape(mine: Ring, answer: httpx.Response, code: str) -> None:
    assert answer.json()["code"] == code, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["endUserMessage"]["nl"]
    assert mine.document.faults(answer) == []
    assert [word for word in INSIDE if word.lower() in answer.text.lower()] == []


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/keys/", "/v2/keys", "/v1/problems/no-such-code"])
def test_what_is_not_there_is_404(rings: dict[str, Ring], name: str, path: str) -> None:
    has_the_one_shape(rings[name], rings[name].http.get(path), "not-found")


def test_another_method_is_405_and_says_which_there_are(rings: dict[str, Ring], name: str) -> None:
    mine = rings[name]
    for path in {operation.path for operation in mine.document.operations()}:
        offered = {one.method.upper() for one in mine.document.operations() if one.path == path}
        answer = mine.http.request("PATCH", Operation("patch", path, {}).at())
        has_the_one_shape(mine, answer, "method-not-allowed")
        assert {word.strip() for word in answer.headers["Allow"].split(",")} - {"HEAD"} == offered, path


def test_what_nobody_makes_is_406_wherever_something_is_answered(rings: dict[str, Ring], name: str) -> None:
    mine = rings[name]
    answering = [one for one in mine.document.operations() if "406" in one.described["responses"]]
    assert len(answering) > len(list(mine.document.operations())) / 2
    for operation in answering:
        answer = mine.http.request(operation.method, operation.at(), headers={"Accept": "image/png"})
        has_the_one_shape(mine, answer, "not-acceptable")


@pytest.fixture(scope="module")
def doomed_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Three services of which a test may spend the keys and break the databases."""
    with running_redis(tmp_path_factory.mktemp("redis-of-doomed")) as server:
        folder = Path(tmp_path_factory.mktemp("doomed"))
        system = System(folder, server.url, {"KOMERBIJ_RATE_LIMIT": str(A_MINUTE)})
        try:
            yield system.start()
        finally:
            system.stop()


@pytest.fixture(scope="module")
def doomed(doomed_system: System) -> Iterator[dict[str, Ring]]:
    """By service."""
    with rings_of(doomed_system) as found:
        yield found


def test_who_asks_too_often_is_429_and_told_when_to_come_back(doomed: dict[str, Ring], name: str) -> None:
    mine = doomed[name]
    _, key = mine.make("messages:read")
    headers = {"Authorization": f"Bearer {key}"}
    answers = [mine.http.get("/v1/keys", headers=headers) for _ in range(A_MINUTE)]
    assert {answer.status_code for answer in answers} == {403}
    asked = (mine.http.get("/v1/keys", headers=headers) for _ in range(20 * A_MINUTE))
    last = next(answer for answer in asked if answer.status_code != 403)  # the bucket fills while a slow machine asks
    has_the_one_shape(mine, last, "rate-limited")
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert last.headers["RateLimit"].startswith('"events";r=0;t=')


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes, and does not stop."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


@pytest.fixture(scope="module")
def while_locked(doomed_system: System, doomed: dict[str, Ring]) -> dict[str, httpx.Response]:
    """What each service says to a write while its database is locked, all asked at once: they wait for ten seconds."""
    with ExitStack() as locks, ThreadPoolExecutor(len(SERVICES)) as pool:
        for name in SERVICES:
            locks.enter_context(locked(doomed_system.folder / f"{name}.db"))
        asked = {name: pool.submit(doomed[name].http.post, "/v1/keys", json=ANY_KEY) for name in SERVICES}
        return {name: one.result() for name, one in asked.items()}


def test_a_database_that_stays_locked_is_503_and_may_be_tried_again(
    doomed: dict[str, Ring], while_locked: dict[str, httpx.Response], name: str
) -> None:
    assert while_locked[name].status_code == 503
    has_the_one_shape(doomed[name], while_locked[name], "lock-timeout")
    assert doomed[name].http.post("/v1/keys", json=ANY_KEY).status_code == 201


def test_an_accident_is_500_and_shows_nothing_of_the_inside(
    doomed: dict[str, Ring], doomed_system: System, name: str
) -> None:
    mine = doomed[name]
    with closing(sqlite3.connect(doomed_system.folder / f"{name}.db")) as database:
        database.execute("alter table access_key rename to elsewhere")
        try:
            for operation in (one for one in mine.document.operations() if one.scopes):
                request = mine.http.build_request(operation.method, operation.at())
                has_the_one_shape(mine, mine.send(request, "Bearer nobody"), "internal")
        finally:
            database.execute("alter table elsewhere rename to access_key")


def test_a_difference_between_an_answer_and_the_document_is_noticed(rings: dict[str, Ring], name: str) -> None:
    """What the tests above lean on."""
    answer = rings[name].http.delete("/v1/keys/unknown")
    assert rings[name].document.faults(answer) == []
    for change in ("status", "media type", "schema"):
        document: Json = Documented.by(rings[name].http).document
        (path,) = [path for path in document["paths"] if path.startswith("/v1/keys/{")]
        answers = document["paths"][path]["delete"]["responses"]
        if change == "status":
            del answers["404"]
        elif change == "media type":
            answers["404"]["content"] = {"application/json": {"schema": {}}}
        else:
            document["components"]["schemas"]["Problem"]["required"].append("instance")
        assert len(Documented(document).faults(answer)) == 1, change
