"""Every operation of the three served documents with every kind of key: who gets in, and that keys come first."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi.routing import APIRoute

from tests.architecture.documents import document as text_of
from tests.architecture.documents import rows, section
from tests.architecture.test_documents import UNDESCRIBED, service, shape
from tests.factories import Json, activity, signup
from tests.standards.documented import Documented, Operation
from tests.standards.rings import MINE, NONSENSE, OTHERS, ROLES, SERVICES, Ring, expected, seen
from tests.standards.visitors import BATCH, STRUCTURED

PUBLIC = {
    "registration": {
        "GET /v1/activities",
        "GET /v1/activities/{}/{}",
        "GET /v1/code-lists",
        "GET /v1/problems/{}",
    },
    "notifications": {"GET /v1/problems/{}", "GET /v1/unsubscribe/{}", "POST /v1/unsubscribe/{}"},
    "reporting": {
        "GET /v1/indicators",
        "GET /v1/fact-sheets/{}",
        "GET /v1/live-figures",
        "GET /v1/public-statistics",
        "GET /v1/publications",
        "GET /v1/publications/{}",
        "GET /v1/problems/{}",
    },
}
"""What the contract opens to everybody. Whatever else a service answers must say which key it wants."""


@pytest.mark.parametrize("name", SERVICES)
def test_what_needs_no_key_is_what_the_contract_opens_to_everybody(rings: dict[str, Ring], name: str) -> None:
    operations = list(rings[name].document.operations())
    public = {shape(operation.name) for operation in operations if operation.scopes is None}
    assert public == PUBLIC[name]
    unknown = {one.name: one.scopes for one in operations if one.scopes is not None and not one.scopes <= ROLES}
    assert unknown == {}
    assert [one.name for one in operations if one.scopes is not None and not one.scopes] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_of_the_application_is_in_its_document(rings: dict[str, Ring], name: str, tmp_path: Path) -> None:
    routes = list(all_routes(service(name.capitalize(), tmp_path).routes))
    offered = {shape(f"{method} {route.path}") for route in routes for method in (route.methods or set()) - {"HEAD"}}
    documented = {shape(operation.name) for operation in rings[name].document.operations()}
    assert offered == documented | (UNDESCRIBED - {"GET /v1/openapi.json"})


def all_routes(routes: Any) -> Iterator[APIRoute]:
    """The routes themselves and those of included routers."""
    for route in routes:
        inside = getattr(route, "original_router", None) or getattr(route, "router", None)
        if isinstance(route, APIRoute):
            yield route
        elif inside is not None:
            yield from all_routes(inside.routes)


@pytest.mark.parametrize("name", SERVICES)
def test_the_guide_names_the_same_keys_as_the_document(rings: dict[str, Ring], name: str) -> None:
    headings = ["Every service", name.capitalize(), *(["Both consumers"] if name != "registration" else [])]
    said = {shape(row[0].strip("`")): row[1].strip("`") for title in headings for row in table_of(title)}
    for operation in rings[name].document.operations():
        wanted = operation.scopes
        key = said[shape(operation.name)]
        assert (key == "–") if wanted is None else (key in wanted), operation.name


def table_of(title: str) -> list[list[str]]:
    return [row for row in rows(section(text_of("docs/api.md"), title)) if row[0].startswith("`") and " /" in row[0]]


@pytest.mark.parametrize("name", SERVICES)
def test_every_key_opens_what_the_document_says_and_nothing_else(rings: dict[str, Ring], name: str) -> None:
    """The request is nonsense, so 401 and 403 are also seen to come before 400, 404, 406 and 415."""
    mine, tried = rings[name], 0
    for operation in mine.document.operations():
        for kind, (key, roles) in mine.keys.items():
            answer = mine.ask(operation, key, partnerId=MINE, partner_id=MINE)
            assert seen(answer) == expected(operation, roles), (operation.name, kind, answer.text)
            assert answer.status_code < 500, (operation.name, kind)
            assert mine.document.faults(answer) == [], (operation.name, kind)
            tried += 1
    assert tried == len(list(mine.document.operations())) * len(mine.keys)


def one_of(operation: Operation) -> frozenset[str]:
    """The roles that open it."""
    return operation.scopes or frozenset()


@pytest.mark.parametrize("name", SERVICES)
def test_a_key_is_asked_for_before_anything_else_about_a_request(rings: dict[str, Ring], name: str) -> None:
    mine = rings[name]
    odd = {"Accept": "image/png", "Content-Type": "text/odd", "Content-Encoding": "gzip"}
    for operation in (one for one in mine.document.operations() if one.scopes is not None):
        other = next(key for key, roles in mine.keys.values() if roles and not roles & (one_of(operation) | {"admin"}))
        for key, status in (("Bearer nobody", 401), (other, 403)):
            path = f"{operation.at()}?unknown=1&unknown=2&limit=nonsense"
            headers = {**odd, "Authorization": str(key)}
            answer = mine.http.request(operation.method, path, headers=headers, content=NONSENSE)
            assert answer.status_code == status, operation.name


@pytest.mark.parametrize("name", SERVICES)
def test_every_401_says_how_to_come_in(rings: dict[str, Ring], name: str) -> None:
    mine = rings[name]
    for operation in (one for one in mine.document.operations() if one.scopes is not None):
        answer = mine.ask(operation, None)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_another_partners_key_sees_nothing_of_a_partners_people(rings: dict[str, Ring]) -> None:
    """403 for what is there and for what is not: whether it exists is not told either."""
    mine = rings["registration"]
    keys = {name: f"Bearer {mine.make('events:write', partner_id=name)[1]}" for name in (MINE, OTHERS)}
    headers = {"Authorization": keys[MINE], "Content-Type": BATCH}
    told = mine.http.post("/v1/events", content=orjson.dumps([activity(), signup("s1")]), headers=headers).json()
    assert told["summary"]["accepted"] == 2
    partners = [
        one
        for one in mine.document.operations()
        if one.scopes == frozenset({"events:write"}) and "{partner" in one.path
    ]
    assert len(partners) == 3
    for operation in partners:
        there = {"partnerId": MINE, "activityId": "bingo-1", "signupId": "s1"}
        for values in (there, {"partnerId": MINE}):
            answer = mine.ask(operation, keys[OTHERS], **values)
            assert (answer.status_code, mine.document.faults(answer)) == (403, []), (operation.name, values)
        assert mine.ask(operation, keys[MINE], **there).status_code == 200
        assert mine.ask(operation, keys[MINE], partnerId=MINE).status_code == 404


def test_another_partners_key_writes_nothing_to_a_partners_things(rings: dict[str, Ring]) -> None:
    mine = rings["registration"]
    key = {"Authorization": f"Bearer {mine.make('events:write', partner_id=OTHERS)[1]}", "Content-Type": STRUCTURED}
    foreign = [activity(f"{MINE}/bingo-1"), {**activity(), "partnerid": MINE}]
    answers = [mine.http.post("/v1/events", content=orjson.dumps(event), headers=key) for event in foreign]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "partner-not-allowed")] * 2


def test_a_live_fact_sheet_wants_a_key_and_a_published_one_does_not(rings: dict[str, Ring]) -> None:
    mine = rings["reporting"]
    wanted = Operation("get", "", {"security": [{"key": ["statistics:read"]}]})
    found = {}
    for kind, (key, roles) in mine.keys.items():
        request = mine.http.build_request("GET", "/v1/fact-sheets/2024", params={"live": "true"})
        found[kind] = (seen(mine.send(request, key)), expected(wanted, roles))
    assert {kind: is_so for kind, (is_so, _) in found.items()} == {kind: must for kind, (_, must) in found.items()}


Change = Callable[[Json], None]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["paths"].update({"/v1/new": {"get": {"responses": {}}}}),
        lambda document: document["paths"]["/v1/keys"]["get"].pop("security"),
        lambda document: document["paths"]["/v1/keys"]["get"].update(security=[{"key": ["everybody"]}]),
        lambda document: document["paths"]["/v1/keys"]["get"].update(security=[{"key": []}]),
        lambda document: document["paths"].pop("/v1/problems/{code}"),
    ],
    ids=["a new path", "no security", "an unknown role", "no role", "a path that is gone"],
)
def test_a_path_that_is_not_in_the_matrix_is_noticed(rings: dict[str, Ring], change: Change) -> None:
    changed: Json = orjson.loads(orjson.dumps(rings["notifications"].document.document))
    change(changed)
    wrong = {"notifications": Ring(rings["notifications"].http, Documented(changed))}
    with pytest.raises(AssertionError):
        test_what_needs_no_key_is_what_the_contract_opens_to_everybody(wrong, "notifications")


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["paths"]["/v1/problems/{code}"]["get"].update(security=[{"key": ["admin"]}]),
        lambda document: document["paths"]["/v1/keys"]["get"].pop("security"),
        lambda document: document["paths"]["/v1/keys"]["get"].update(security=[{"key": ["messages:read"]}]),
        lambda document: document["paths"]["/v1/messages"]["get"].update(security=[{"key": ["messages:write"]}]),
    ],
    ids=["a door that stands open", "a door that is shut", "one too narrow", "one for others"],
)
def test_a_door_that_is_not_as_the_document_says_is_noticed(rings: dict[str, Ring], change: Change) -> None:
    """The document is changed instead of the door: the difference is the same."""
    changed: Json = orjson.loads(orjson.dumps(rings["notifications"].document.document))
    change(changed)
    wrong = Ring(rings["notifications"].http, Documented(changed), rings["notifications"].keys)
    with pytest.raises(AssertionError):
        test_every_key_opens_what_the_document_says_and_nothing_else({"notifications": wrong}, "notifications")
