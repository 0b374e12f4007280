"""A dry run decides and answers as the door would, and stores nothing (contract section 3)."""

from tests.factories import activity, erasure, head_count, participant, signup, withdrawal
from tests.integration.registration.running import NDJSON, Registration


def test_a_dry_run_answers_as_the_door_would_and_changes_no_row(registration: Registration) -> None:
    registration.tell(activity(capacity=1), signup("s1", participant=participant("c1", phone="0546 000000")))
    before = registration.everything()
    file = [
        signup("s2", participant=participant("c2", email="c2@example.org")),
        withdrawal("s1"),
        signup("s3"),
        head_count(value=5),
        signup("s1"),
        signup("s4", "unknown"),
        erasure("c1"),
        activity("walk"),
        signup("s5", "walk"),
    ]
    rehearsed = registration.post_batch(file, dryRun="true").json()
    assert registration.everything() == before
    assert registration.post_batch(file).json()["results"] == rehearsed["results"]
    assert rehearsed["results"][2]["decision"] == {"status": "waitlisted", "waitingPosition": 1}


def test_a_dry_run_of_one_event_answers_201_and_changes_no_row(registration: Registration) -> None:
    before = registration.everything()
    answer = registration.post(activity(), dryRun="true")
    assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")
    assert registration.everything() == before
    assert registration.post(activity()).json()["outcome"] == "accepted"


def test_a_dry_run_promises_no_place_in_the_log(registration: Registration) -> None:
    rehearsed = registration.post_batch([activity(), signup("s1")], dryRun="true")
    assert (rehearsed.json()["sequence"], rehearsed.headers["Komerbij-Sequence"]) == (1, "1")


def test_a_dry_run_that_is_neither_true_nor_false_is_invalid(registration: Registration) -> None:
    answer = registration.post(activity(), dryRun="maybe")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "dryRun")
    assert registration.rows("activity") == []


def test_a_dry_run_of_lines_takes_no_more_than_a_batch(registration: Registration) -> None:
    lines = b"{}\n" * 5001
    headers = {**registration.key, "Content-Type": NDJSON}
    answer = registration.http.post("/v1/events?dryRun=true", content=lines, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
