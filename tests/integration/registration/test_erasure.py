"""The right to be forgotten: no trace of the pid or the reference stays, every count stays (contract section 7)."""

import json
from pathlib import Path

import pytest

from services.registration import event_log
from services.registration.domain.persons import person_id
from shared.database import transaction
from tests.factories import (
    Json,
    activity,
    assignment,
    attendance,
    erasure,
    head_count,
    participant,
    release,
    signup,
    withdrawal,
)
from tests.integration.registration.running import ON_SQLITE, Registration
from tests.servers import PERSON_KEY

REF = "client-to-forget"
LATER = "2026-03-01T12:00:01Z"
LAST_YEAR = {"startsAt": "2025-05-01T14:00:00Z", "endsAt": "2025-05-01T16:00:00Z", "time": "2025-04-01T12:00:00Z"}


def pid(ref: str = REF, shared_ref: str | None = None, partner_id: str = "avedan") -> str:
    return person_id(PERSON_KEY.encode(), partner_id, ref, shared_ref)


def whole_story(ref: str = REF, shared_ref: str | None = None) -> list[Json]:
    """A person in every table, beside somebody else."""
    who = participant(ref, name="Naam", **({"sharedRef": shared_ref} if shared_ref else {}))
    return [
        activity("past", **LAST_YEAR),
        activity("coming", capacity=2),
        signup("was", "past", participant=who, time="2025-04-02T12:00:00Z"),
        attendance("past", signupId="was", time="2025-05-01T15:00:00Z"),
        attendance("past", participant=who, role="volunteer", time="2025-05-01T15:00:00Z"),
        signup("comes", "coming", participant=who, partySize=2),
        signup("waits", "coming", ref="somebody-else"),
        assignment("a1", participant=who),
        release("a1", until="2026-12-31", time="2026-03-01T12:00:00.1Z"),
        head_count("past", 30),
    ]


def traces(registration: Registration, *words: str) -> dict[str, int]:
    """Table -> rows in which a word still stands."""
    found = {}
    for table, rows in registration.everything().items():
        left = sum(any(word in json.dumps(row, default=str) for word in words) for row in rows)
        if left:
            found[table] = left
    return found


def confirm_everything(registration: Registration) -> None:
    """As the relay does at a trim: every consumer has applied the whole log."""
    with transaction(registration.engine) as connection:
        event_log.mark_confirmed(connection, event_log.head(connection).assigned)


def test_the_pid_is_left_in_the_erasures_own_event_alone(registration: Registration) -> None:
    registration.tell(*whole_story())
    assert set(traces(registration, pid(), REF)) == {
        "assignment",
        "attendance",
        "contact",
        "event_log",
        "received",
        "signup",
    }
    registration.tell(erasure(REF))
    assert traces(registration, pid(), REF) == {"event_log": 1}
    (row,) = [row for row in registration.rows("event_log") if row["pid"] == pid()]
    assert (row["type"], row["subject"]) == ("nl.meedoen.participant-erased.v1", f"person/{pid()}")


def test_once_every_consumer_has_applied_it_nothing_is_left_at_all(registration: Registration) -> None:
    registration.tell(*whole_story(), erasure(REF))
    confirm_everything(registration)
    assert traces(registration, pid(), REF) == {}
    (told,) = registration.told("participant-erased")
    assert told["pid"] == told["token"]
    assert registration.log()[-1]["subject"] == f"person/{told['token']}"


@ON_SQLITE
def test_no_file_of_the_database_keeps_a_former_page(registration: Registration, tmp_path: Path) -> None:
    registration.tell(*whole_story())
    secrets = (REF.encode(), b"Planted Name")
    registration.tell(attendance("past", participant=participant(REF, name="Planted Name"), time=LATER))
    assert all(any(word in path.read_bytes() for path in tmp_path.iterdir()) for word in secrets)
    registration.tell(erasure(REF))
    assert not [path.name for path in tmp_path.iterdir() for word in secrets if word in path.read_bytes()]


def test_it_is_not_sealed_while_a_consumer_may_still_need_it(registration: Registration) -> None:
    registration.tell(*whole_story(), erasure(REF))
    with transaction(registration.engine) as connection:
        event_log.mark_confirmed(connection, event_log.head(connection).assigned - 1)
    assert registration.told("participant-erased")[0]["pid"] == pid()


