"""Who may do what: keys, scopes, partners; a key is asked for before anything else is said (contract section 2)."""

import hashlib

import pytest

from tests.factories import activity, attendance, cancellation, head_count, signup, withdrawal
from tests.integration.registration.running import ON_SQLITE, SERVICE, SINGLE, Registration
from tests.servers import ADMIN

NOBODY = {"Authorization": "Bearer " + "x" * 43}
WANT_A_KEY = [
    ("POST", "/v1/events"),
    ("POST", "/v1/keys"),
    ("GET", "/v1/keys"),
    ("DELETE", "/v1/keys/unknown"),
    ("PUT", "/v1/partners/avedan"),
    ("PUT", "/v1/partners/not%20an%20id"),
    ("GET", "/v1/log"),
    ("GET", "/v1/log?after=nonsense"),
    ("POST", "/v1/contacts/lookup"),
    ("GET", "/v1/reads"),
    ("GET", "/v1/reads?cursor=nonsense"),
]
FREE = ["/v1/activities", "/v1/code-lists", "/v1/openapi.json", "/health/live", "/health/ready", "/metrics"]


@ON_SQLITE
@pytest.mark.parametrize("header", [{}, NOBODY, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_without_a_known_key_every_path_that_wants_one_is_401_before_400_and_404(
    registration: Registration, header: dict[str, str]
) -> None:
    for method, path in WANT_A_KEY:
        answer = registration.http.request(method, path, headers=header)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_of_another_scope_is_403_before_400_and_404(registration: Registration) -> None:
    reader = registration.key_for("avedan", "statistics:read")
    answers = [registration.http.request(method, path, headers=reader) for method, path in WANT_A_KEY]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "forbidden")}


def test_a_partners_key_opens_nothing_of_the_operators_and_of_our_own_services(registration: Registration) -> None:
    answers = {path: registration.http.request(m, path, headers=registration.key) for m, path in WANT_A_KEY[1:]}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 403)
    assert registration.post(activity()).status_code == 201


def test_the_service_key_opens_the_narrow_calls_alone(registration: Registration) -> None:
    assert registration.http.get("/v1/log", headers=SERVICE).status_code == 200
    assert registration.http.get("/v1/keys", headers=SERVICE).status_code == 403
    assert registration.http.put("/v1/partners/x", json={}, headers=SERVICE).status_code == 403


def test_an_admin_key_that_was_made_is_admin(registration: Registration) -> None:
    other = registration.key_for(None, "admin")
    assert registration.http.get("/v1/keys", headers=other).status_code == 200
    assert registration.post(activity(partnerid="humanitas"), other).status_code == 201


def test_what_is_public_needs_no_key(registration: Registration) -> None:
    assert {path: registration.http.get(path).status_code for path in FREE} == dict.fromkeys(FREE, 200)


@ON_SQLITE
@pytest.mark.parametrize("key", [{}, ADMIN])
def test_an_unknown_path_is_404_for_everybody(registration: Registration, key: dict[str, str]) -> None:
    for path in ("/", "/v1", "/v1/nothing", "/v1/events/", "/v1/activities/", "/v1/keys/", "/v2/events"):
        answer = registration.http.get(path, headers=key)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "not-found")


