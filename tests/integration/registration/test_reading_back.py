"""What partners read back: sign-ups and who came, of their own, in the shapes of contract section 9."""

from typing import Any

import httpx
import pytest

from shared.http.paging import encode_cursor
from tests.factories import (
    Json,
    activity,
    attendance,
    cancellation,
    erasure,
    head_count,
    participant,
    signup,
    withdrawal,
)
from tests.integration.registration.running import ON_SQLITE, SERVICE, Registration
from tests.servers import ADMIN

AFTER_THE_START = "2026-03-10T13:30:00Z"
SIGNUPS = "/v1/activities/avedan/bingo-1/signups"
PRESENCE = "/v1/activities/avedan/bingo-1/presence"
NOBODY = {"participant": 0, "volunteer": 0, "professional": 0}


def ask(registration: Registration, path: str, key: dict[str, str] | None = None, **query: Any) -> httpx.Response:
    return registration.http.get(path, params=query, headers=registration.key if key is None else key)


def shown(registration: Registration, path: str, key: dict[str, str] | None = None, **query: Any) -> Json:
    answer = ask(registration, path, key, **query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def positions(registration: Registration) -> dict[str, int | None]:
    return {item["signupId"]: item["waitingPosition"] for item in shown(registration, SIGNUPS)["items"]}


def presence(registration: Registration, *facts: Json) -> Json:
    registration.clock.forward(days=20)
    registration.tell(*facts)
    return shown(registration, PRESENCE)


def test_the_host_sees_its_sign_ups_in_order_of_arrival_referrals_included(registration: Registration) -> None:
    whole = participant("client-1", name="Ria Jansen", email="ria@example.org", phone="0612345678", ageBand="75-84")
    registration.tell(
        activity(capacity=3),
        signup("z", participant=whole, partySize=2, time="2026-03-01T12:59:59+01:00"),
        signup("a", ref="client-2", role="volunteer"),
        signup("m", ref="client-3", partySize=3),
    )
    registration.tell(signup("h1", "avedan/bingo-1", ref="h-1"), key=registration.key_for("humanitas"))
    registration.tell(withdrawal("a"))
    common = {"partnerId": "avedan", "activity": "avedan/bingo-1", "placedAt": "2026-03-01T12:00:00Z"}
    confirmed, waits = {"status": "confirmed", "waitingPosition": None}, {"status": "waitlisted", "waitingPosition": 1}
    gone = {"status": "withdrawn", "waitingPosition": None}
    guest = {**common, "role": "participant"}
    assert shown(registration, SIGNUPS) == {
        "items": [
            {**guest, **confirmed, "signupId": "z", "participantRef": "client-1", "partySize": 2}
            | {"placedAt": "2026-03-01T11:59:59Z"},
            {**common, **gone, "signupId": "a", "participantRef": "client-2", "role": "volunteer", "partySize": 1},
            {**guest, **waits, "signupId": "m", "participantRef": "client-3", "partySize": 3},
            {**guest, **confirmed, "partnerId": "humanitas", "signupId": "h1", "participantRef": "h-1", "partySize": 1},
        ],
        "next": None,
    }


def test_a_position_is_counted_when_it_is_read_and_each_pool_has_its_own(registration: Registration) -> None:
    registration.tell(
        activity(capacity=1, volunteerCapacity=1),
        signup("s1"),
        signup("v1", role="volunteer"),
        signup("s2"),
        signup("v2", role="volunteer"),
        signup("s3", role="professional"),
        signup("s4"),
    )
    assert positions(registration) == {"s1": None, "v1": None, "s2": 1, "v2": 1, "s3": 2, "s4": 3}
    registration.tell(withdrawal("s2"))
    assert positions(registration) == {"s1": None, "v1": None, "s2": None, "v2": 1, "s3": 1, "s4": 2}
    assert shown(registration, "/v1/signups/avedan/s4")["waitingPosition"] == 2


def test_pages_of_sign_ups_follow_one_another_without_gap_or_repeat(registration: Registration) -> None:
    registration.tell(activity(), *(signup(f"s{number:03d}") for number in range(205)))
    seen: list[str] = []
    sizes: list[int] = []
    cursor: dict[str, Any] = {}
    for _ in range(4):
        page = shown(registration, SIGNUPS, **cursor)
        seen += [item["signupId"] for item in page["items"]]
        sizes.append(len(page["items"]))
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sizes == [100, 100, 5]
    assert seen == [f"s{number:03d}" for number in range(205)]
    assert len(shown(registration, SIGNUPS, limit=205)["items"]) == 205
    assert shown(registration, SIGNUPS, limit=205)["next"] is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({"cursor": "nonsense"}, ["cursor"]),
        ({"cursor": encode_cursor(["1"])}, ["cursor"]),
        ({"cursor": encode_cursor([True])}, ["cursor"]),
        ({"cursor": encode_cursor([-1])}, ["cursor"]),
        ({"cursor": encode_cursor([2**63])}, ["cursor"]),
        ({"cursor": encode_cursor([1, 2])}, ["cursor"]),
        ({"limit": "0"}, ["limit"]),
        ({"limit": "1001"}, ["limit"]),
        ({"status": "confirmed", "limit": "many"}, ["status", "limit"]),
    ],
)
def test_what_cannot_be_asked_is_400_and_names_the_parameter(
    registration: Registration, query: dict[str, str], pointers: list[str]
) -> None:
    registration.tell(activity())
    answer = registration.http.get(SIGNUPS, params=query, headers=registration.key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


def test_who_came_is_shown_by_name_and_by_count_and_the_two_are_never_added(registration: Registration) -> None:
    found = presence(
        registration,
        activity(),
        signup("s1", ref="client-1", partySize=3),
        attendance(signupId="s1", time=AFTER_THE_START),
        attendance(ref="client-2", time=AFTER_THE_START),
        attendance(ref="client-2", role="volunteer", time=AFTER_THE_START),
        attendance(ref="client-3", role="professional", partySize=2, time=AFTER_THE_START),
        attendance(ref="client-4", outcome="absent", time=AFTER_THE_START),
        attendance(ref="client-5", outcome="excused", time=AFTER_THE_START),
        head_count(value=7, count_key="door-1", time=AFTER_THE_START),
        head_count(value=2, count_key="door-2", time=AFTER_THE_START),
    )
    person = {"role": "participant", "outcome": "present", "partySize": 1}
    assert found == {
        "named": {"participant": 4, "volunteer": 1, "professional": 2},
        "counted": 9,
        "conflicts": [],
        "people": [
            {**person, "participantRef": "client-1", "partySize": 3},
            {**person, "participantRef": "client-2"},
            {**person, "participantRef": "client-4", "outcome": "absent"},
            {**person, "participantRef": "client-5", "outcome": "excused"},
            {**person, "participantRef": "client-2", "role": "volunteer"},
            {**person, "participantRef": "client-3", "role": "professional", "partySize": 2},
        ],
    }


def test_nobody_counted_is_not_nobody_came(registration: Registration) -> None:
    registration.tell(activity())
    assert shown(registration, PRESENCE) == {"named": NOBODY, "counted": None, "conflicts": [], "people": []}
    registration.tell(head_count(value=0))
    assert shown(registration, PRESENCE)["counted"] == 0
    registration.tell(head_count(value=None, time="2026-03-01T12:00:01Z"))
    assert shown(registration, PRESENCE)["counted"] is None
    registration.tell(head_count(value=None, time="2026-03-01T12:00:02Z"), head_count(value=4, count_key="door"))
    assert shown(registration, PRESENCE)["counted"] == 4


def test_a_late_older_count_does_not_replace_the_newer_one(registration: Registration) -> None:
    registration.tell(activity())
    (newer,) = registration.tell(head_count(value=0))
    (older,) = registration.tell(head_count(value=40, time="2026-03-01T11:00:00Z"))
    assert (newer["overrides"], older["outcome"], older["overrides"]) == ([], "accepted", ["superseded"])
    assert shown(registration, PRESENCE)["counted"] == 0


def test_a_fact_that_was_taken_back_is_not_shown(registration: Registration) -> None:
    registration.tell(activity(), attendance(), attendance(outcome="void", time="2026-03-01T12:00:01Z"))
    assert shown(registration, PRESENCE) == {"named": NOBODY, "counted": None, "conflicts": [], "people": []}
    assert registration.tell(attendance(time="2026-03-01T12:00:02Z"))[0]["outcome"] == "accepted"
    assert shown(registration, PRESENCE)["named"]["participant"] == 1


def test_what_does_not_fit_is_shown_and_not_corrected(registration: Registration) -> None:
    facts = [attendance(ref=f"c{number}", time=AFTER_THE_START) for number in range(2)]
    off = cancellation(time="2026-03-02T12:00:00Z")
    found = presence(registration, activity(capacity=1), off, *facts, head_count(value=1, time=AFTER_THE_START))
    assert found["conflicts"] == ["counted-below-named", "over-capacity", "present-while-cancelled"]
    assert (found["named"]["participant"], found["counted"]) == (2, 1)


def test_who_was_forgotten_is_still_counted_and_named_no_more(registration: Registration) -> None:
    registration.clock.forward(days=20)
    registration.tell(
        activity(),
        signup("s1", ref="client-1", partySize=2, time="2026-03-01T12:00:00Z"),
        attendance(signupId="s1", time=AFTER_THE_START),
        erasure("client-1", time=AFTER_THE_START),
    )
    (item,) = shown(registration, SIGNUPS)["items"]
    found = shown(registration, PRESENCE)
    assert (item["partySize"], item["status"], found["named"]["participant"]) == (2, "confirmed", 2)
    assert "client-1" not in str([item, found])
    assert item["participantRef"] == found["people"][0]["participantRef"] != ""


def test_another_partner_is_403_whether_the_thing_exists_or_not(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    other = registration.key_for("humanitas")
    for path in (
        SIGNUPS,
        PRESENCE,
        "/v1/signups/avedan/s1",
        "/v1/activities/avedan/nothing/signups",
        "/v1/activities/avedan/nothing/presence",
        "/v1/activities/nobody/nothing/presence",
        "/v1/signups/avedan/nothing",
        f"{SIGNUPS}?cursor=nonsense",
        f"{SIGNUPS}?limit=many",
        f"{PRESENCE}?colour=red",
        "/v1/signups/avedan/s1?colour=red",
    ):
        answer = registration.http.get(path, headers=other)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 403, "forbidden")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/activities/avedan/nothing/signups", "unknown-activity"),
        ("/v1/activities/avedan/nothing/presence", "unknown-activity"),
        ("/v1/activities/avedan/bingo-1%0A/presence", "unknown-activity"),
        ("/v1/signups/avedan/nothing", "unknown-signup"),
    ],
)
def test_what_was_never_posted_is_404_for_its_partner_and_for_an_admin(
    registration: Registration, path: str, code: str
) -> None:
    registration.tell(activity(), signup("s1"))
    for key in (registration.key, ADMIN):
        answer = ask(registration, path, key)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_a_referral_is_shown_to_who_placed_it_and_to_the_host(registration: Registration) -> None:
    registration.tell(activity(capacity=0, waitingList=True), activity("roomy"))
    other = registration.key_for("humanitas")
    registration.tell(signup("h1", "avedan/roomy", ref="h-1"), key=other)
    for key in (other, registration.key, ADMIN):
        assert shown(registration, "/v1/signups/humanitas/h1", key)["participantRef"] == "h-1"
    third = ask(registration, "/v1/signups/humanitas/h1", registration.key_for("scoop"))
    assert third.status_code == 403
    assert ask(registration, "/v1/activities/avedan/roomy/signups", other).status_code == 403, (
        "only its own, one by one"
    )


def test_an_admin_sees_the_sign_ups_of_all_and_the_service_key_none(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    for path in (SIGNUPS, PRESENCE, "/v1/signups/avedan/s1"):
        assert ask(registration, path, ADMIN).status_code == 200
        assert ask(registration, path, SERVICE).status_code == 403
        assert ask(registration, path, registration.key_for("avedan", "messages:read")).status_code == 403
        assert ask(registration, path, {}).status_code == 401
