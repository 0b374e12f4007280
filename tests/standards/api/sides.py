"""One of the three services as a test of a rule sees it: its document, clients with and without a key, its problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.factories import Json
from tests.standards.documented import Documented, Operation

PROBLEM = "application/problem+json"
EVENT = "application/cloudevents+json"
UNKNOWN = "/v1/no-such-path"


@dataclass(frozen=True)
class Side:
    """A running service. `http` has no key, `admin` the operator's; `known` fills in paths."""

    name: str
    http: httpx.Client
    admin: httpx.Client
    documented: Documented
    known: Mapping[str, str]

    @property
    def document(self) -> Json:
        return self.documented.document

    @property
    def operations(self) -> list[Operation]:
        return list(self.documented.operations())

    @property
    def paths(self) -> list[str]:
        return list(self.document["paths"])

    def filled(self, path: str) -> str:
        """A path with ids of things that exist."""
        if path.startswith("/v1/dead-letters"):
            return path.replace("{id}", self.known[f"letter of {self.name}"])
        if path.startswith("/v1/publications"):
            return path.replace("{id}", self.known["publication of reporting"])
        if path.startswith("/v1/rebuilds"):
            return path.replace("{id}", self.known[f"rebuild of {self.name}"])
        if path.startswith("/v1/messages/{id}"):
            return path.replace(
                "{id}", self.known["call of notifications" if "outcome" in path else "message of notifications"]
            )
        for name, value in _IDS.items():
            path = path.replace(f"{{{name}}}", value)
        return path

    def readable(self) -> Iterator[tuple[Operation, httpx.Response]]:
        """Every GET operation with the answer to an operator; it must be a good one."""
        for operation in self.operations:
            if operation.method == "get":
                answer = self.admin.get(self.filled(operation.path), params=_QUESTIONS.get(operation.path, {}))
                assert answer.status_code == 200, f"{operation.name}: {answer.text}"
                yield operation, answer

    def refusals(self) -> dict[int, httpx.Response]:
        """One answer for every status that any path can be made to refuse with."""
        json = {"Content-Type": "application/json"}
        found = (
            self.admin.post("/v1/keys", content=b'{"', headers=json),
            self.http.get("/v1/keys"),
            self.http.get("/v1/keys", headers={"Authorization": f"Bearer {self.known['key without scopes']}"}),
            self.http.get(UNKNOWN),
            self.http.patch("/v1/keys"),
            self.admin.get("/v1/keys", headers={"Accept": "image/png"}),
            self.admin.post("/v1/keys", content=b" " * (1024 * 1024 + 1), headers=json),
            self.admin.post("/v1/keys", content=b"<a/>", headers={"Content-Type": "text/xml"}),
        )
        by_status = {answer.status_code: answer for answer in found}
        assert sorted(by_status) == [400, 401, 403, 404, 405, 406, 413, 415], [one.status_code for one in found]
        return by_status


_IDS = {
    "partnerId": "avedan",
    "activityId": "bingo-2026-10-24",
    "signupId": "aanmelding-123",
    "code": "invalid",
    "year": "2026",
    "id": "ggd-2023-matig",
    "token": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
}
_QUESTIONS: dict[str, dict[str, str]] = {
    "/v1/statistics": {"indicator": "participants", "period": "2026", "groupBy": "kind"},
    "/v1/public-statistics": {"indicator": "participants", "period": "2025", "groupBy": "kind"},
    "/v1/fact-sheets/{year}": {"live": "true", "compareTo": "2025"},
}


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def nodes(value: Any) -> Iterator[Json]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)


def properties(document: Json) -> Iterator[tuple[str, Json]]:
    """Every member of every schema, and every parameter, with its own schema; examples are left out."""
    for node in nodes(_without_examples(document)):
        members = node.get("properties")
        if isinstance(members, dict):
            yield from ((name, schema) for name, schema in members.items() if isinstance(schema, dict))
        if node.get("in") in ("query", "path") and isinstance(node.get("name"), str):
            yield node["name"], node.get("schema", {})


def _without_examples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_examples(one) for name, one in value.items() if name not in ("example", "examples")}
    return [_without_examples(one) for one in value] if isinstance(value, list) else value
