"""How long the log's head is held: a chunk asks the database as often for many posts as for few."""

from sqlalchemy import Engine, event

from services.registration.domain.results import Accepted
from services.registration.schemas.cloud_event import Door, read_post
from services.registration.usecases.record_events import record
from shared.database import transaction
from shared.http.keys import Caller
from tests.factories import (
    PARTNER,
    Json,
    activity,
    assignment,
    attendance,
    head_count,
    membership,
    outreach,
    participant,
    signup,
)
from tests.integration.registration.stream import NOON
from tests.servers import PERSON_KEY

KEY = PERSON_KEY.encode()
DOOR = Door(NOON, Caller("key", PARTNER, frozenset({"events:write"})), KEY)


def facts(first: int, last: int) -> list[Json]:
    """Of every kind that comes in numbers, about one activity."""
    found = []
    for number in range(first, last):
        who = participant(f"walks-in-{number}")
        found += [signup(f"s{number}"), attendance(participant=who), outreach(f"o{number}")]
        found += [assignment(f"a{number}"), membership(f"m{number}"), head_count(count_key=f"k{number}")]
    return found


def statements(engine: Engine, posted: list[Json]) -> int:
    """How many it takes to decide these in one chunk."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    with transaction(engine) as connection:
        recorded = record(connection, [read_post(DOOR, one) for one in posted], NOON, KEY)
    event.remove(engine, "before_cursor_execute", note)
    assert all(isinstance(result, Accepted) for result in recorded.results)
    return len(said)


def test_a_chunk_asks_as_often_for_many_posts_as_for_few(engine: Engine) -> None:
    statements(engine, [activity(), *facts(0, 1)])
    few = statements(engine, facts(1, 3))
    assert statements(engine, facts(3, 43)) == few
    attended = [attendance(signupId=f"s{number}", participant=None) for number in range(43)]
    assert statements(engine, attended[:2]) == statements(engine, attended[2:])
