"""NL API Design Rules 2.2: names of resources, paths and keys, and what they must not tell of what is behind them."""

import re

import httpx

from tests.architecture.documents import document, rows, section
from tests.standards.api.sides import Side

VERBS = {
    "get",
    "create",
    "make",
    "add",
    "update",
    "change",
    "delete",
    "remove",
    "find",
    "search",
    "list",
    "send",
    "post",
}
ACTIONS = {"lookup", "retry", "outcome", "receipt", "unsubscribe"}
"""What is no thing: each a sub-resource that is posted to, but `unsubscribe` (a page; see the table of differences)."""
SINGULAR = {"log", "call-list", "completeness", "presence", "retention", "statistics", "audit", "stream"}
"""Things of which there is one; `statistics` is the plural of what nobody calls a statistic."""
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CAMEL = re.compile(r"[a-z]+([A-Z][a-z0-9]*)*")


def literal(path: str) -> list[str]:
    """The segments of a path that are no parameters, without the version."""
    return [part for part in path.strip("/").split("/")[1:] if not part.startswith("{")]


def test_core_naming_resources(side: Side) -> None:
    segments = {segment for path in side.paths for segment in literal(path)} - SINGULAR
    words = {word for segment in segments for word in segment.split("-")}
    assert words & VERBS == set()


def test_core_naming_collections(side: Side) -> None:
    collections = {literal(path)[-1] for path in side.paths} - ACTIONS - SINGULAR
    assert [name for name in collections if not name.endswith("s")] == []


def test_core_interface_language(side: Side) -> None:
    points = {
        row[0]: row for row in rows(section(document("docs/api.md"), "Where we differ from a standard on purpose"))
    }
    assert "English" in points["language of names"][2]
    labelled = [answer.json() for operation, answer in side.readable() if "/code-lists" in operation.path]
    assert all(code["label"]["nl"] for lists in labelled for codes in lists.values() for code in codes)


def test_core_path_segments_kebab_case(side: Side) -> None:
    segments = {segment for path in side.paths for segment in literal(path)}
    assert [segment for segment in segments if not KEBAB.fullmatch(segment)] == []


def test_core_query_keys_camel_case(side: Side) -> None:
    parameters = [one for operation in side.operations for one in operation.described.get("parameters", [])]
    named = {one["name"] for one in parameters if one["in"] in ("query", "path")}
    assert [name for name in named if not CAMEL.fullmatch(name)] == []
    for operation in side.operations:
        answer = side.admin.request(operation.method, side.filled(operation.path), params={"no_such_key": "1"})
        assert answer.status_code == 400, f"{operation.name} takes keys that it does not know"


def test_core_no_trailing_slash(side: Side) -> None:
    assert [path for path in side.paths if path.endswith("/")] == []
    for path in side.paths:
        answer = side.admin.get(f"{side.filled(path)}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found"), path


def test_core_nested_child(side: Side) -> None:
    for path in side.paths:
        parent, _, child = path.rpartition("/")
        if not child.startswith("{") and "{" in parent:
            assert parent in side.paths, f"{path} is nested in something that is no resource"


def test_core_resource_operations(side: Side) -> None:
    acting = [operation for operation in side.operations if literal(operation.path)[-1] in ACTIONS - {"unsubscribe"}]
    assert {operation.method for operation in acting} <= {"post"}
    expected = {"registration": {"lookup"}, "notifications": {"retry"}, "reporting": {"retry"}}[side.name]
    assert {literal(operation.path)[-1] for operation in acting} >= expected


def test_core_hide_implementation(side: Side) -> None:
    answers: list[httpx.Response] = [*side.refusals().values(), *(answer for _, answer in side.readable())]
    ours = re.compile(
        r"fastapi|starlette|uvicorn|pydantic|sqlalchemy|sqlite|postgres|psycopg|redis|python|traceback", re.I
    )
    for answer in answers:
        said = ours.search(f"{answer.headers} {answer.text}")
        assert said is None, f"{answer.request.url.path} says {said[0] if said else ''}"
        assert "server" not in answer.headers
    assert ours.search(str(side.document["paths"]).replace("zonder Redis", "")) is None
