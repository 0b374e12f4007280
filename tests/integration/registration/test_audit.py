"""Every read of sign-ups and contact data leaves a row, without values, before anything is shown (contract 3)."""

import logging
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from shared.database import transaction
from shared.http.paging import encode_cursor
from tests.factories import Json, activity, attendance, participant, signup
from tests.integration.registration.running import ON_POSTGRESQL, ON_SQLITE, SERVICE, Registration, running_registration
from tests.servers import ADMIN

SIGNUPS = "/v1/activities/avedan/bingo-1/signups"
PRESENCE = "/v1/activities/avedan/bingo-1/presence"
PERSON = {"name": "Ria Jansen", "email": "ria@example.org", "phone": "0612345678"}


def scene(registration: Registration) -> str:
    """Two sign-ups, of whom one came; the pid of the first."""
    registration.tell(
        activity(), signup("s1", participant=participant("client-1", **PERSON)), signup("s2"), attendance(signupId="s2")
    )
    pid: str = registration.told("signup-confirmed")[0]["pid"]
    return pid


def look_up(registration: Registration, *pids: str) -> httpx.Response:
    body = {"contacts": [{"partnerId": "avedan", "pid": pid} for pid in pids]}
    return registration.http.post("/v1/contacts/lookup", json=body, headers=SERVICE)


def reads(registration: Registration, **query: str) -> list[Json]:
    answer = registration.http.get("/v1/reads", params=query, headers=ADMIN)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    return found


def test_every_read_is_listed_the_newest_first(registration: Registration) -> None:
    pid = scene(registration)
    (mine,) = registration.http.get("/v1/keys", headers=ADMIN).json()["items"]
    for path in (SIGNUPS, PRESENCE, "/v1/signups/avedan/s1"):
        registration.http.get(path, headers=registration.key)
        registration.clock.forward(minutes=1)
    registration.http.get(SIGNUPS, params={"limit": "1"}, headers=ADMIN)
    look_up(registration, pid, "nobody")
    partner = {"keyId": mine["keyId"], "partnerId": "avedan"}
    ours = {"at": "2026-03-01T12:03:00Z", "partnerId": None}
    assert reads(registration) == [
        {**ours, "keyId": "service", "what": "contacts", "about": None, "found": 1},
        {**ours, "keyId": "admin", "what": "signups", "about": "avedan/bingo-1", "found": 1},
        {**partner, "at": "2026-03-01T12:02:00Z", "what": "signup", "about": "avedan/s1", "found": 1},
        {**partner, "at": "2026-03-01T12:01:00Z", "what": "presence", "about": "avedan/bingo-1", "found": 1},
        {**partner, "at": "2026-03-01T12:00:00Z", "what": "signups", "about": "avedan/bingo-1", "found": 2},
    ]


def test_the_list_is_filtered_by_key_and_by_thing(registration: Registration) -> None:
    scene(registration)
    for path in (SIGNUPS, PRESENCE, "/v1/signups/avedan/s1"):
        registration.http.get(path, headers=registration.key)
    registration.http.get(SIGNUPS, headers=ADMIN)
    assert [read["what"] for read in reads(registration, keyId="admin")] == ["signups"]
    assert [read["what"] for read in reads(registration, about="avedan/s1")] == ["signup"]
    assert [read["what"] for read in reads(registration, about="avedan/bingo-1")] == ["signups", "presence", "signups"]
    assert [read["what"] for read in reads(registration, about="avedan/bingo-1", keyId="admin")] == ["signups"]
    assert reads(registration, keyId="nobody") == []


def test_pages_of_reads_follow_one_another_while_others_read_on(registration: Registration) -> None:
    scene(registration)
    for number in range(5):
        registration.http.get(SIGNUPS, params={"limit": str(number + 1)}, headers=registration.key)
    numbers = [row["number"] for row in registration.rows("read_audit")]
    first = registration.http.get("/v1/reads", params={"limit": "2"}, headers=ADMIN).json()
    registration.http.get(SIGNUPS, headers=registration.key)
    rest = registration.http.get("/v1/reads", params={"cursor": first["next"]}, headers=ADMIN).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 3, None)
    assert numbers == sorted(numbers)


@ON_SQLITE
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("cursor=nonsense", "cursor"),
        (f"cursor={encode_cursor([1.5])}", "cursor"),
        ("key=x", "key"),
        ("limit=0", "limit"),
    ],
)
def test_a_list_of_reads_that_cannot_be_asked_for_is_400(registration: Registration, query: str, pointer: str) -> None:
    answer = registration.http.get(f"/v1/reads?{query}", headers=ADMIN)
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (400, [pointer])


def test_reads_are_for_the_operator_alone(registration: Registration) -> None:
    for key, status in (({}, 401), (registration.key, 403), (SERVICE, 403)):
        assert registration.http.get("/v1/reads", headers=key).status_code == status


def test_what_is_kept_of_a_read_holds_no_values(registration: Registration) -> None:
    pid = scene(registration)
    registration.http.get(SIGNUPS, headers=registration.key)
    registration.http.get(PRESENCE, headers=registration.key)
    look_up(registration, pid)
    kept = str(registration.rows("read_audit"))
    assert [word for word in (*PERSON.values(), "client-1", "of-s2", pid) if word in kept] == []


def test_a_read_that_is_refused_shows_nothing_and_leaves_no_row(registration: Registration) -> None:
    scene(registration)
    other = registration.key_for("humanitas")
    for path in (SIGNUPS, PRESENCE, "/v1/signups/avedan/s1", "/v1/signups/humanitas/nothing"):
        assert registration.http.get(path, headers=other).status_code in (403, 404)
    assert registration.http.get(SIGNUPS, params={"page": "2"}, headers=registration.key).status_code == 400
    assert registration.rows("read_audit") == []


def test_what_anybody_may_see_is_not_audited(registration: Registration) -> None:
    scene(registration)
    registration.http.get("/v1/activities")
    registration.activity()
    registration.log()
    assert registration.rows("read_audit") == []


def test_nothing_is_shown_when_the_read_cannot_be_written_down(
    registration: Registration, caplog: pytest.LogCaptureFixture
) -> None:
    """The table is gone: a stand-in for a disk that is full and for a database that takes no writes."""
    pid = scene(registration)
    registration.execute("DROP TABLE read_audit")
    with caplog.at_level(logging.CRITICAL):
        answers = [
            *(registration.http.get(path, headers=registration.key) for path in (SIGNUPS, PRESENCE)),
            registration.http.get("/v1/signups/avedan/s1", headers=registration.key),
            look_up(registration, pid),
        ]
    for answer in answers:
        assert answer.status_code in (500, 503)
        assert answer.json()["code"] in ("internal", "lock-timeout")
        assert [word for word in ("client-1", "of-s2", *PERSON.values()) if word in answer.text] == []


@ON_POSTGRESQL
def test_a_read_whose_row_waits_too_long_is_503_and_may_be_asked_again(tmp_path: Path, database: str) -> None:
    hasty = f"{database}?options=-c%20lock_timeout%3D300ms"
    with running_registration(tmp_path, database_url=hasty) as registration:
        scene(registration)
        with transaction(registration.engine) as other:
            other.execute(text("LOCK TABLE read_audit IN ACCESS EXCLUSIVE MODE"))
            refused = registration.http.get(SIGNUPS, headers=registration.key)
        assert (refused.status_code, refused.json()["code"]) == (503, "lock-timeout")
        assert "client-1" not in refused.text
        assert registration.http.get(SIGNUPS, headers=registration.key).status_code == 200
        assert len(reads(registration)) == 1
