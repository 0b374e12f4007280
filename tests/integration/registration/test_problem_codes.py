"""Every problem code of the contract is reached over HTTP, and every answer is what the served document says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator

from services.registration.app import build
from shared.http.problem_codes import PROBLEM_CODES
from tests.architecture.test_documents import CONTRACT_CODES
from tests.factories import Json, activity, outreach
from tests.integration.registration.running import (
    BATCH,
    NDJSON,
    ON_SQLITE,
    SINGLE,
    MovingClock,
    Registration,
    running_registration,
    served,
    settings,
)
from tests.integration.registration.test_accidents import impatient, somebody_else_decides
from tests.integration.registration.test_refusals import REFUSED
from tests.servers import ADMIN
from tests.standards.documented import Documented

__all__ = ["impatient"]

Ask = Callable[[Registration], httpx.Response]


def unknown_key(registration: Registration) -> httpx.Response:
    return registration.post(activity(), {"Authorization": "Bearer nobody"})


def wrong_scope(registration: Registration) -> httpx.Response:
    return registration.http.get("/v1/keys", headers=registration.key)


def unknown_path(registration: Registration) -> httpx.Response:
    return registration.http.get("/v1/nothing", headers=registration.key)


def unknown_thing(registration: Registration) -> httpx.Response:
    return registration.http.delete("/v1/keys/unknown", headers=ADMIN)


def wrong_method(registration: Registration) -> httpx.Response:
    answer = registration.http.patch("/v1/events", headers=registration.key)
    assert answer.headers["Allow"] == "POST"
    return answer


def wrong_accept(registration: Registration) -> httpx.Response:
    return registration.http.get("/v1/activities", headers={"Accept": "image/png"})


def too_many_bytes(registration: Registration) -> httpx.Response:
    headers = {**registration.key, "Content-Type": SINGLE}
    return registration.http.post("/v1/events", content=b" " * (8 * 1024 * 1024 + 1), headers=headers)


def too_many_events(registration: Registration) -> httpx.Response:
    return registration.post_batch([activity(f"a-{number}") for number in range(5001)])


def unknown_form(registration: Registration) -> httpx.Response:
    return registration.http.post(
        "/v1/events", content=b"<a/>", headers={**registration.key, "Content-Type": "text/xml"}
    )


def broken_table(registration: Registration) -> httpx.Response:
    registration.execute("alter table outreach rename to elsewhere")
    return registration.post(outreach())


def broken_reading(registration: Registration) -> httpx.Response:
    registration.execute("drop table activity")
    return registration.http.get("/v1/activities")


def held_lock(registration: Registration) -> httpx.Response:
    with somebody_else_decides(registration):
        return registration.post(activity())


ELSEWHERE: list[tuple[str, Ask]] = [
    ("unauthorized", unknown_key),
    ("forbidden", wrong_scope),
    ("not-found", unknown_path),
    ("not-found", unknown_thing),
    ("method-not-allowed", wrong_method),
    ("not-acceptable", wrong_accept),
    ("too-large", too_many_bytes),
    ("too-large", too_many_events),
    ("unsupported-media-type", unknown_form),
    ("internal", broken_table),
    ("internal", broken_reading),
    ("lock-timeout", held_lock),
]
"""What no event can bring about by what it says; the rate limit has an application of its own below."""


@pytest.fixture
def hurried(tmp_path: Path, database: str) -> Iterator[Registration]:
    """A service that takes three events a minute from one key."""
    clock = MovingClock()
    given = settings(tmp_path, database_url=database).model_copy(update={"rate_limit": 3})
    with served(build(given, clock), database, clock) as running:
        yield running


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    """As the service serves it."""
    with running_registration(tmp_path_factory.mktemp("document")) as registration:
        yield Documented.by(registration.http)


def has_the_one_shape(answer: httpx.Response, code: str, document: Documented) -> None:
    problem = answer.json()
    assert (problem["code"], answer.status_code, problem["status"]) == (code, *[PROBLEM_CODES[code].status] * 2)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"] == document.document["info"]["version"]
    assert document.faults(answer) == []
    page = answer.json()["type"]
    assert page == f"/v1/problems/{code}"


def test_the_codes_reached_here_are_those_of_the_contract_and_of_the_code() -> None:
    reached = {code for code, *_ in REFUSED} | {code for code, _ in ELSEWHERE} | {"rate-limited"}
    contract = {code for codes in CONTRACT_CODES.values() for code in codes.split()}
    assert reached == contract == set(PROBLEM_CODES)


@ON_SQLITE
@pytest.mark.parametrize(("code", "before", "event", "pointers"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_an_event_says_is_refused_as_documented_in_every_form(
    registration: Registration, document: Documented, code: str, before: list[Json], event: Json, pointers: list[str]
) -> None:
    registration.tell(*before)
    single = registration.post(event)
    has_the_one_shape(single, code, document)
    batch = registration.post_batch([event])
    assert document.faults(batch) == []
    line = line_of(registration, event)
    for result in (batch.json()["results"][0], line):
        assert document.result_faults(result) == []
        assert document.problem_faults(result["problem"]) == []
        assert result["problem"] == {name: single.json()[name] for name in result["problem"]}


def line_of(registration: Registration, event: Json) -> Json:
    headers = {**registration.key, "Content-Type": NDJSON}
    answer = registration.http.post("/v1/events", content=orjson.dumps(event) + b"\n", headers=headers)
    assert answer.status_code == 200
    line: Json = orjson.loads(answer.content.splitlines()[0])
    return line


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("code", "ask"), ELSEWHERE, ids=lambda value: getattr(value, "__name__", value))
def test_what_goes_wrong_around_an_event_is_answered_as_documented(
    registration: Registration, document: Documented, code: str, ask: Ask
) -> None:
    has_the_one_shape(ask(registration), code, document)


@ON_SQLITE
@pytest.mark.parametrize("form", [SINGLE, BATCH])
def test_who_sends_too_much_is_told_when_to_come_back_as_documented(
    hurried: Registration, document: Documented, form: str
) -> None:
    answers = [hurried.post(activity()) if form == SINGLE else hurried.post_batch([activity()]) for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] in ([201, 200, 200], [200, 200, 200])
    has_the_one_shape(answers[3], "rate-limited", document)
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].headers["RateLimit-Policy"] == '"events";q=3;w=60'


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
def test_what_fails_inside_a_batch_or_a_stream_is_documented_too(
    registration: Registration, document: Documented
) -> None:
    with somebody_else_decides(registration):
        results = [registration.results(outreach("o1"))[0], line_of(registration, outreach("o1"))]
    registration.execute("alter table outreach rename to elsewhere")
    results += [registration.results(outreach("o2"))[0], line_of(registration, outreach("o2"))]
    codes = [result["problem"]["code"] for result in results]
    assert codes == ["lock-timeout", "lock-timeout", "internal", "internal"]
    assert {(result["outcome"], result["retryable"]) for result in results} == {("failed", True)}
    assert [fault for result in results for fault in document.result_faults(result)] == []
    assert [fault for result in results for fault in document.problem_faults(result["problem"])] == []


@ON_SQLITE
def test_a_line_that_is_no_event_is_a_documented_result(registration: Registration, document: Documented) -> None:
    headers = {**registration.key, "Content-Type": NDJSON}
    lines = [b"{", b"7", b'{"id": NaN}', b'{"id": "a", "id": "b"}', b"x" * (256 * 1024 + 1), b"\xff"]
    answer = registration.http.post("/v1/events", content=b"\n".join(lines), headers=headers)
    *results, last = map(orjson.loads, answer.content.splitlines())
    assert [one["problem"]["code"] for one in results] == [*["invalid"] * 4, "too-large", "invalid"]
    assert [fault for result in results for fault in document.result_faults(result)] == []
    assert [fault for result in results for fault in document.problem_faults(result["problem"])] == []
    assert last["summary"]["rejected"] == len(lines)


@ON_SQLITE
def test_every_page_behind_a_problems_type_exists(registration: Registration, document: Documented) -> None:
    pages = {code: registration.http.get(f"/v1/problems/{code}") for code in PROBLEM_CODES}
    assert {code: page.status_code for code, page in pages.items()} == dict.fromkeys(PROBLEM_CODES, 200)
    assert all(f"<code>{code}</code>" in page.text for code, page in pages.items())
    assert [fault for page in pages.values() for fault in document.faults(page)] == []


def test_the_documents_own_schemas_are_schemas(document: Documented) -> None:
    for schema in document.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
