"""A year posted again, in other chunks and other modes: nothing happens, and everybody hears the same (contract 3)."""

from collections import Counter

from shared.http.problem_codes import PROBLEM_CODES
from tests.integration.registration import year
from tests.integration.registration.running import SERVICE, Registration
from tests.integration.registration.year import Outcome

REFUSED = 20 * len(year.PARTNERS) + len(year.UNREADABLE)
"""Of the lines that were mixed in; the year itself has seven more."""
ELSEWHERE = {"too-large", "unsupported-media-type", "lock-timeout", "internal"}
OF_THE_ROUTER = {"unauthorized", "forbidden", "not-found", "method-not-allowed", "not-acceptable", "rate-limited"}


def head(registration: Registration) -> int:
    answer = registration.http.get("/v1/log", params={"limit": 1}, headers=SERVICE)
    found: int = answer.json()["head"]
    return found


def again(first: Outcome) -> Outcome:
    """What the same line must come to every time after."""
    if first.outcome == "rejected":
        return first
    return Outcome("duplicate", first.decision, first.overrides, None)


def test_a_years_file_posted_again_in_other_chunks_and_modes_is_all_duplicate_and_changes_nothing(
    registration: Registration,
) -> None:
    year.meet_everybody(registration)
    whole = year.lines()
    first = year.as_ndjson(registration, whole)
    counted = Counter(one.outcome for one in first)
    assert counted == {"accepted": 4000 + 6 * len(year.PARTNERS), "duplicate": 120, "rejected": 7 + REFUSED}
    codes = {one.code for one in first if one.outcome == "rejected"}
    assert codes == set(PROBLEM_CODES) - ELSEWHERE - OF_THE_ROUTER
    stood, log_head = registration.everything(), head(registration)
    expected = [again(one) for one in first]

    every = 4 if registration.engine.dialect.name == "postgresql" else 1
    assert year.in_other_ways(registration, whole[::every]) == expected[::every]
    assert head(registration) == log_head

    parts = year.split(whole, 1, 499, 2, 501, 1733)
    assert [one for part in parts for one in year.as_ndjson(registration, part)] == expected
    assert head(registration) == log_head
    assert registration.everything() == stood
