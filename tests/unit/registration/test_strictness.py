"""Nothing that is posted is guessed, converted or cut: what is not exactly right is a fault."""

from typing import Any

import pytest

from tests.factories import event
from tests.unit.registration.examples import MINIMAL, changed, faults, read, refusal

ACTIVITY, SIGNUP, COUNT, OUTREACH = "activity-scheduled", "signup-placed", "visitors-counted", "outreach-recorded"


def who(**members: Any) -> dict[str, Any]:
    return changed(SIGNUP, participant={"ref": "client-1", **members})


@pytest.mark.parametrize("value", ["5", 5.0, 5.5, True, -1, "", 1e99, [5]])
def test_c22_a_number_is_a_whole_number_of_zero_or_more(value: Any) -> None:
    assert list(faults(COUNT, changed(COUNT, value=value))) == ["/data/value"]
    assert list(faults(ACTIVITY, changed(ACTIVITY, capacity=value))) == ["/data/capacity"]


@pytest.mark.parametrize("value", ["2", 2.0, True, 0, -3, None])
def test_a_party_is_at_least_one_person(value: Any) -> None:
    assert list(faults(SIGNUP, changed(SIGNUP, partySize=value))) == ["/data/partySize"]


@pytest.mark.parametrize("value", ["true", 1, 0, None])
def test_a_yes_or_no_is_a_boolean(value: Any) -> None:
    assert list(faults(ACTIVITY, changed(ACTIVITY, waitingList=value))) == ["/data/waitingList"]


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-10T14:00:00",
        "2026-03-10",
        "2026-03-10T14:00+01:00",
        "2026-03-10T14:00:00+0100",
        "2026-03-10T14:00:00 CET",
        "2026-03-10T14:00:00Z\n",
        "2026-02-30T14:00:00Z",
        "2026-03-10T25:00:00Z",
        "20260310T140000Z",
        "٢٠٢٦-03-10T14:00:00Z",
        1772546400,
        "1772546400",
        None,
        "",
    ],
)
def test_a_moment_is_a_full_rfc_3339_time_with_its_offset(value: Any) -> None:
    assert list(faults(ACTIVITY, changed(ACTIVITY, startsAt=value))) == ["/data/startsAt"]


@pytest.mark.parametrize("year", ["0001", "0202", "1899", "2200", "9999"])
def test_a_year_that_cannot_be_meant_is_a_fault_wherever_it_stands(year: str) -> None:
    moment = f"{year}-06-01T00:00:00+14:00"
    assert faults(ACTIVITY, changed(ACTIVITY, startsAt=moment)) == {"/data/startsAt": "year"}
    assert faults(OUTREACH, changed(OUTREACH, date=f"{year}-06-01")) == {"/data/date": "year"}
    assert [fault.pointer for fault in refusal(event(COUNT, MINIMAL[COUNT], time=moment)).faults] == ["/time"]


@pytest.mark.parametrize("value", ["2026-03-10t14:00:00z", "2026-03-10T13:00:00.000001Z", "2026-03-10T14:00:00-00:00"])
def test_every_way_of_rfc_3339_to_write_a_moment_is_taken(value: str) -> None:
    assert read(event(ACTIVITY, changed(ACTIVITY, startsAt=value, endsAt="2026-03-10T18:00:00Z")))


@pytest.mark.parametrize("value", ["2026-2-14", "14-02-2026", "2026-02-29", "2026-02-14T00:00:00Z", "2026-02-14\n", 20])
def test_a_day_is_a_full_date(value: Any) -> None:
    assert list(faults(OUTREACH, changed(OUTREACH, date=value))) == ["/data/date"]


@pytest.mark.parametrize("value", ["", "a b", "a/b/c", "/a", "a/", "é", "a\n", "a" * 65, "a\x00", 7, None])
def test_an_id_is_1_to_64_of_its_letters(value: Any) -> None:
    assert list(faults(ACTIVITY, changed(ACTIVITY, activityId=value))) == ["/data/activityId"]
    assert list(faults(SIGNUP, changed(SIGNUP, signupId=value))) == ["/data/signupId"]


@pytest.mark.parametrize("value", ["avedan/total", "a\n", "", "a" * 65])
def test_a_count_key_names_no_partner(value: str) -> None:
    assert list(faults(COUNT, changed(COUNT, countKey=value))) == ["/data/countKey"]


@pytest.mark.parametrize(
    "value", ["Bingo\r\nBcc: iedereen", "Bin\tgo", "Bingo\x00", "Bingo\x7f", "\x85", "", "x" * 201]
)
def test_a_title_is_one_line_without_control_characters(value: str) -> None:
    assert list(faults(ACTIVITY, changed(ACTIVITY, title=value))) == ["/data/title"]