def test_a_method_that_is_not_there_is_405_in_the_one_shape(registration: Registration) -> None:
    answer = registration.http.get("/v1/events", headers=ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_key_is_shown_once_and_only_its_hash_is_kept(registration: Registration) -> None:
    body = {"label": "Systeem van Avedan", "scopes": ["events:write"], "partnerId": "avedan"}
    made = registration.http.post("/v1/keys", json=body, headers=ADMIN)
    assert made.status_code == 201
    assert set(made.json()) == {"keyId", "key"}
    kept = {row["key_id"]: row for row in registration.rows("access_key")}[made.json()["keyId"]]
    assert made.json()["key"] not in str(kept)
    assert kept["key_hash"] == hashlib.sha256(made.json()["key"].encode()).hexdigest()


def test_keys_are_listed_without_key_or_hash(registration: Registration) -> None:
    registration.post(activity())
    answer = registration.http.get("/v1/keys", headers=ADMIN)
    (item,) = answer.json()["items"]
    assert item.pop("keyId")
    assert item == {
        "label": "test",
        "partnerId": "avedan",
        "scopes": ["events:write"],
        "createdAt": "2026-03-01T12:00:00Z",
        "lastUsedAt": "2026-03-01T12:00:00Z",
    }


def test_a_deleted_key_is_refused_at_once(registration: Registration) -> None:
    assert registration.post(activity()).status_code == 201
    (item,) = registration.http.get("/v1/keys", headers=ADMIN).json()["items"]
    assert registration.http.delete(f"/v1/keys/{item['keyId']}", headers=ADMIN).status_code == 204
    assert registration.post(activity()).status_code == 401
    assert registration.http.delete(f"/v1/keys/{item['keyId']}", headers=ADMIN).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"label": "x", "scopes": ["everything"], "partnerId": "avedan"}, ""),
        ({"label": "x", "scopes": ["events:write"]}, ""),
        ({"label": "x", "scopes": []}, "/scopes"),
        ({"scopes": ["admin"]}, "/label"),
        ({"label": "x", "scopes": ["admin"], "extra": 1}, "/extra"),
        ({"label": "x", "scopes": ["events:write"], "partnerId": "a/b"}, "/partnerId"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(registration: Registration, body: object, pointer: str) -> None:
    answer = registration.http.post("/v1/keys", json=body, headers=ADMIN)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (400, [pointer])
    assert len(registration.rows("access_key")) == 1


def test_a_partner_writes_to_its_own_activities_only(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    other = registration.key_for("humanitas")
    for event in (
        activity("avedan/bingo-1"),
        cancellation("avedan/bingo-1"),
        attendance("avedan/bingo-1"),
        head_count("avedan/bingo-1"),
        withdrawal("avedan/s1"),
    ):
        answer = registration.post(event, other)
        assert (answer.status_code, answer.json()["code"]) == (403, "partner-not-allowed")


def test_a_bare_id_is_always_the_partners_own(registration: Registration) -> None:
    registration.tell(activity())
    assert registration.code(cancellation("bingo-1"), registration.key_for("humanitas")) == "unknown-activity"


def test_a_referral_signs_somebody_up_for_another_partners_activity(registration: Registration) -> None:
    registration.tell(activity(capacity=1))
    other = registration.key_for("humanitas")
    registration.tell(signup("h1", "avedan/bingo-1"), key=other)
    told = registration.told("signup-confirmed")[0]
    assert (told["partnerId"], told["activity"], told["signupId"]) == ("humanitas", "avedan/bingo-1", "h1")
    assert registration.code(attendance(signupId="humanitas/h1")) is None, "the host records who came"
    assert registration.code(withdrawal("h1"), other) is None, "who placed it takes it back"


def test_the_service_key_withdraws_on_a_partners_behalf(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    assert registration.code(signup("s2", partnerid="avedan"), SERVICE) == "partner-not-allowed"
    assert registration.code(withdrawal("s1", partnerid="avedan"), SERVICE) is None
    assert registration.statuses() == {"avedan/s1": "withdrawn"}


def test_an_admin_key_speaks_for_whom_it_names(registration: Registration) -> None:
    assert registration.code(activity(), ADMIN) == "invalid"
    registration.tell(activity(partnerid="humanitas"), activity(partnerid="avedan"), key=ADMIN)
    assert [row["ref"] for row in registration.rows("activity")] == ["avedan/bingo-1", "humanitas/bingo-1"]


def test_the_door_says_401_before_it_looks_at_the_body(registration: Registration) -> None:
    headers = {"Content-Type": SINGLE}
    assert registration.http.post("/v1/events?dryRun=maybe", content=b"{", headers=headers).status_code == 401


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/keys"), ("PUT", "/v1/partners/avedan"), ("POST", "/v1/contacts/lookup")],
)
def test_a_body_that_is_no_json_does_not_hide_a_missing_key(registration: Registration, method: str, path: str) -> None:
    """FastAPI reads the body before it asks for the key."""
    headers = {"Content-Type": "application/json"}
    assert registration.http.request(method, path, content=b"{", headers=headers).status_code == 401
    headers |= registration.key_for(None, "statistics:read")
    assert registration.http.request(method, path, content=b"{", headers=headers).status_code == 403
    assert registration.http.request(method, path, content=b"{", headers=headers | ADMIN).status_code == 400
