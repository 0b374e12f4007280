"""An event has its effect once, and its id is used up for good by acceptance alone (contract section 3)."""

from tests.factories import activity, head_count, signup
from tests.integration.registration.running import Registration


def test_a_new_event_is_accepted_with_201_and_its_decision(registration: Registration) -> None:
    registration.tell(activity(capacity=1))
    answer = registration.post(event := signup("s1"))
    assert answer.status_code == 201
    assert answer.json() == {
        "index": 0,
        "id": event["id"],
        "source": event["source"],
        "outcome": "accepted",
        "status": 201,
        "retryable": False,
        "decision": {"status": "confirmed", "waitingPosition": None},
        "overrides": [],
        "problem": None,
    }


def test_a_repeat_is_a_duplicate_with_the_first_decision_whatever_happened_since(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1"), signup("s2"), signup("s3"))
    again = registration.post(signup("s3"))
    registration.tell(activity(capacity=9, time="2026-03-01T11:59:00Z"))
    assert (again.status_code, again.json()["outcome"]) == (200, "duplicate")
    assert again.json()["decision"] == {"status": "waitlisted", "waitingPosition": 2}
    assert registration.post(signup("s3")).json()["decision"] == {"status": "waitlisted", "waitingPosition": 2}


def test_a_repeat_repeats_its_overrides(registration: Registration) -> None:
    registration.tell(activity(), head_count(value=5))
    late = head_count(value=4, time="2026-03-01T11:00:00Z")
    assert registration.tell(late)[0]["overrides"] == ["superseded"]
    assert registration.post(late).json()["overrides"] == ["superseded"]


def test_a_repeat_changes_no_row_and_adds_nothing_to_the_log(registration: Registration) -> None:
    file = [activity(capacity=2), signup("s1"), signup("s2"), signup("s3"), head_count(value=7)]
    registration.tell(*file)
    before = registration.everything()
    assert {result["outcome"] for result in registration.tell(*file)} == {"duplicate"}
    assert registration.everything() == before


def test_c03_other_content_under_a_used_id_is_refused_with_409(registration: Registration) -> None:
    registration.tell(activity(event_id="one"))
    answer = registration.post(activity(event_id="one", title="Iets anders"))
    assert (answer.status_code, answer.json()["code"]) == (409, "id-reused")
    assert answer.json()["errors"][0]["pointer"] == "/id"
    assert registration.activity()["title"] == "Bingo"


def test_the_same_content_in_another_order_of_members_and_another_offset_is_a_repeat(
    registration: Registration,
) -> None:
    event = activity(event_id="one", time="2026-03-01T12:00:00Z")
    registration.tell(event)
    turned = dict(reversed(event.items()))
    turned["data"] = dict(reversed(event["data"].items()))
    turned["time"] = "2026-03-01T13:00:00+01:00"
    assert registration.post(turned).json()["outcome"] == "duplicate"


def test_an_id_counts_per_partner_and_per_source(registration: Registration) -> None:
    registration.tell(activity("a", event_id="one"), activity("b", event_id="one", source="urn:nld:test:elsewhere"))
    other = registration.key_for("humanitas")
    registration.tell(activity("a", event_id="one"), key=other)
    assert [row["ref"] for row in registration.rows("activity")] == ["avedan/a", "avedan/b", "humanitas/a"]


def test_inside_one_batch_too_a_repeat_is_a_duplicate_and_other_content_is_refused(registration: Registration) -> None:
    results = registration.results(
        activity(event_id="one"), activity(event_id="one"), activity(event_id="one", title="Iets anders")
    )
    assert [result["outcome"] for result in results] == ["accepted", "duplicate", "rejected"]
    assert results[2]["problem"]["code"] == "id-reused"
    assert registration.names() == ["partner-joined", "activity-scheduled"]


def test_a_rejected_id_may_be_posted_again(registration: Registration) -> None:
    assert registration.code(signup("s1", event_id="one")) == "unknown-activity"
    registration.tell(activity())
    assert registration.tell(signup("s1", event_id="one"))[0]["outcome"] == "accepted"


def test_a_rejected_id_may_be_posted_again_inside_the_same_batch(registration: Registration) -> None:
    results = registration.results(head_count(event_id="one"), activity(), head_count(event_id="one"))
    assert [result["outcome"] for result in results] == ["rejected", "accepted", "accepted"]


def test_a_sign_up_id_is_used_up_for_good_under_every_event_id(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"))
    answer = registration.post(signup("s1", event_id="another"))
    assert (answer.status_code, answer.json()["code"]) == (409, "id-reused")
    assert answer.json()["errors"][0]["pointer"] == "/data/signupId"
