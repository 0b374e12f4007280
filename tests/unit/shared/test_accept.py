"""What a caller takes decides the form of an answer: weights, ranges, parameters (RFC 9110 section 12)."""

import pytest
from starlette.requests import Request

from shared.errors import Refusal
from shared.http.accept import preferred, refuse_unacceptable

JSON, CSV, EXCEL, STAT = "application/json", "text/csv", "text/csv; dialect=excel-nl", "application/vnd.json-stat+json"
FORMS = (JSON, CSV, EXCEL, STAT)


def asking(*accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", one.encode()) for one in accept]})


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
        ("application/json; charset=utf-8", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        ("TEXT/CSV; header=present", CSV),
        ("text/csv; dialect=excel-nl", EXCEL),
        ('text/csv;charset=utf-8;DIALECT="excel-nl"', EXCEL),
        ("text/csv, text/csv; dialect=excel-nl; q=0.9", CSV),
        ("text/csv; q=0.9, text/csv; dialect=excel-nl", EXCEL),
        ("text/csv; dialect=excel-nl; q=0, */*; q=0.1", JSON),
        ("text/csv, text/csv; dialect=excel-nl; q=0", CSV),
        ("text/csv; dialect=klingon, application/vnd.json-stat+json; q=0.2", STAT),
        ("application/json; q=0.3, application/vnd.json-stat+json; q=0.4", STAT),
        ("application/*; q=0.5, application/json; q=0", STAT),
        ("application/json, text/csv; q=7", JSON),
        ("application/json; q=0.5, text/csv; q=nan", JSON),
    ],
)
def test_the_form_that_the_caller_likes_best(accept: str, form: str) -> None:
    request = asking(accept) if accept else asking()
    refuse_unacceptable(request, FORMS)
    assert preferred(request, FORMS) == form


def test_several_headers_are_one_list() -> None:
    assert preferred(asking("application/json;q=0.1", "text/csv"), FORMS) == CSV


@pytest.mark.parametrize("accept", ["image/png", "text/csv; dialect=klingon", "*/*; q=0", "text/csv; q=x", "csv"])
def test_whoever_takes_none_of_them_is_refused_and_told_what_there_is(accept: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_unacceptable(asking(accept), FORMS)
    assert refused.value.code == "not-acceptable"
    assert EXCEL in refused.value.detail