def test_a_description_may_have_lines_and_nothing_else_that_controls() -> None:
    assert read(event(ACTIVITY, changed(ACTIVITY, description="Eerst koffie.\n\tDan bingo.")))
    assert faults(ACTIVITY, changed(ACTIVITY, description="x\x1b[31m")) == {"/data/description": "control-characters"}
    assert list(faults(ACTIVITY, changed(ACTIVITY, description="x" * 4001))) == ["/data/description"]


@pytest.mark.parametrize(
    ("name", "member", "allowed"),
    [
        (ACTIVITY, "kind", "bingo, walk, visit, meal, meeting-place, congress, course, sport, other"),
        (ACTIVITY, "goal", "awareness, initiative, local-approach"),
        (ACTIVITY, "participation", "signup, drop-in, both"),
        (SIGNUP, "role", "participant, volunteer, professional"),
        ("attendance-recorded", "outcome", "present, absent, excused, void"),
        (COUNT, "method", "tally, estimate"),
        (OUTREACH, "kind", "cards, flowers, easter-eggs, lights, stand, campaign, other"),
        (OUTREACH, "precision", "exact, about, over, more-than"),
        (OUTREACH, "personalisedPrecision", "exact, about, over, more-than"),
        ("member-joined", "kind", "organisation, professional"),
    ],
)
def test_a_code_outside_its_list_is_told_the_list(name: str, member: str, allowed: str) -> None:
    (fault,) = refusal(event(name, changed(name, **{member: "Bingo"}))).faults
    assert (fault.pointer, fault.code, fault.detail) == (f"/data/{member}", "unknown-code", f"one of {allowed}")


@pytest.mark.parametrize("ref", ["jan@example.org", "0612345678", "+31612345678"])
def test_a_reference_that_gives_the_person_away_has_a_code_of_its_own(ref: str) -> None:
    assert refusal(event(SIGNUP, who(ref=ref))).code == "looks-like-personal-data"
    assert refusal(event(SIGNUP, who(sharedRef=ref))).code == "looks-like-personal-data"


def test_personal_data_in_a_reference_is_named_beside_every_other_fault() -> None:
    refused = refusal(event(SIGNUP, {**who(ref="jan@example.org", ageBand="oud"), "partySize": 0}))
    assert refused.code == "looks-like-personal-data"
    assert [fault.pointer for fault in refused.faults] == [
        "/data/participant/ref",
        "/data/participant/ageBand",
        "/data/partySize",
    ]


@pytest.mark.parametrize("ref", ["", "a b", "a/b", "a\n", "x" * 65, 7, None])
def test_a_reference_of_another_shape_is_invalid(ref: Any) -> None:
    refused = refusal(event(SIGNUP, who(ref=ref)))
    assert (refused.code, refused.faults[0].pointer) == ("invalid", "/data/participant/ref")


def test_a_reference_that_passes_as_a_bsn_is_taken_and_said_aloud() -> None:
    assert read(event(SIGNUP, who(ref="111222333"))).overrides == ("looks-like-bsn",)
    assert read(event(SIGNUP, who(sharedRef="111222333"))).overrides == ("looks-like-bsn",)
    assert read(event(SIGNUP, who())).overrides == ()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("email", "geen adres"),
        ("email", "a@example.org, b@example.org"),
        ("email", "a@example.org\r\nBcc: b@example.org"),
        ("phone", "bel maar"),
        ("name", "Jan\nPiet"),
        ("reachVia", "duif"),
        ("ageBand", "80+"),
        ("address", "Voorbeeldstraat 1"),
        ("neighbourhood", 7),
    ],
)
def test_contact_data_is_checked_too(member: str, value: Any) -> None:
    assert list(faults(SIGNUP, who(**{member: value}))) == [f"/data/participant/{member}"]


def test_who_asks_to_be_forgotten_may_be_named_by_whatever_reference_was_used() -> None:
    assert read(event("participant-erased", {"participant": {"ref": "jan@example.org"}}))


def test_no_fault_repeats_what_was_sent() -> None:
    secret = "geheim-adres"
    wrong = changed(SIGNUP, participant={"ref": secret + "!", "email": secret, "phone": secret, "ageBand": secret})
    refused = refusal(event(SIGNUP, {**wrong, "role": secret, "partySize": secret}))
    assert len(refused.faults) == 6
    assert not [fault for fault in refused.faults if secret in fault.detail + fault.pointer + refused.detail]
