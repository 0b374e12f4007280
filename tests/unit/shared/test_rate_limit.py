"""Events a minute and key: an even bucket, debts for batches, streams slowed down (contract section 2)."""

from dataclasses import dataclass

import pytest

from shared.errors import Refusal
from shared.http.rate_limit import Quota, RateLimit


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def quota(watch: Watch) -> Quota:
    """Sixty a minute: one a second."""
    return Quota(RateLimit(60, watch), "key")


def test_a_key_has_its_minute_at_once_and_no_more(quota: Quota) -> None:
    for _ in range(60):
        quota.enter()
    with pytest.raises(Refusal) as refused:
        quota.enter()
    assert refused.value.code == "rate-limited"
    assert quota.retry_after() == "1"


def test_a_refused_request_costs_nothing(quota: Quota, watch: Watch) -> None:
    quota.charge(60)
    for _ in range(100):
        with pytest.raises(Refusal):
            quota.enter()
    watch.seconds += 1
    quota.enter()


def test_the_bucket_fills_evenly_and_never_beyond_a_minute(quota: Quota, watch: Watch) -> None:
    quota.charge(60)
    watch.seconds += 30
    assert quota.headers()["RateLimit"] == '"events";r=30;t=30'
    watch.seconds += 3600
    assert quota.headers()["RateLimit"] == '"events";r=60;t=0'


def test_a_batch_larger_than_what_is_left_goes_into_debt(quota: Quota, watch: Watch) -> None:
    quota.enter()
    quota.charge(119)
    assert quota.headers() == {"RateLimit-Policy": '"events";q=60;w=60', "RateLimit": '"events";r=0;t=120'}
    assert quota.retry_after() == "61"
    watch.seconds += 60.5
    with pytest.raises(Refusal):
        quota.enter()
    watch.seconds += 0.5
    quota.enter()


def test_keys_do_not_see_one_another(watch: Watch) -> None:
    limit = RateLimit(60, watch)
    Quota(limit, "busy").charge(60)
    assert Quota(limit, "quiet").headers()["RateLimit"] == '"events";r=60;t=0'


async def test_a_stream_waits_until_something_is_left(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes here only by waiting."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        watch.seconds += seconds

    monkeypatch.setattr("shared.http.rate_limit.asyncio.sleep", sleep)
    quota = Quota(RateLimit(60, watch), "key")
    for _ in range(3):
        await quota.pace(60)
    assert waited == [1, 60]


def test_no_limit_says_nothing_and_refuses_nothing() -> None:
    quota = Quota(RateLimit(0), "key")
    for _ in range(1000):
        quota.enter()
    assert quota.headers() == {}
