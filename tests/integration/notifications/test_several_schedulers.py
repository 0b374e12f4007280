"""Several processes look for what is due over one database: each message is one's, and one of a sign-up at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update

from services.notifications.domain.policy import Policy
from services.notifications.tables import MessageRow
from services.notifications.usecases.claiming import Turn, take_turn
from shared.database import reading, table_of, transaction
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import EARLY, START, Story

_m = table_of(MessageRow).c
SIGNUPS = 60
ROUNDS = 6
NOW = START - timedelta(hours=23)


def all_due(engine: Engine) -> None:
    with transaction(engine) as connection:
        again = {"status": "scheduled", "due_at": EARLY, "lease_token": None, "lease_until": None, "attempts": 0}
        connection.execute(update(table_of(MessageRow)).values(**again, not_after=START))


def turn(engine: Engine, now: datetime) -> Turn:
    return take_turn(engine, now, 25, Policy(), lambda _message: None)


def sent_at_once(engine: Engine) -> int:
    """The most messages of one sign-up that are being sent now."""
    each = select(func.count().label("many")).where(_m.status == "sending").group_by(_m.signup).subquery()
    with reading(engine) as connection:
        return connection.execute(select(func.max(each.c.many))).scalar() or 0


def test_two_messages_of_a_sign_up_are_never_sent_at_once_and_none_twice(rig: Rig, story: Story) -> None:
    rig.apply(story.activity(), *(story.signup(f"s{number}") for number in range(SIGNUPS)))
    for _ in range(ROUNDS):
        all_due(rig.engine)
        with ThreadPoolExecutor(4) as pool:
            turns = list(pool.map(lambda _: turn(rig.engine, NOW), range(12)))
        taken = [assignment.message.id for one in turns for assignment in one.assignments]
        assert len(taken) == len(set(taken)) == SIGNUPS
        assert sent_at_once(rig.engine) == 1
