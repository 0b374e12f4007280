"""NL API Design Rules 2.2 and RFC 9457: problems in one shape, all faults at once, pages behind their types."""

from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from shared.http.problem_codes import PROBLEM_CODES
from tests.factories import activity, attendance
from tests.standards.api.sides import EVENT, PROBLEM, Side

BATCH = "application/cloudevents-batch+json"


def test_core_error_handling_problem_details(side: Side) -> None:
    for operation in side.operations:
        for status, described in operation.described["responses"].items():
            if status >= "400":
                schemas = {kind: content["schema"] for kind, content in described["content"].items()}
                assert schemas == {PROBLEM: {"$ref": "#/components/schemas/Problem"}}, operation.name
    for status, answer in side.refusals().items():
        problem = answer.json()
        assert answer.headers["Content-Type"] == PROBLEM, status
        assert {"type", "title", "status", "detail", "code", "endUserMessage"} <= problem.keys()
        assert (problem["status"], problem["type"]) == (status, f"/v1/problems/{problem['code']}")
        assert PROBLEM_CODES[problem["code"]].status == status
        assert side.documented.problem_faults(problem) == []


def test_core_error_handling_invalid_input(side: Side) -> None:
    assert "422" not in {status for operation in side.operations for status in operation.described["responses"]}
    assert "HTTPValidationError" not in side.document["components"]["schemas"]
    json = {"Content-Type": "application/json"}
    for content in (b"{", b"[]", b'"text"', b'{"scopes": 1}', b"\xff", b"NaN"):
        answer = side.admin.post("/v1/keys", content=content, headers=json)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), content


def test_core_error_handling_all_errors(side: Side) -> None:
    wrong: dict[str, Any] = {"scopes": [], "label": "", "partnerId": "a b", "more": 1}
    problem = side.admin.post("/v1/keys", json=wrong).json()
    assert {fault["pointer"] for fault in problem["errors"]} == {"/scopes", "/label", "/partnerId", "/more"}
    assert all(fault.keys() == {"pointer", "code", "detail"} for fault in problem["errors"])
    named = side.admin.get("/v1/keys", params={"one": "1", "two": "2"}).json()
    assert {fault["pointer"] for fault in named["errors"]} == {"one", "two"}, "a parameter is named, not pointed at"


def test_core_error_handling_all_errors_of_an_event_point_into_it(registration: Side) -> None:
    event = activity("fout", partnerid="avedan", capacity=-1, kind="knitting", specversion="0.3")
    event |= {"specversion": "0.3", "id": ""}
    single = registration.admin.post("/v1/events", json=event, headers={"Content-Type": EVENT}).json()
    batch = registration.admin.post("/v1/events", json=[event], headers={"Content-Type": BATCH}).json()
    pointers = {fault["pointer"] for fault in single["errors"]}
    assert pointers >= {"/specversion", "/id", "/data/capacity", "/data/kind"}
    assert {fault["pointer"] for fault in batch["results"][0]["problem"]["errors"]} == pointers
    assert registration.documented.problem_faults(batch["results"][0]["problem"]) == []


def test_a_problem_repeats_no_value_of_anybody(registration: Side) -> None:
    event = attendance("bingo-2026-10-24", ref="iemand@example.org", partnerid="avedan")
    answer = registration.admin.post("/v1/events", json=event, headers={"Content-Type": EVENT})
    assert answer.json()["code"] == "looks-like-personal-data"
    assert "iemand@example.org" not in answer.text


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.language = dict(attrs).get("lang")


@pytest.mark.parametrize("code", PROBLEM_CODES)
def test_behind_every_type_stands_a_page_in_dutch(side: Side, code: str) -> None:
    answer = side.http.get(f"/v1/problems/{code}", headers={"Accept": "text/html"})
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (page.language, page.tags.count("h1"), page.tags.count("main")) == ("nl", 1, 1)
    assert code in answer.text


def test_a_problem_page_is_for_people_and_its_problem_for_programs(side: Side) -> None:
    unknown: httpx.Response = side.http.get("/v1/problems/no-such-code")
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (404, PROBLEM)
    every = [known.nl for known in PROBLEM_CODES.values()]
    assert all(len(sentence.split()) <= 15 for text in every for sentence in text.split(". ")), "B1: short sentences"
