"""NL API Design Rules 2.2: which version answers, how it is told, and how versions come and go."""

import re
from pathlib import Path

import httpx

from tests.architecture.documents import document, section
from tests.servers import ADMIN
from tests.standards.api.faulty import faulty_service
from tests.standards.api.sides import Side

SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
UNVERSIONED = ("/health/live", "/health/ready", "/metrics")
"""By contract: for the machine that runs the service, not for its callers."""


def version(side: Side) -> str:
    found: str = side.document["info"]["version"]
    return found


def test_core_uri_version(side: Side) -> None:
    assert [path for path in side.paths if not path.startswith("/v1/")] == []
    assert {side.http.get(path).status_code for path in UNVERSIONED} == {200}
    assert {side.http.get(f"/v1{path}").status_code for path in UNVERSIONED} == {404}


def test_core_semver(side: Side) -> None:
    assert SEMVER.fullmatch(version(side))
    assert version(side).startswith("1."), "the major version is that of the path"


def test_core_version_header(side: Side) -> None:
    answers = [*side.refusals().values(), *(answer for _, answer in side.readable())]
    answers += [side.http.get(path) for path in (*UNVERSIONED, "/v1/openapi.json", "/", "/favicon.ico")]
    assert {answer.headers["API-Version"] for answer in answers} == {version(side)}
    for operation in side.operations:
        for status, described in operation.described["responses"].items():
            assert "API-Version" in described["headers"], f"{operation.name} {status}"


def test_core_version_header_stands_on_accidents_too(tmp_path: Path) -> None:
    with faulty_service(tmp_path) as url:
        answer = httpx.get(f"{url}/v1/accident", headers=ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert SEMVER.fullmatch(answer.headers["API-Version"])
    assert "ZeroDivisionError" not in answer.text


def test_core_changelog(side: Side) -> None:
    changelog = document("CHANGELOG.md")
    assert "API-Version" in changelog.replace("`", "")
    assert f"API version {version(side)}" in changelog.replace("\n", " ")


def test_core_deprecation_schedule(side: Side) -> None:
    deprecated = [operation.name for operation in side.operations if operation.described.get("deprecated")]
    changelog = document("CHANGELOG.md")
    assert [name for name in deprecated if name not in changelog] == []
    assert "six months" in stated("Versions")


def test_core_transition_period(side: Side) -> None:
    assert {path.split("/")[1] for path in side.paths} == {"v1"}
    assert "at most two major versions" in stated("Versions")


def stated(heading: str) -> str:
    return " ".join(section(document("docs/api.md"), heading).split())
