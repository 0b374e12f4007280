"""Contact data: kept per partner and person, the latest of each member by time, and only one way out."""

import json
from typing import Any

import pytest

from services.registration.domain.persons import person_id
from tests.factories import activity, assignment, attendance, participant, signup
from tests.integration.registration.running import SERVICE, Registration
from tests.servers import ADMIN, PERSON_KEY

ADDRESS = {"street": "Voorbeeldstraat 1", "postalCode": "7600 AA", "city": "Almelo"}
PLANTED = {
    "name": "Geheime Naam",
    "email": "geheim.adres@example.org",
    "phone": "0546 000111",
    "address": {"street": "Geheime Straat 7", "postalCode": "7600 ZZ", "city": "Geheimstad"},
    "reachVia": "letter",
}
SECRETS = ("Geheime Naam", "geheim.adres", "0546 000111", "Geheime Straat", "7600 ZZ", "Geheimstad")


def pid(ref: str = "client-1", shared_ref: str | None = None, partner_id: str = "avedan") -> str:
    return person_id(PERSON_KEY.encode(), partner_id, ref, shared_ref)


def met(minute: int, ref: str = "client-1", **members: Any) -> dict[str, Any]:
    """The person is named at this minute; each time by an attendance of its own."""
    return attendance(participant=participant(ref, **members), time=f"2026-03-01T11:{minute:02d}:00Z")


def test_what_a_partner_gives_comes_out_at_the_look_up(registration: Registration) -> None:
    registration.tell(activity(), signup("s1", participant=participant("client-1", **PLANTED)))
    assert registration.contact(pid()) == PLANTED


def test_who_was_never_met_has_no_contact(registration: Registration) -> None:
    registration.tell(activity(), signup("s1", ref="client-1"))
    assert registration.contact(pid()) is None
    assert registration.contact("nobody") is None


def test_a_member_that_is_not_given_stays_and_null_clears_it(registration: Registration) -> None:
    registration.tell(activity(), met(1, name="Jan", phone="0546 000000", address=ADDRESS))
    registration.tell(met(2), met(3, phone=None, reachVia="letter"))
    assert registration.contact(pid()) == {
        "name": "Jan",
        "email": None,
        "phone": None,
        "address": ADDRESS,
        "reachVia": "letter",
    }


def test_who_cleared_everything_has_no_contact(registration: Registration) -> None:
    registration.tell(activity(), met(1, name="Jan"), met(2, name=None))
    assert registration.contact(pid()) is None


def test_the_latest_by_time_wins_per_member_whatever_order_they_come_in(registration: Registration) -> None:
    registration.tell(activity(), met(5, name="Nieuw", email="nieuw@example.org"))
    registration.tell(met(4, name="Oud", phone="0546 000000"), met(6, email=None), met(3, email="oud@example.org"))
    found = registration.contact(pid())
    assert found is not None
    assert (found["name"], found["email"], found["phone"]) == ("Nieuw", None, "0546 000000")


def test_each_partner_gets_back_what_it_gave_itself(registration: Registration) -> None:
    shared = participant("client-1", sharedRef="pas-7", phone="0546 111111")
    registration.tell(activity(), signup("s1", participant=shared))
    other = registration.key_for("humanitas")
    registration.tell(activity("walk"), key=other)
    theirs = participant("h-1", sharedRef="pas-7", email="h@example.org")
    registration.tell(signup("h1", "walk", participant=theirs), key=other)
    person = pid("client-1", "pas-7")
    mine, foreign = registration.contact(person), registration.contact(person, "humanitas")
    assert mine is not None
    assert foreign is not None
    assert (mine["phone"], mine["email"]) == ("0546 111111", None)
    assert (foreign["phone"], foreign["email"]) == (None, "h@example.org")


def test_answers_come_in_the_order_of_the_question(registration: Registration) -> None:
    registration.tell(activity(), met(1, "a", name="A"), met(2, "b", name="B"))
    wanted = [{"partnerId": "avedan", "pid": one} for one in (pid("b"), "nobody", pid("a"), pid("b"))]
    answer = registration.http.post("/v1/contacts/lookup", json={"contacts": wanted}, headers=SERVICE)
    names = [item["contact"] and item["contact"]["name"] for item in answer.json()["items"]]
    assert names == ["B", None, "A", "B"]
    assert [item["pid"] for item in answer.json()["items"]] == [one["pid"] for one in wanted]


def test_nothing_asked_is_nothing_answered(registration: Registration) -> None:
    answer = registration.http.post("/v1/contacts/lookup", json={"contacts": []}, headers=SERVICE)
    assert (answer.status_code, answer.json()) == (200, {"items": []})


def test_at_most_500_are_looked_up_at_once(registration: Registration) -> None:
    for number, status in ((500, 200), (501, 400)):
        body = {"contacts": [{"partnerId": "avedan", "pid": f"p{n}"} for n in range(number)]}
        assert registration.http.post("/v1/contacts/lookup", json=body, headers=SERVICE).status_code == status


@pytest.mark.parametrize("key", ["partner", "reader", "none"])
def test_only_our_own_services_and_the_operator_look_up(registration: Registration, key: str) -> None:
    headers = {"partner": registration.key, "reader": registration.key_for(None, "messages:read"), "none": {}}[key]
    body = {"contacts": [{"partnerId": "avedan", "pid": pid()}]}
    answer = registration.http.post("/v1/contacts/lookup", json=body, headers=headers)
    assert answer.status_code == (401 if key == "none" else 403)
    assert registration.http.post("/v1/contacts/lookup", json=body, headers=ADMIN).status_code == 200


def test_contact_data_stands_in_the_contact_table_alone(registration: Registration) -> None:
    who = participant("client-1", **PLANTED)
    registration.tell(
        activity(), signup("s1", participant=who), attendance(participant=who), assignment("a1", participant=who)
    )
    registration.post(signup("s2", participant=who))
    everywhere = {name: json.dumps(rows, default=str) for name, rows in registration.everything().items()}
    assert {name for name, text in everywhere.items() if any(secret in text for secret in SECRETS)} == {"contact"}


def test_the_log_and_what_is_public_know_a_person_as_a_pid(registration: Registration) -> None:
    who = participant("client-1", ageBand="75-84", neighbourhood="Centrum", **PLANTED)
    registration.tell(activity(), signup("s1", participant=who), attendance(signupId="s1"))
    for told in (registration.told("signup-confirmed")[0], registration.told("attendance-recorded")[0]):
        assert (told["pid"], told["ageBand"], told["neighbourhood"]) == (pid(), "75-84", "Centrum")
    texts = [json.dumps(registration.log()), registration.http.get("/v1/activities").text]
    texts.append(registration.http.get("/metrics").text)
    assert not [secret for secret in (*SECRETS, "client-1") for text in texts if secret in text]


def test_a_refused_sign_up_leaves_no_contact_data_behind(registration: Registration) -> None:
    registration.tell(activity(capacity=0))
    assert registration.code(signup("s1", participant=participant("client-1", **PLANTED))) == "party-too-large"
    assert registration.rows("contact") == []
