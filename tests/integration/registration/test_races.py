"""Many clients at once: the log stays dense, nothing is oversold, nothing that fits is left waiting."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.factories import Json, activity, head_count, outreach, signup, withdrawal
from tests.integration.registration.running import Registration

CLIENTS = 16
PLACES = 20


def at_once(registration: Registration, events: list[Json]) -> list[Json]:
    """Post every event by itself, sixteen at a time."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(registration.post, events))
    assert {answer.status_code for answer in answers} <= {200, 201, 404, 409}
    return [answer.json() for answer in answers]


def taken(registration: Registration, status: str) -> list[int]:
    return [row["party_size"] for row in registration.rows("signup") if row["status"] == status]


def assert_dense(registration: Registration) -> None:
    log = registration.log()
    assert [item["sequence"] for item in log] == list(range(1, len(log) + 1))
    assert registration.rows("log_head")[0]["assigned"] == len(log)
    versions: dict[str, list[int]] = {}
    for item in log:
        versions.setdefault(item["subject"], []).append(item["data"]["version"])
    assert {tuple(found) for found in versions.values()} == {tuple(range(1, len(v) + 1)) for v in versions.values()}


def test_the_log_is_dense_under_sixteen_clients_with_refusals_in_between(registration: Registration) -> None:
    registration.tell(activity(), activity("full", capacity=1, waitingList=False), signup("first", "full"))
    events = []
    for number in range(40):
        events += [outreach(f"o{number}"), signup(f"s{number}", "unknown"), signup(f"f{number}", "full")]
        events += [head_count(value=number, time=f"2026-03-01T11:{number:02d}:00Z"), signup(f"s{number}")]
    answers = at_once(registration, events)
    outcomes = Counter(answer["outcome"] for answer in answers)
    assert outcomes == {"accepted": 120, "rejected": 80}
    assert_dense(registration)
    assert [row["value"] for row in registration.rows("head_count")] == [39], "the latest by time, whoever came last"


def test_n4_answer_carries_head(registration: Registration) -> None:
    """A head that includes its own write."""
    events = [outreach(f"o{number}") for number in range(64)]

    def post(event: Json) -> tuple[str, int]:
        answer = registration.post(event)
        return event["data"]["outreachId"], int(answer.headers["Komerbij-Sequence"])

    with ThreadPoolExecutor(CLIENTS) as clients:
        heads = dict(clients.map(post, events))
    places = {item["data"].get("outreachId"): item["sequence"] for item in registration.log()}
    assert not [found for found, head in heads.items() if head < places[found]]


def test_fifty_parallel_sign_ups_for_twenty_places_never_oversell_and_leave_nothing_waiting_that_fits(
    registration: Registration,
) -> None:
    registration.tell(activity(capacity=PLACES))
    at_once(registration, [signup(f"s{number}", partySize=1 + number % 4) for number in range(50)])
    confirmed, waiting = sum(taken(registration, "confirmed")), taken(registration, "waitlisted")
    assert len(registration.rows("signup")) == 50
    assert confirmed <= PLACES
    assert not [size for size in waiting if confirmed + size <= PLACES]
    assert_dense(registration)


def test_withdrawals_race_newcomers_and_nothing_is_left_waiting_that_fits(registration: Registration) -> None:
    registration.tell(activity(capacity=PLACES), *(signup(f"s{n}", partySize=1 + n % 4) for n in range(30)))
    events = [event for n in range(15) for event in (withdrawal(f"s{n}"), signup(f"new{n}", partySize=1 + n % 4))]
    at_once(registration, events)
    confirmed, waiting = sum(taken(registration, "confirmed")), taken(registration, "waitlisted")
    assert confirmed <= PLACES
    assert waiting
    assert not [size for size in waiting if confirmed + size <= PLACES]
    assert_dense(registration)


def test_one_event_from_twenty_clients_is_accepted_once(registration: Registration) -> None:
    registration.tell(activity(capacity=5))
    answers = at_once(registration, [signup("s1", partySize=2)] * 20)
    assert Counter(answer["outcome"] for answer in answers) == {"accepted": 1, "duplicate": 19}
    assert {str(answer["decision"]) for answer in answers} == {"{'status': 'confirmed', 'waitingPosition': None}"}
    assert taken(registration, "confirmed") == [2]


def test_one_person_signed_up_by_twenty_clients_has_one_place(registration: Registration) -> None:
    registration.tell(activity())
    answers = at_once(registration, [signup(f"s{number}", ref="client-1") for number in range(20)])
    assert Counter(answer.get("code") for answer in answers) == {None: 1, "already-signed-up": 19}


def test_batches_in_opposite_order_do_not_harm_one_another(registration: Registration) -> None:
    registration.tell(*(activity(f"a{number}", capacity=3) for number in range(10)))
    events = [signup(f"s{a}-{n}", f"a{a}", partySize=1 + n % 2) for a in range(10) for n in range(6)]
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(registration.post_batch, [events, events[::-1]]))
    counted = Counter(result["outcome"] for answer in answers for result in answer.json()["results"])
    assert counted == {"accepted": 60, "duplicate": 60}
    assert_dense(registration)
