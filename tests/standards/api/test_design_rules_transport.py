"""NL API Design Rules 2.2, transport and modules: TLS, addresses without secrets, security headers, CORS."""

import re

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are not among our libraries

from services.notifications.settings import Settings as Notifications
from services.registration.settings import Settings as Registration
from services.reporting.settings import Settings as Reporting
from tests.architecture.documents import document, rows, section
from tests.servers import ROOT
from tests.standards.api.conftest import SETTINGS
from tests.standards.api.sides import Side, properties

FRIEND = SETTINGS["KOMERBIJ_CORS_ORIGINS"]
STRANGER = "https://vreemd.example.org"
HEADERS = {
    "Cache-Control": r"no-store",
    "Content-Security-Policy": r".*frame-ancestors 'none'.*",
    "Strict-Transport-Security": r"max-age=31536000.*",
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
}
PUBLIC = ("/v1/publications", "/v1/public-statistics")
PUBLISHED = {"Cache-Control": r"no-store|public, (no-cache|max-age=31536000, immutable)"}
"""What was published is everybody's to keep; a refusal is not."""
PERSONAL = re.compile(
    r"(shared)?ref|name|e?mail|phone|address|street|postal.?code|city|bsn|participant|pid|token", re.IGNORECASE
)
SPATIAL = re.compile(r"lat(itude)?|lon(gitude)?|coordinates?|geometry|bbox|crs", re.IGNORECASE)


def in_table(rule: str) -> str:
    """What our table says of a rule."""
    return {row[0].strip("`"): row[1] for row in rows(section(document("docs/api.md"), "NL API Design Rules"))}[rule]


def test_core_transport_tls(side: Side) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    open_ports = [
        port
        for service in compose["services"].values()
        if "tls" not in service.get("profiles", [])
        for port in service.get("ports", [])
        if not str(port).startswith("127.0.0.1:")
    ]
    assert open_ports == [], "plain HTTP on one's own machine only"
    assert {kind.model_fields["host"].default for kind in (Registration, Notifications, Reporting)} == {"127.0.0.1"}
    assert "max-age=31536000" in side.http.get("/health/live").headers["Strict-Transport-Security"]
    assert "TLS" in in_table("/core/transport/tls")


def test_core_transport_no_sensitive_uris(side: Side) -> None:
    """One exception: a link in a mail can carry its token nowhere but in its path (RFC 8058); no log shows it."""
    named = {
        (operation.path, one["name"])
        for operation in side.operations
        for one in operation.described.get("parameters", [])
        if one["in"] in ("query", "path")
    }
    personal = {(path, name) for path, name in named if PERSONAL.fullmatch(name)}
    assert personal <= {("/v1/unsubscribe/{token}", "token")}


def test_core_transport_security_headers(side: Side) -> None:
    answers = [*side.refusals().values(), *(answer for _, answer in side.readable())]
    answers += [side.http.get(path) for path in ("/health/ready", "/metrics", "/v1/openapi.json", "/")]
    for answer in answers:
        wanted_of = HEADERS | (PUBLISHED if answer.request.url.path.startswith(PUBLIC) else {})
        for name, wanted in wanted_of.items():
            assert re.fullmatch(wanted, answer.headers[name]), f"{answer.request.url.path} {name}"


def test_core_transport_cors(side: Side) -> None:
    path = "/v1/keys"
    friend = side.admin.get(path, headers={"Origin": FRIEND})
    stranger = side.admin.get(path, headers={"Origin": STRANGER})
    assert friend.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "Access-Control-Allow-Origin" not in stranger.headers
    assert "Access-Control-Allow-Credentials" not in friend.headers
    open_to_all = [one for one in side.paths if _anywhere(side, one)]
    expected = {"/v1/problems/{code}"} | ({"/v1/code-lists"} if side.name == "registration" else set())
    assert set(open_to_all) == expected


def _anywhere(side: Side, path: str) -> bool:
    answer = side.http.get(side.filled(path), headers={"Origin": STRANGER})
    found: bool = answer.headers.get("Access-Control-Allow-Origin") == "*"
    return found


@pytest.mark.parametrize(("origin", "allowed"), [(FRIEND, True), (STRANGER, False)])
def test_core_transport_cors_a_browser_that_asks_first_is_told(side: Side, origin: str, allowed: bool) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = side.http.options("/v1/keys/some-key", headers=asked)
    assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed
    assert (answer.status_code == 200) is allowed


def test_core_modules_geospatial(side: Side) -> None:
    assert [name for name, _ in properties(side.document) if SPATIAL.fullmatch(name)] == []
    assert in_table("/core/modules/geospatial").startswith("not applicable")


@pytest.mark.parametrize("module", ["signing", "encryption"])
def test_no_body_is_signed_or_encrypted(side: Side, module: str) -> None:
    assert not re.search(r"application/(jose|jwt|jwe)|x-jws-signature", str(side.document), re.IGNORECASE)
    assert in_table(f"/core/modules/{module}").startswith("not applicable")


def test_core_modules_signing() -> None:
    assert "signed" in in_table("/core/modules/signing")


def test_core_modules_encryption() -> None:
    assert "encrypted" in in_table("/core/modules/encryption")
