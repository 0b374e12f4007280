"""Every posted type takes what the contract lists and nothing else, and names every fault at once."""

from typing import Any

import pytest

from services.registration.domain import commands as c
from services.registration.schemas.participant import PostedParticipant
from services.registration.schemas.posted import POSTED_TYPES
from tests.factories import event
from tests.unit.registration.examples import FULL, MINIMAL, PERSON, changed, faults, read, refusal

NAMES = sorted(MINIMAL)
REQUIRED = [(name, member) for name in NAMES for member in MINIMAL[name] if member != "participant"]
MEMBERS = [(name, member) for name in NAMES for member in FULL[name]]


def aliases(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_the_twelve_types_of_the_contract_and_no_other_are_known() -> None:
    assert sorted(POSTED_TYPES) == [f"nl.meedoen.{name}.v1" for name in NAMES]
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_the_least_a_partner_can_say_is_taken(name: str) -> None:
    assert read(event(name, MINIMAL[name])).partner_id == "avedan"


@pytest.mark.parametrize("name", NAMES)
def test_the_most_a_partner_can_say_is_taken(name: str) -> None:
    assert read(event(name, FULL[name])).partner_id == "avedan"


@pytest.mark.parametrize("name", NAMES)
def test_a_type_has_the_members_of_the_contract_and_no_more(name: str) -> None:
    listed = {*FULL[name], *MINIMAL[name]}
    assert aliases(POSTED_TYPES[f"nl.meedoen.{name}.v1"]) == listed


def test_a_participant_has_the_members_of_the_contract_and_no_more() -> None:
    assert aliases(PostedParticipant) == set(PERSON)


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_member_is_a_fault(name: str) -> None:
    assert faults(name, {**MINIMAL[name], "extra": 1}) == {"/data/extra": "extra-forbidden"}


@pytest.mark.parametrize("name", NAMES)
def test_a_member_in_snake_case_is_unknown(name: str) -> None:
    assert "/data/activity_id" in faults(name, {**MINIMAL[name], "activity_id": "bingo-1"})


def test_an_unknown_member_deep_inside_is_a_fault_with_its_pointer() -> None:
    address = {**PERSON["address"], "country": "NL"}
    found = faults("signup-placed", changed("signup-placed", participant={**PERSON, "address": address, "bsn": "1"}))
    assert found == {
        "/data/participant/address/country": "extra-forbidden",
        "/data/participant/bsn": "extra-forbidden",
    }


@pytest.mark.parametrize(("name", "member"), REQUIRED)
def test_a_missing_member_is_a_fault(name: str, member: str) -> None:
    assert faults(name, {k: v for k, v in MINIMAL[name].items() if k != member}) == {f"/data/{member}": "missing"}


@pytest.mark.parametrize("name", [name for name in NAMES if "participant" in MINIMAL[name]])
def test_somebody_must_be_meant(name: str) -> None:
    found = faults(name, {k: v for k, v in MINIMAL[name].items() if k != "participant"})
    assert found in ({"/data/participant": "missing"}, {"/data": "signup-or-participant"})


@pytest.mark.parametrize(("name", "member"), MEMBERS)
def test_a_member_of_the_wrong_type_is_a_fault(name: str, member: str) -> None:
    assert list(faults(name, {**MINIMAL[name], member: ["wrong"]})) == [f"/data/{member}"]


@pytest.mark.parametrize("data", ["text", 5, [], True, None])
def test_data_that_is_no_object_is_a_fault(data: Any) -> None:
    assert faults("activity-cancelled", data) == {"/data": "missing"}


def test_all_faults_come_at_once_each_with_a_pointer_into_the_event() -> None:
    wrong = event(
        "activity-scheduled",
        changed("activity-scheduled", kind="disco", capacity="5", location={}, colour="red", startsAt="tomorrow"),
        time="yesterday",
        source="not a uri",
        **{"Bad-Name": "x"},
    )
    found = {fault.pointer for fault in refusal(wrong).faults}
    assert found == {
        "/source",
        "/Bad-Name",
        "/time",
        "/data/kind",
        "/data/capacity",
        "/data/location/name",
        "/data/colour",
        "/data/startsAt",
    }


def test_an_attendance_is_of_a_sign_up_or_of_a_person_never_of_both() -> None:
    both = changed("attendance-recorded", signupId="s1")
    assert faults("attendance-recorded", both) == {"/data": "signup-or-participant"}


def test_an_activity_does_not_end_before_it_starts() -> None:
    early = changed("activity-scheduled", endsAt="2026-03-10T12:59:59Z")
    assert faults("activity-scheduled", early) == {"/data": "ends-before-start"}
    assert read(event("activity-scheduled", changed("activity-scheduled", endsAt="2026-03-10T13:00:00Z")))


def test_bare_ids_become_the_partners_own_and_full_ones_stay() -> None:
    referral = read(event("signup-placed", FULL["signup-placed"])).command
    assert isinstance(referral, c.PlaceSignup)
    assert (referral.signup, referral.activity) == ("avedan/s1", "humanitas/walk-1")


def test_what_is_not_said_has_the_default_of_the_contract() -> None:
    plan = read(event("activity-scheduled", MINIMAL["activity-scheduled"])).command
    signup = read(event("signup-placed", MINIMAL["signup-placed"])).command
    assert isinstance(plan, c.ScheduleActivity)
    assert isinstance(signup, c.PlaceSignup)
    assert (plan.plan.waiting_list, plan.plan.participation, plan.plan.capacity) == (True, "both", None)
    assert (signup.role, signup.party_size, signup.reminders) == ("participant", 1, True)


def test_a_count_of_nothing_is_not_the_same_as_no_count() -> None:
    values = []
    for value in (0, None):
        command = read(event("visitors-counted", changed("visitors-counted", value=value))).command
        assert isinstance(command, c.CountVisitors)
        values.append(command.value)
    assert values == [0, None]


def test_only_the_contact_members_that_were_given_come_along_and_null_clears_one() -> None:
    given = {"ref": "client-1", "phone": None, "address": PERSON["address"], "ageBand": "85+"}
    command = read(event("signup-placed", changed("signup-placed", participant=given))).command
    assert isinstance(command, c.PlaceSignup)
    assert command.participant.contact == {"phone": None, "address": PERSON["address"]}
    assert command.participant.age_band == "85+"


def test_a_withdrawals_reason_is_let_go() -> None:
    command = read(event("signup-withdrawn", FULL["signup-withdrawn"])).command
    assert command == c.WithdrawSignup("avedan/s1")
