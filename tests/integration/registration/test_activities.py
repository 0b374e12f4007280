"""What everybody can see: activities with places left, filtered and paged, without personal data."""

import httpx
import pytest

from shared.http.paging import encode_cursor
from tests.factories import Json, activity, cancellation, signup
from tests.integration.registration.running import MUNICIPALITY, Registration
from tests.servers import ADMIN

IMPOSSIBLE = [
    ("kind=disco", "kind"),
    ("kind=bingo,disco", "kind"),
    ("kind=", "kind"),
    ("kind=bingo,", "kind"),
    ("kind=,,", "kind"),
    ("kind=bingo&kind=walk", "kind"),
    ("municipality=", "municipality"),
    ("municipality=Almelo", "municipality"),
    ("municipality=GM0141,", "municipality"),
    ("municipality=GM0141%0A", "municipality"),
    ("page=2", "page"),
    ("kinds=bingo", "kinds"),
    ("from=2026-03-02&to=2026-03-01", "to"),
    ("cursor=", "cursor"),
    ("from=yesterday", "from"),
    ("from=2026-02-30", "from"),
    ("from=0001-01-01", "from"),
    ("from=20260301", "from"),
    ("to=9999-12-31", "to"),
    ("to=2026-03-01T00:00:00Z", "to"),
    ("cursor=nonsense", "cursor"),
    ("cursor=%C3%A9", "cursor"),
    (f"cursor={encode_cursor(['2026-03-01T12:00:00', 'avedan/x'])}", "cursor"),
    (f"cursor={encode_cursor(['0001-01-01T00:00:00+14:00', 'avedan/x'])}", "cursor"),
    (f"cursor={encode_cursor([5, 'avedan/x'])}", "cursor"),
    (f"cursor={encode_cursor(['2026-03-01T12:00:00Z'])}", "cursor"),
    (f"cursor={encode_cursor([])}", "cursor"),
]


def listed(registration: Registration, **query: str) -> list[str]:
    """The references of a page."""
    answer = registration.http.get("/v1/activities", params=query)
    assert answer.status_code == 200, answer.text
    return [f"{item['partnerId']}/{item['activityId']}" for item in answer.json()["items"]]


def asked(registration: Registration, query: str) -> httpx.Response:
    return registration.http.get(f"/v1/activities?{query}")


def on(activity_id: str, starts: str, **members: object) -> Json:
    return activity(activity_id, startsAt=starts, endsAt=starts, **members)


def test_an_activity_shows_every_member_of_the_contract(registration: Registration) -> None:
    whole: Json = {
        "capacity": 20,
        "volunteerCapacity": 2,
        "waitingList": False,
        "participation": "signup",
        "seriesId": "bingo",
        "description": "Eerst koffie.\nDan bingo.",
        "contactPhone": "0546 000000",
        "signupClosesAt": "2026-03-09T18:00:00+01:00",
        "location": {"name": "Het Trefpunt", "address": "Voorbeeldplein 2", "neighbourhood": "Centrum"},
    }
    registration.tell(activity(**whole), signup("s1", partySize=3))
    assert registration.activity() == {
        **whole,
        "partnerId": "avedan",
        "activityId": "bingo-1",
        "title": "Bingo",
        "kind": "bingo",
        "goal": "initiative",
        "startsAt": "2026-03-10T13:00:00Z",
        "endsAt": "2026-03-10T15:00:00Z",
        "seriesId": "avedan/bingo",
        "signupClosesAt": "2026-03-09T17:00:00Z",
        "status": "scheduled",
        "placesLeft": 17,
        "volunteerPlacesLeft": 2,
        "waiting": 0,
        "version": 1,
    }


def test_what_was_not_said_is_null_or_its_default(registration: Registration) -> None:
    registration.tell(activity())
    shown = registration.activity()
    names = ("capacity", "volunteerCapacity", "seriesId", "description", "contactPhone", "signupClosesAt")
    assert {name: shown[name] for name in names} == dict.fromkeys(names)
    assert (shown["waitingList"], shown["participation"]) == (True, "both")
    assert shown["location"] == {"name": "Het Trefpunt", "address": None, "neighbourhood": None}


def test_a_cancelled_activity_says_so(registration: Registration) -> None:
    registration.tell(activity(), cancellation(time="2026-03-01T12:00:01Z"))
    assert (registration.activity()["status"], registration.activity()["version"]) == ("cancelled", 2)


@pytest.mark.parametrize("ref", ["avedan/nothing", "nobody/bingo-1", "avedan/bingo-1%0A", "%20/%20"])
def test_an_activity_that_was_never_posted_is_404(registration: Registration, ref: str) -> None:
    registration.tell(activity())
    answer = registration.http.get(f"/v1/activities/{ref}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-activity")


def test_activities_come_by_start_then_by_reference(registration: Registration) -> None:
    registration.tell(
        on("c", "2026-03-10T12:00:00Z"), on("b", "2026-03-10T13:00:00+01:00"), on("a", "2026-03-11T00:00:00Z")
    )
    assert listed(registration) == ["avedan/b", "avedan/c", "avedan/a"]


