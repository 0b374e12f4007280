"""Four registration processes on one PostgreSQL: one log, each event once, nobody forgotten half."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import httpx
import pytest
import redis
from sqlalchemy import text

from services.registration.domain.persons import person_id
from shared.database import connect
from shared.events.streams import STREAM
from tests.databases import fresh_postgres
from tests.factories import Json, activity, attendance, erasure, head_count, outreach, signup
from tests.integration.registration.cluster import STANDS_BY, Cluster, running_cluster
from tests.integration.registration.doors import PLACES, parties
from tests.servers import PERSON_KEY, eventually, running_redis


@pytest.fixture(scope="module")
def cluster(postgres_server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The same four processes for all tests of this module; each test takes ids of its own."""
    folder = tmp_path_factory.mktemp("cluster")
    with (
        fresh_postgres(postgres_server, migrated) as url_of,
        running_redis(folder / "redis") as server,
        running_cluster(folder, url_of("registration"), server.url) as running,
    ):
        yield running


def subjects(log: list[Json]) -> dict[str, list[int]]:
    """The versions of each subject, in log order."""
    found: dict[str, list[int]] = {}
    for item in log:
        found.setdefault(item["subject"], []).append(item["data"]["version"])
    return found


def assert_sound(log: list[Json]) -> None:
    """Numbers without a gap; versions of one subject rising by one."""
    assert [item["sequence"] for item in log] == list(range(1, len(log) + 1))
    persons = {subject for subject in subjects(log) if subject.startswith("person/")}
    wrong = {
        subject: versions
        for subject, versions in subjects(log).items()
        if subject not in persons and versions != list(range(1, len(versions) + 1))
    }
    assert wrong == {}


def on_stream(cluster: Cluster) -> set[int]:
    with redis.Redis.from_url(cluster.redis_url) as client:
        entries: Any = client.xrange(STREAM)
    return {int(entry_id.partition(b"-")[0]) for entry_id, _ in entries}


def all_sent(cluster: Cluster) -> bool:
    return on_stream(cluster) == {item["sequence"] for item in cluster.log()}


def test_the_log_is_dense_and_versions_rise_by_one_whoever_takes_what(cluster: Cluster) -> None:
    cluster.post(0, activity("dense", capacity=30))
    events = []
    for number in range(40):
        at = f"2026-03-01T11:{number:02d}:00Z"
        events += [outreach(f"dense-{number}"), signup(f"dense-{number}", "dense")]
        events += [
            head_count("dense", value=number, time=at),
            activity("dense", capacity=30, title=f"T{number}", time=at),
        ]
    answers = cluster.spread(events)
    assert {answer.status_code for answer in answers} == {201}
    assert_sound(cluster.log())
    confirmed = [answer.json()["decision"] for answer in answers if answer.json()["decision"]]
    assert Counter(decision["status"] for decision in confirmed) == {"confirmed": 30, "waitlisted": 10}
    positions = [decision["waitingPosition"] for decision in confirmed if decision["status"] == "waitlisted"]
    assert sorted(positions) == list(range(1, 11))


def test_fifty_sign_ups_for_twenty_places_oversell_nothing_and_leave_nothing_that_fits(cluster: Cluster) -> None:
    for number in range(3):
        room = f"rush-{number}"
        cluster.post(0, activity(room, capacity=PLACES))
        sizes = parties(number)
        answers = cluster.spread([signup(f"{room}-{n}", room, partySize=size) for n, size in enumerate(sizes)], 25)
        told = {f"{room}-{n}": answer.json()["decision"]["status"] for n, answer in enumerate(answers)}
        page = httpx.get(f"{cluster.url(number)}/v1/activities/avedan/{room}/signups", headers=cluster.key).json()
        assert {item["signupId"]: item["status"] for item in page["items"]} == told
        taken = sum(item["partySize"] for item in page["items"] if item["status"] == "confirmed")
        waiting = [item for item in page["items"] if item["status"] == "waitlisted"]
        assert taken <= PLACES
        assert [item for item in waiting if taken + item["partySize"] <= PLACES] == []
        assert [item["waitingPosition"] for item in waiting] == list(range(1, len(waiting) + 1))