def test_a_one_time_token_stands_where_the_pid_stood_and_no_count_changes(registration: Registration) -> None:
    registration.tell(*whole_story())
    before = {name: len(rows) for name, rows in registration.everything().items()}
    log_before = registration.log()
    registration.tell(erasure(REF))
    (told,) = registration.told("participant-erased")
    assert {row["pid"] for row in registration.rows("attendance")} == {told["token"]}
    assert {row["pid"] for row in registration.rows("assignment")} == {told["token"]}
    log = registration.log()
    assert [item["sequence"] for item in log] == list(range(1, len(log) + 1))
    assert [item["id"] for item in log[: len(log_before)]] == [item["id"] for item in log_before]
    after = {name: len(rows) for name, rows in registration.everything().items()}
    assert {name for name in before if before[name] != after[name]} == {
        "contact",
        "erased",
        "event_log",
        "received",
    }
    assert (after["contact"], after["received"]) == (0, before["received"] + 1)


def test_a_token_is_never_the_same_twice(registration: Registration) -> None:
    registration.tell(activity(), attendance(ref="a"), attendance(ref="b"), erasure("a"), erasure("b"))
    tokens = {told["token"] for told in registration.told("participant-erased")}
    assert len(tokens) == 2


def test_coming_sign_ups_are_withdrawn_and_the_waiting_list_moves_up(registration: Registration) -> None:
    registration.tell(*whole_story())
    head = len(registration.log())
    registration.tell(erasure(REF))
    assert registration.statuses() == {
        "avedan/was": "confirmed",
        "avedan/comes": "withdrawn",
        "avedan/waits": "confirmed",
    }
    assert registration.names(after=head) == ["signup-withdrawn", "signup-promoted", "participant-erased"]


def test_somebody_else_is_not_touched(registration: Registration) -> None:
    registration.tell(activity(), signup("s1", participant=participant("other", name="Ander")), attendance(ref="other"))
    before = registration.everything()
    registration.tell(erasure(REF))
    after = registration.everything()
    unchanged = set(before) - {"erased", "event_log", "log_head", "received"}
    assert {name for name in unchanged if before[name] != after[name]} == set()


def test_an_own_reference_is_forgotten_at_its_own_partner_only(registration: Registration) -> None:
    other = registration.key_for("humanitas")
    registration.tell(activity(), attendance(ref=REF))
    registration.tell(activity(), attendance(ref=REF), key=other)
    registration.tell(erasure(REF))
    assert [row["pid"] == pid(partner_id="humanitas") for row in registration.rows("attendance")] == [False, True]


def test_a_shared_reference_is_forgotten_at_all_partners_and_the_own_one_with_it(registration: Registration) -> None:
    other = registration.key_for("humanitas")
    theirs = participant("h-client", sharedRef="pas-7", email="h@example.org")
    registration.tell(*whole_story(REF, "pas-7"), attendance("past", ref=REF))
    registration.tell(activity(), signup("h1", participant=theirs), attendance(participant=theirs), key=other)
    registration.tell(erasure(REF, "pas-7"))
    shared = pid(REF, "pas-7")
    assert len(registration.told("participant-erased")) == 2
    confirm_everything(registration)
    assert traces(registration, pid(), shared, REF, "h-client", "h@example.org") == {}
    assert registration.statuses()["humanitas/h1"] == "withdrawn"


def test_what_is_posted_afterwards_is_a_new_person(registration: Registration) -> None:
    registration.tell(*whole_story(), erasure(REF))
    late = attendance("coming", ref=REF, time="2026-03-01T11:00:00Z")
    assert registration.tell(late)[0]["overrides"] == ["not-signed-up"]
    confirm_everything(registration)
    assert registration.told("attendance-recorded")[-1]["pid"] == pid()
    assert len({row["pid"] for row in registration.rows("attendance")}) == 2


def test_who_comes_back_may_sign_up_again(registration: Registration) -> None:
    registration.tell(activity(), signup("s1", ref=REF), erasure(REF), signup("s2", ref=REF))
    assert registration.statuses() == {"avedan/s1": "withdrawn", "avedan/s2": "confirmed"}


