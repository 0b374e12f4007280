"""kill -9 of who sends, at every step and for every kind; and of who tries again after the doubt (guide, section 5).

Each message's sender is really at that step when the process is killed: the mail server or the process itself says so.
"""

from collections.abc import Iterator

import pytest

from services.notifications.app import MIGRATIONS
from services.notifications.domain.policy import KINDS
from tests.databases import DATABASES, migrated_on
from tests.integration.notifications.two_deaths import ONCE, RESENT_KINDS, STEPS, TWICE, Lives, Person, Seen, two_deaths

_AT_DEATH, _LEASES_OVER, _AT_SECOND_DEATH, _IN_THE_END = range(4)
_STORED = {"claimed": 0, "rcpt": 0, "intent": 0, "stored": 1, "answered": 1, "settled": 1}
"""Step -> mails that the server has by then."""
_DOUBT = ("intent", "stored", "answered")


@pytest.fixture(name="lives", scope="module", params=DATABASES)
def two_deaths_on(request: pytest.FixtureRequest) -> Iterator[Lives]:
    """Lived through once for all tests of a database."""
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        yield from two_deaths(engine)


def in_the_end(step: str, kind: str) -> Seen:
    """Of a message whose first sender was killed at this step."""
    if step == "settled":
        return Seen(1, "sent", attempts=1, crashes=0, doubts=0)
    if step not in _DOUBT:
        return Seen(1, "sent", attempts=2, crashes=1, doubts=0)
    if kind in RESENT_KINDS:
        return Seen(_STORED[step] + 1, "sent", attempts=2, crashes=1, doubts=1)
    return Seen(_STORED[step], "unknown", attempts=1, crashes=1, doubts=1)


def after_a_second_death(step: str) -> Seen:
    """Of a message in doubt, once stored, whose second copy's sender was killed at this step."""
    if step == "settled":
        return Seen(2, "sent", attempts=2, crashes=1, doubts=1)
    if step not in _DOUBT:
        return Seen(2, "sent", attempts=3, crashes=2, doubts=1)
    return Seen(1 + _STORED[step], "unknown", attempts=2, crashes=2, doubts=2, call_reason="in-doubt")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_f01_killed_at_a_step_nothing_is_lost_and_twice_is_only_what_was_in_doubt(
    lives: Lives, step: str, kind: str
) -> None:
    person, status = Person(kind, step), "sent" if step == "settled" else "sending"
    in_doubt = Seen(_STORED[step], "unknown", attempts=1, crashes=1, doubts=1)
    assert lives.seen[_AT_DEATH][person] == Seen(_STORED[step], status, attempts=1, crashes=0, doubts=0)
    assert lives.seen[_LEASES_OVER][person] == (in_doubt if step in _DOUBT else in_the_end(step, kind))
    assert lives.seen[_IN_THE_END][person] == in_the_end(step, kind)


@pytest.mark.parametrize("kind", RESENT_KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_f01_killed_again_after_the_doubt_there_is_never_a_third_copy_and_a_second_doubt_is_called(
    lives: Lives, step: str, kind: str
) -> None:
    person, status = Person(kind, "stored", step), "sent" if step == "settled" else "sending"
    assert lives.seen[_LEASES_OVER][person] == Seen(1, "unknown", attempts=1, crashes=1, doubts=1)
    assert lives.seen[_AT_SECOND_DEATH][person] == Seen(1 + _STORED[step], status, attempts=2, crashes=1, doubts=1)
    assert lives.seen[_IN_THE_END][person] == after_a_second_death(step)


def test_f01_every_copy_carries_the_message_id_that_its_row_had_before_the_first_attempt(lives: Lives) -> None:
    copies = lives.copies()
    carried = {person: set(copies[person.address]) for person in ONCE + TWICE if person.address in copies}
    silent = {Person(kind, "intent") for kind in KINDS if kind not in RESENT_KINDS}
    assert carried == {person: {lives.ids[person]} for person in {*ONCE, *TWICE} - silent}
    assert len(lives.mails.mails) == sum(seen.copies for seen in lives.seen[_IN_THE_END].values())
