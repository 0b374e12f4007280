"""Holds answers to the served OpenAPI document: is this status documented here, and is this what it looks like?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.factories import Json

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(frozen=True)
class Operation:
    """One method of one path of a document."""

    method: str
    path: str
    described: Json

    @property
    def name(self) -> str:
        """`POST /v1/keys`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def scopes(self) -> frozenset[str] | None:
        """Which roles open it; None: everybody."""
        wanted = self.described.get("security")
        return None if wanted is None else frozenset(role for one in wanted for role in one["key"])

    @property
    def bodies(self) -> list[str]:
        """The media types it takes."""
        return list(self.described.get("requestBody", {}).get("content", {}))

    def at(self, **values: str) -> str:
        """The path with its parameters filled in: by name, else something that does not exist."""
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "no-such-thing"), self.path)


@dataclass(frozen=True)
class Documented:
    """A service's own document."""

    document: Json

    @staticmethod
    def by(http: httpx.Client) -> "Documented":
        """As it is served, to somebody without a key."""
        request = http.build_request("GET", "/v1/openapi.json")
        request.headers.pop("Authorization", None)
        answer = http.send(request)
        assert answer.status_code == 200, answer.text
        return Documented(answer.json())

    def operations(self) -> Iterator[Operation]:
        """All of them, in the document's order."""
        for path, methods in self.document["paths"].items():
            for method, described in methods.items():
                if method in METHODS:
                    yield Operation(method, path, described)

    def operation(self, request: httpx.Request) -> Operation | None:
        """Which of them answers a request; a literal path goes before one with parameters."""
        fitting = [one for one in self.operations() if one.method == request.method.lower()]
        fitting.sort(key=lambda one: one.path.count("{"))
        forms = ((one, re.sub(r"\{\w+\}", "[^/]+", one.path)) for one in fitting)
        return next((one for one, form in forms if re.fullmatch(form, request.url.path)), None)

    def faults(self, answer: httpx.Response) -> list[str]:
        """What differs from the document. A path or method that it lacks is held to `Problem`."""
        operation = self.operation(answer.request)
        if operation is None:
            return self._against({"$ref": "#/components/schemas/Problem"}, answer.json())
        described = operation.described["responses"].get(str(answer.status_code))
        if described is None:
            return [f"{operation.name}: {answer.status_code} is not documented"]
        return [f"{operation.name} {answer.status_code}: {fault}" for fault in self._in(described, answer)]

    def problem_faults(self, problem: Json) -> list[str]:
        """The same of a problem that stands inside a result."""
        return self._against({"$ref": "#/components/schemas/Problem"}, problem)

    def result_faults(self, result: Json) -> list[str]:
        """The same of one result of the door."""
        return self._against({"$ref": "#/components/schemas/EventResult"}, result)

    def _in(self, described: Json, answer: httpx.Response) -> Iterator[str]:
        for name, header in described.get("headers", {}).items():
            if name in answer.headers:
                schema = self._resolved(header)["schema"]
                yield from (f"{name}: {fault}" for fault in self._against(schema, answer.headers[name]))
        content = described.get("content", {})
        if not answer.content:
            yield from (["an empty body is not documented"] if content else [])
            return
        kind = answer.headers["Content-Type"].partition(";")[0]
        if kind not in content:
            yield f"{kind} is not documented, only {sorted(content)}"
        elif not content[kind].get("schema"):
            yield f"{kind} is documented without a schema"
        elif kind.endswith("json") and not kind.endswith("ndjson"):
            yield from self._against(content[kind]["schema"], answer.json())

    def _resolved(self, node: Json) -> Json:
        reference = node.get("$ref")
        if reference is None:
            return node
        found: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        resolved: Json = found
        return resolved

    def _against(self, schema: Json, value: Any) -> list[str]:
        validator = Draft202012Validator({**schema, "components": self.document["components"]})
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]