def test_one_event_posted_at_once_at_all_is_accepted_once(cluster: Cluster) -> None:
    cluster.post(0, activity("same", capacity=500))
    for number in range(8):
        answers = cluster.spread([signup(f"same-{number}", "same")] * 16, clients=16)
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 15}
        assert Counter(answer.json()["outcome"] for answer in answers) == {"accepted": 1, "duplicate": 15}
        assert len({str(answer.json()["decision"]) for answer in answers}) == 1
    assert_sound(cluster.log())


def test_one_new_activity_posted_at_once_under_many_event_ids_is_scheduled_once(cluster: Cluster) -> None:
    moments = [f"2026-03-01T10:{number:02d}:00Z" for number in range(16)]
    cluster.spread([activity("new", title=moment, time=moment) for moment in moments], clients=16)
    names = [item["type"] for item in cluster.log() if item["subject"] == "activity/avedan/new"]
    assert names.count("nl.meedoen.activity-scheduled.v1") == 1
    assert_sound(cluster.log())


def test_one_process_sends_and_the_others_stand_by(cluster: Cluster) -> None:
    leader = cluster.leader()
    reasons = {number: cluster.check(number) for number in range(4) if number != leader}
    assert list(reasons.values()) == [{"status": "ok", "reason": STANDS_BY}] * 3
    cluster.spread([outreach(f"sent-{number}") for number in range(8)])
    eventually(lambda: all_sent(cluster), 10, "all is on the stream")


def test_another_process_sends_when_the_one_that_did_is_killed(cluster: Cluster) -> None:
    leader = cluster.leader()
    cluster.kill(leader)
    try:
        other = (leader + 1) % 4
        assert cluster.post(other, outreach("after-a-kill")).status_code == 201
        eventually(lambda: all_sent(cluster), 10, "another process sends")
        assert cluster.leader() != leader
    finally:
        cluster.start(leader)


def test_an_erasure_that_races_sign_ups_leaves_no_older_trace_of_the_person(cluster: Cluster) -> None:
    cluster.post(0, activity("race", capacity=500))
    for turn in range(6):
        ref = f"forget-{turn}"
        facts = [signup(f"race-{turn}", "race", ref=ref)]
        facts += [attendance("race", ref=ref, time=f"2026-03-01T11:{number:02d}:00Z") for number in range(10)]
        facts[5:5] = [erasure(ref)]
        with ThreadPoolExecutor(11) as pool:
            answers = list(pool.map(cluster.post, (0, 1) * 6, facts))
        assert {answer.status_code for answer in answers} == {201}
        assert older_traces(cluster.log(), person_id(PERSON_KEY.encode(), "avedan", ref, None)) == []
    assert_sound(cluster.log())


def older_traces(log: list[Json], pid: str) -> list[Json]:
    """What names a person before the person's own erasure, beside that erasure."""
    (erased,) = [item for item in log if item["subject"] == f"person/{pid}"]
    return [item for item in log[: erased["sequence"] - 1] if pid in str(item)]


def test_sessions_that_the_server_ends_cost_no_event_and_no_answer_lies(cluster: Cluster) -> None:
    events = [outreach(f"ended-{number}") for number in range(60)]
    with ThreadPoolExecutor(1) as pool:
        posted = pool.submit(cluster.spread, events)
        end_sessions_until(posted, cluster.database_url)
    for answer, event in zip(posted.result(), events, strict=True):
        assert answer.status_code in (200, 201, 500, 503)
        again = eventually(lambda event=event: taken(cluster.post(1, event)), 20, "the door works again")  # type: ignore[misc]  # a default
        assert again == "duplicate" or answer.status_code >= 500
    told = Counter(item["subject"] for item in cluster.log() if "/ended-" in item["subject"])
    assert (len(told), set(told.values())) == (60, {1})
    assert_sound(cluster.log())
    eventually(lambda: all_sent(cluster), 20, "all is on the stream")


def end_sessions_until(posted: "Future[Any]", database_url: str) -> None:
    """The server ends about a third of all sessions, again and again."""
    others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
    engine = connect(database_url)
    while not posted.done():
        with engine.connect() as connection:
            connection.execute(text(others + " and pid <> pg_backend_pid() and random() < 0.3"))
        wait([posted], 0.2)
    engine.dispose()


def taken(answer: httpx.Response) -> str | None:
    """Its outcome, once it is accepted."""
    return str(answer.json()["outcome"]) if answer.status_code in (200, 201) else None