def test_who_comes_back_in_the_same_batch_is_a_new_person_at_what_is_over_too(registration: Registration) -> None:
    in_time = "2025-04-02T12:00:00Z"
    again = signup("again", "past", ref=REF, time="2025-04-03T12:00:00Z")
    registration.tell(activity("past", **LAST_YEAR), signup("was", "past", ref=REF, time=in_time), erasure(REF), again)
    assert set(registration.statuses().values()) == {"confirmed"}


def test_the_file_of_somebody_forgotten_posted_again_restores_nothing(registration: Registration) -> None:
    registration.tell(*whole_story(), erasure(REF))
    confirm_everything(registration)
    before = registration.everything()
    again = [*whole_story(), erasure(REF)]
    assert {result["outcome"] for result in registration.tell(*again)} == {"duplicate"}
    other_content = signup("comes", "coming", ref="another", event_id=again[5]["id"])
    assert registration.tell(other_content)[0]["outcome"] == "duplicate", "a forgotten event is not compared any more"
    assert registration.everything() == before


@pytest.mark.parametrize("confirmed", [True, False])
def test_somebody_forgotten_twice_is_two_persons_with_two_tokens(registration: Registration, confirmed: bool) -> None:
    registration.tell(activity(), attendance(ref=REF), erasure(REF))
    if confirmed:
        confirm_everything(registration)
    registration.tell(attendance(ref=REF, event_id="again"), erasure(REF, event_id="once more"))
    first, second = registration.told("participant-erased")
    assert first["token"] != second["token"]
    assert second["version"] > first["version"], "whoever keeps the highest version takes the second too"
    assert first["pid"] == (first["token"] if confirmed else pid())
    assert [item["data"]["pid"] for item in registration.log() if "attendance" in item["type"]] == [
        first["token"],
        second["token"],
    ]
    confirm_everything(registration)
    assert traces(registration, pid(), REF) == {}


def test_forgetting_inside_the_batch_that_told_of_the_person_is_the_same(registration: Registration) -> None:
    story = [*whole_story(), erasure(REF)]
    registration.tell(*story)
    assert traces(registration, pid(), REF) == {"event_log": 1}
    assert registration.contact(pid()) is None
    assert registration.statuses()["avedan/comes"] == "withdrawn"


def test_who_was_never_met_can_be_forgotten_too(registration: Registration) -> None:
    assert registration.tell(erasure("never-met"))[0]["outcome"] == "accepted"


def test_a_withdrawal_after_the_erasure_still_finds_the_sign_up(registration: Registration) -> None:
    registration.tell(activity("past", **LAST_YEAR), signup("was", "past", ref=REF, time="2025-04-02T12:00:00Z"))
    registration.tell(erasure(REF), withdrawal("was"))
    assert registration.statuses() == {"avedan/was": "withdrawn"}
    assert traces(registration, pid(), REF) == {"event_log": 1}


def test_somebody_with_a_second_role_on_the_waiting_list_does_not_move_up_while_being_forgotten(
    registration: Registration,
) -> None:
    """Found by attack: the freed place went to the same person's other sign-up, whose two events had one version."""
    registration.tell(
        activity("coming", capacity=1),
        signup("s1", "coming", ref=REF, role="participant"),
        signup("s2", "coming", ref=REF, role="professional"),
        signup("s3", "coming", ref="somebody-else"),
        erasure(REF),
    )
    shown = registration.activity("coming")
    assert (shown["placesLeft"], shown["waiting"]) == (0, 0)
    assert [told["signupId"] for told in registration.told("signup-promoted")] == ["s3"]
    versions = [(item["subject"], item["data"]["version"]) for item in registration.log()]
    assert len(versions) == len(set(versions))


def test_who_was_forgotten_while_waiting_gets_no_place_when_the_activity_is_moved_ahead(
    registration: Registration,
) -> None:
    """Found by a random history: a nobody was promoted, took a place, and was to be called."""
    last_year = "2025-04-02T12:00:00Z"
    registration.tell(
        activity("past", **LAST_YEAR, capacity=1),
        signup("goes", "past", ref="somebody-else", time=last_year),
        signup("waits", "past", ref=REF, time=last_year),
        signup("waits-too", "past", ref="third", time=last_year),
        erasure(REF),
    )
    registration.tell(activity("past", capacity=3, event_id="ahead", time="2026-02-01T12:00:00Z"))
    assert [told["signupId"] for told in registration.told("signup-promoted")] == ["waits-too"]
    assert registration.activity("past")["placesLeft"] == 1