def test_from_and_to_are_days_in_almelo_both_included(registration: Registration) -> None:
    registration.tell(
        on("evening", "2026-03-10T23:59:59+01:00"),
        on("midnight", "2026-03-11T00:00:00+01:00"),
        on("late", "2026-03-11T23:59:59+01:00"),
        on("next", "2026-03-12T00:00:00+01:00"),
    )
    assert listed(registration, **{"from": "2026-03-11", "to": "2026-03-11"}) == ["avedan/midnight", "avedan/late"]
    assert listed(registration, to="2026-03-10") == ["avedan/evening"]
    assert listed(registration, **{"from": "2026-03-12"}) == ["avedan/next"]


def test_the_day_of_a_clock_change_has_its_own_length(registration: Registration) -> None:
    registration.tell(on("first", "2026-03-29T00:00:00+01:00"), on("last", "2026-03-29T23:59:00+02:00"))
    assert listed(registration, **{"from": "2026-03-29", "to": "2026-03-29"}) == ["avedan/first", "avedan/last"]
    assert listed(registration, **{"from": "2026-03-30"}) == []


def test_kinds_are_one_or_several(registration: Registration) -> None:
    registration.tell(activity("b"), activity("w", kind="walk"), activity("m", kind="meal"))
    assert listed(registration, kind="walk") == ["avedan/w"]
    assert listed(registration, kind="walk,meal") == ["avedan/m", "avedan/w"]
    assert listed(registration, kind="sport") == []


def test_a_municipality_is_that_of_the_partner(registration: Registration) -> None:
    elsewhere = {"name": "Elders", "kind": "partner", "municipality": "GM0153", "joinedOn": "2020-01-01"}
    registration.http.put("/v1/partners/elders", json=elsewhere, headers=ADMIN)
    registration.tell(activity(partnerid="avedan"), activity(partnerid="elders"), key=ADMIN)
    assert listed(registration, municipality=MUNICIPALITY) == ["avedan/bingo-1"]
    assert listed(registration, municipality="GM0153") == ["elders/bingo-1"]
    assert listed(registration, municipality="GM0141,GM0153") == ["avedan/bingo-1", "elders/bingo-1"]


def test_pages_follow_one_another_without_gap_or_repeat(registration: Registration) -> None:
    starts = [f"2026-03-{1 + number % 7:02d}T12:00:00.{number % 3}Z" for number in range(230)]
    registration.tell(*(on(f"a{number:03d}", moment) for number, moment in enumerate(starts)))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    sizes = []
    for _ in range(5):
        page = registration.http.get("/v1/activities", params=cursor).json()
        seen += [item["activityId"] for item in page["items"]]
        sizes.append(len(page["items"]))
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sizes == [100, 100, 30]
    assert seen == [name for _, name in sorted((moment, f"a{number:03d}") for number, moment in enumerate(starts))]


def test_a_full_last_page_has_no_next(registration: Registration) -> None:
    registration.tell(*(activity(f"a{number:03d}") for number in range(100)))
    assert asked(registration, "").json()["next"] is None


def test_what_cannot_be_asked_is_400_and_names_the_parameter(registration: Registration) -> None:
    for query, pointer in IMPOSSIBLE:
        answer = asked(registration, query)
        assert (query, answer.status_code, answer.json()["code"]) == (query, 400, "invalid")
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_an_unknown_kind_is_told_what_is_allowed(registration: Registration) -> None:
    assert "bingo, walk, visit" in asked(registration, "kind=disco").json()["errors"][0]["detail"]


def test_every_parameter_that_is_wrong_is_named_at_once(registration: Registration) -> None:
    faults = asked(registration, "from=x&to=y&kind=disco&municipality=x&cursor=x&page=1").json()["errors"]
    assert [fault["pointer"] for fault in faults] == ["page", "from", "to", "kind", "municipality", "cursor"]


def test_an_unknown_parameter_is_told_what_is_allowed_on_every_path_that_is_read(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    allowed = {
        "/v1/activities": "allowed: from, to, kind, municipality, cursor",
        "/v1/activities/avedan/bingo-1": "no parameters",
        "/v1/activities/avedan/bingo-1/signups": "allowed: cursor, limit",
        "/v1/activities/avedan/bingo-1/presence": "no parameters",
        "/v1/signups/avedan/s1": "no parameters",
        "/v1/reads": "allowed: keyId, about, cursor, limit",
        "/v1/log": "allowed: after, limit, cursor",
        "/v1/code-lists": "no parameters",
    }
    for path, text in allowed.items():
        answer = registration.http.get(path, params={"colour": "red"}, headers=ADMIN)
        assert (path, answer.status_code) == (path, 400)
        (fault,) = answer.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("colour", "unknown-parameter")
        assert text in fault["detail"]
